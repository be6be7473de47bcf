"""Which item a cohort gets: rotation's pure rules, fed from the stores."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.people import Cohort, ItemPolicy
from bot.ports.plans import Arrangement, ArrangementKind, PlanStore
from bot.ports.postings import Posting, PostingStore, Wish, WishKind
from bot.ports.responses import ResponseStore
from bot.prompts.calendar import quiet_days
from bot.prompts.course import Placed, place
from bot.prompts.coverage import covered_days
from bot.prompts.item import HoldFlag, Item, Kind, Library, Season, Status
from bot.prompts.rotation import (
    Choice,
    Nothing,
    Pin,
    Request,
    SeasonRange,
    Shown,
    Used,
    Wishes,
    choose,
    pin_objections,
    preview,
)
from bot.prompts.shelf import Shelf
from bot.prompts.turnout import BEFORE, LATELY, is_quiet
from bot.prompts.why import Reason, Refusal, Remark, Source, Why
from bot.rhythm import local_day

_AHEAD = timedelta(days=21)
PREVIEW_DAYS = 7

TOO_LATE = "too_late"
"""Marks what was shown only when it was due: it stays on its card, and does not go out by itself."""


@dataclass(frozen=True, slots=True)
class _State:
    """All that rotation wants to know of a cohort on a day."""

    items: Sequence[Item]
    history: Sequence[Used]
    wishes: Wishes
    course: Mapping[date, Placed]

    def taught(self, outcome: Choice | Nothing) -> Choice | Nothing:
        """Put the day's place in the curriculum into the record of a choice."""
        if not isinstance(outcome, Choice):
            return outcome
        placed = self.course.get(outcome.why.day)
        return replace(outcome, why=replace(outcome.why, lesson=placed.lesson if placed else None))


