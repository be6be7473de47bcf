"""What supervisors press under a day of the week ahead. The button names the day and the item that she read."""

from __future__ import annotations

from bot.cards import Card
from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import Caller, Role
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.plans import PlanStore
from bot.ports.postings import PostingStore, Wish, WishKind
from bot.ports.words import Words
from bot.prompts.prompts import Prompts
from bot.prompts.shelf import Shelf
from bot.prompts.week_ahead import WeekAhead, is_marked, parse_day_subject
from bot.rhythm import local_day


class WeekActs:
    """Approve, swap, skip, and post what was shown too late to go out by itself."""

    def __init__(
        self,
        prompts: Prompts,
        week: WeekAhead,
        shelf: Shelf,
        cohorts: Cohorts,
        postings: PostingStore,
        plans: PlanStore,
        audit: AuditStore,
        words: Words,
        clock: Clock,
    ) -> None:
        self._prompts = prompts
        self._week = week
        self._shelf = shelf
        self._cohorts = cohorts
        self._postings = postings
        self._plans = plans
        self._audit = audit
        self._words = words
        self._clock = clock

    async def act(self, caller: Caller, act: str, subject: str) -> Card:
        """Do what a button of a day's card says: `approve`, `swap`, `skip` or `post`."""
        parsed = parse_day_subject(subject)
        if parsed is None:
            raise NotFound
        cohort_id, day, mark = parsed
        cohort = await self._cohorts.known(cohort_id)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        today = local_day(self._clock.now(), cohort.zone)
        out = any(p.day == day and not p.on_demand for p in await self._postings.history(cohort.id, day))
        shown = [each for each in await self._plans.shown(cohort.id, today) if each.day == day]
        if out or not shown:
            raise BadInput("prompts.week.past")
        item_id = shown[0].item_id
        if not is_marked(mark, item_id):
            # Another supervisor was quicker, or the same one pressed twice: she has not read what stands here now.
            raise BadInput("prompts.week.other", title=(await self._shelf.item(cohort.id, item_id)).title)
        match act:
            case "swap" | "skip":
                return await self._prompts.instead(caller, cohort, act, item_id, day)
            case "post":
                return await self._prompts.post_now(caller, cohort.id, item_id)
            case "approve":
                await self._postings.wish(Wish(cohort.id, item_id, WishKind.APPROVE))
                await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, "approve", item_id))
                await self._week.again(cohort, day)
                locale = cohort.heard_by(caller).locale
                title = (await self._shelf.item(cohort.id, item_id)).title
                return Card(self._words.say("prompts.week.approve_done", locale, title=title))
            case _:
                raise NotFound
