"""Each person's home in the app: today's item, her responses, sessions, settings; and what supervisors look after.

It is drawn anew whenever she opens it and after everything that she does there. A part that cannot be shown now is left
out; the others stand.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Button, Card
from bot.errors import ThirdChairError
from bot.people import Caller, Cohort, Role
from bot.platforms.slack import render
from bot.platforms.slack.desk import Desk

Json = dict[str, Any]


class Home:
    """Draws homes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, team: str, user: str) -> None:
        """Draw somebody's home. Raises MessengerError."""
        caller, profile = await self._desk.caller(team, user)
        chosen = await self._desk.house.privacy.language_of(caller)
        locale = chosen or profile.locale
        caller = Caller(caller.member, caller.workspace, caller.roles, caller.manages_workspace, chosen)
        cards = await self._cards(caller, locale)
        people, groups = render.people_in(*cards)
        names = await self._desk.people.names(team, people, groups)
        laid_out: list[Json] = []
        for card in cards:
            if laid_out:
                laid_out.append({"type": "divider"})
            laid_out += render.blocks(card, names)
        view = {"type": "home", "blocks": laid_out[: render.VIEW_BLOCKS]}

        async def publish(client: AsyncWebClient) -> Any:
            return await client.views_publish(user_id=user, view=view)

        await self._desk.asking.ask(team, publish, effect=True)

    async def _cards(self, caller: Caller, locale: str) -> list[Card]:
        say, house = self._desk.words.say, self._desk.house
        cohorts = await house.cohorts.of_member(caller)
        cards: list[Card] = []
        for cohort in cohorts:
            cards += await self._of_cohort(caller, cohort, locale)
        if not cohorts:
            body = say("slack.home.manager" if caller.manages_workspace else "slack.home.stranger", locale)
            cards.append(Card(body, title=say("slack.home.title", locale)))
        cards += await self._part(lambda: _one(house.privacy.show(caller)))
        cards.append(Card(say("slack.home.help", locale)))
        return cards

    async def _of_cohort(self, caller: Caller, cohort: Cohort, locale: str) -> list[Card]:
        say, house = self._desk.words.say, self._desk.house
        cards = [Card(say("slack.home.cohort", locale), title=cohort.name)]
        supervises = cohort.role_of(caller) is Role.SUPERVISOR
        if supervises:
            # Somebody may be waiting, so this stands where it is seen without scrolling.
            cards += await self._part(lambda: _one(house.care.waiting(caller, cohort)))
            cards += await self._part(lambda: _one(house.moderation.flagged(caller, cohort)))
        standing = await house.prompts.standing(caller, cohort)
        if standing is None:
            cards.append(Card(say("slack.home.no_item", locale)))
        else:
            posting_id, card = standing
            cards.append(card)
            if cohort.role_of(caller) is Role.TRAINEE:
                cards += await self._part(lambda: house.responses.mine(caller, posting_id))
        cards += await self._part(lambda: _one(house.supervision.list(caller, cohort.channel)))
        if supervises:
            cards += await self._part(lambda: self._week(caller, cohort, locale))
        return cards

    async def _week(self, caller: Caller, cohort: Cohort, locale: str) -> Sequence[Card]:
        """The week ahead, a line a day; the button shows it whole."""
        days = await self._desk.house.prompts.preview(caller, cohort.channel)
        lines = "\n".join(f"- {card.title}: {card.body.partition(chr(10))[0]}" for card in days)
        whole = Button("week", cohort.id, self._desk.words.say("slack.home.whole_week", locale))
        return (Card(lines, self._desk.words.say("slack.home.week", locale), buttons=(whole,)),)

    async def _part(self, make: Callable[[], Awaitable[Sequence[Card]]]) -> list[Card]:
        try:
            return list(await make())
        except ThirdChairError:
            return []


async def _one(card: Awaitable[Card]) -> Sequence[Card]:
    return (await card,)