class Planner:
    """Chooses, previews and checks pins for one cohort at a time."""

    def __init__(
        self, library: Library, shelf: Shelf, postings: PostingStore, plans: PlanStore, responses: ResponseStore
    ) -> None:
        self._library = library
        self._shelf = shelf
        self._postings = postings
        self._plans = plans
        self._responses = responses

    async def choose(self, cohort: Cohort, day: date) -> Choice | Nothing:
        """Choose the item of the day, of those that the cohort's policy lets out by themselves."""
        state = await self._state(cohort, day)
        outcome = state.taught(choose(state.items, state.history, day, state.wishes))
        if isinstance(outcome, Choice) and cohort.item_policy is ItemPolicy.PREVIEW and not _was_seen(outcome.why):
            return Nothing(day, Reason.NOT_SHOWN, notes=outcome.why.notes)
        return outcome

    async def draw(self, cohort: Cohort, day: date, kind: Kind, seed: str) -> Choice | Nothing:
        """Draw an item that somebody asked for; another `seed` draws another."""
        state = await self._state(cohort, day, kind=kind, on_demand=True, seed=seed)
        return choose(state.items, state.history, day, state.wishes)

    async def preview(
        self, cohort: Cohort, first: date, last: date | None = None, *, candidates: bool = False
    ) -> list[tuple[date, Choice | Nothing]]:
        """Say what would be posted from `first` to `last` (a week, if not given), on the cohort's own days.

        With `candidates`, also what would come if supervisors approved it.
        """
        state = await self._state(cohort, first, candidates=candidates)
        count = PREVIEW_DAYS if last is None else (last - first).days + 1
        days = [first + timedelta(days=n) for n in range(count)]
        days = [day for day in days if day.weekday() in cohort.days]
        coming = preview(state.items, state.history, days, state.wishes)
        return [(day, state.taught(outcome)) for day, outcome in coming]

    async def objections(self, cohort: Cohort, day: date, item_id: str) -> tuple[Refusal, ...]:
        """Say what a pin would break."""
        state = await self._state(cohort, day)
        return pin_objections(state.items, state.history, day, state.wishes, item_id)

    async def course(self, cohort: Cohort, day: date) -> Mapping[date, Placed]:
        """Say where the coming three weeks stand in the cohort's curriculum; empty without one."""
        return (await self._state(cohort, day)).course

    async def _state(
        self,
        cohort: Cohort,
        day: date,
        *,
        kind: Kind | None = None,
        on_demand: bool = False,
        seed: str = "",
        candidates: bool = False,
    ) -> _State:
        postings = await self._postings.history(cohort.id)
        wished = await self._postings.wishes(cohort.id)
        arranged = await self._plans.arranged(cohort.id)
        only_approved = cohort.item_policy is ItemPolicy.APPROVED_ONLY and not candidates
        wishes = Wishes(
            kind=kind,
            on_demand=on_demand,
            pinned=tuple(_pins(wished)),
            shown=await self._shown(cohort, day),
            requests=tuple(Request(theme=each.subject) for each in _of(arranged, ArrangementKind.REQUEST)),
            skipped={w.item_id: w.day for w in wished if w.kind is WishKind.SKIP and w.day is not None},
            retired=frozenset(w.item_id for w in wished if w.kind is WishKind.RETIRE),
            approved=frozenset(w.item_id for w in wished if w.kind is WishKind.APPROVE),
            locales=frozenset({"en", cohort.locale}),
            status_floor=Status.CLINICALLY_REVIEWED if only_approved else Status.DRAFT,
            holds=frozenset(HoldFlag(each.subject) for each in _of(arranged, ArrangementKind.HOLD)),
            seasons=tuple(
                SeasonRange(Season(each.subject), each.first, each.last)
                for each in _of(arranged, ArrangementKind.SEASON)
                if each.last is not None
            ),
            posting_days=cohort.days,
            quiet_days=quiet_days(cohort, day - _AHEAD, day + _AHEAD),
            paused_until=local_day(cohort.paused_until, cohort.zone) if cohort.paused_until else None,
            # Heavy items need somebody there; a cohort that never said when its supervisors are gets none.
            covered_days=covered_days(cohort.coverage_hours),
            is_quiet=await self._is_quiet(postings),
            started=cohort.created_on,
            seed=f"{cohort.id}/{seed}" if seed else cohort.id,
        )
        posted = {each.day for each in postings if not each.on_demand}
        course = await self._course(cohort, day, posted, wishes)
        slots = {when: placed.slot for when, placed in course.items() if placed.slot is not None}
        return _State(
            (await self._shelf.of(cohort.id)).items,
            [Used(each.item_id, each.day, each.on_demand) for each in postings],
            replace(wishes, slots=slots),
            course,
        )

    async def _shown(self, cohort: Cohort, day: date) -> dict[date, Shown]:
        if cohort.item_policy is ItemPolicy.OPEN:
            return {}
        shown = await self._plans.shown(cohort.id, day)
        return {each.day: Shown(each.item_id, Why.from_dict(each.why)) for each in shown if not each.why.get(TOO_LATE)}

    async def _course(
        self, cohort: Cohort, day: date, posted: Collection[date], wishes: Wishes
    ) -> Mapping[date, Placed]:
        enrolment = await self._plans.enrolment(cohort.id)
        if enrolment is None:
            return {}
        try:
            sequence = self._library.sequence(enrolment.sequence_id)
        except KeyError:
            return {}  # its file is gone: the pool goes on

        def expected(when: date) -> bool:
            return wishes.posts_on(when) and not (wishes.paused_until and when < wishes.paused_until)

        return place(sequence, enrolment, day, day + _AHEAD, posted, expected)

    async def _is_quiet(self, postings: Sequence[Posting]) -> bool:
        daily = [each.id for each in postings if not each.on_demand and each.message is not None]
        return is_quiet(await self._responses.turnout(daily[-LATELY - BEFORE :]))


def _was_seen(why: Why) -> bool:
    """Whether supervisors were shown a choice, or made it themselves."""
    return why.source is Source.PINNED or any(note.remark is Remark.SHOWN_BEFORE for note in why.notes)


def _of(arranged: Sequence[Arrangement], kind: ArrangementKind) -> list[Arrangement]:
    return [each for each in arranged if each.kind is kind]


def _pins(wished: Sequence[Wish]) -> list[Pin]:
    kinds = (WishKind.PIN, WishKind.PIN_ANYWAY)
    return [Pin(w.item_id, w.day, confirmed=w.kind is WishKind.PIN_ANYWAY) for w in wished if w.kind in kinds]
