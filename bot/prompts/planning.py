"""Which item a cohort gets: rotation's pure rules, fed from the stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.people import Cohort, ItemPolicy
from bot.ports.postings import PostingStore, Wish, WishKind
from bot.prompts.calendar import quiet_days
from bot.prompts.coverage import covered_days
from bot.prompts.item import Kind, Library, Status
from bot.prompts.rotation import Choice, Nothing, Pin, Used, Wishes, choose, pin_objections, preview
from bot.prompts.why import Refusal
from bot.rhythm import local_day

_AHEAD = timedelta(days=21)
PREVIEW_DAYS = 7
_FLOOR = {
    ItemPolicy.PREVIEW: Status.DRAFT,
    ItemPolicy.APPROVED_ONLY: Status.CLINICALLY_REVIEWED,
    ItemPolicy.OPEN: Status.DRAFT,
}


class Planner:
    """Chooses, previews and checks pins for one cohort at a time."""

    def __init__(self, library: Library, postings: PostingStore) -> None:
        self._library = library
        self._postings = postings

    async def choose(self, cohort: Cohort, day: date) -> Choice | Nothing:
        """Choose the item of the day."""
        history, wishes = await self._state(cohort, day)
        return choose(self._library.items, history, day, wishes)

    async def draw(self, cohort: Cohort, day: date, kind: Kind, seed: str) -> Choice | Nothing:
        """Draw an item that somebody asked for; another `seed` draws another."""
        history, wishes = await self._state(cohort, day, kind=kind, on_demand=True, seed=seed)
        return choose(self._library.items, history, day, wishes)

    async def preview(self, cohort: Cohort, first: date) -> list[tuple[date, Choice | Nothing]]:
        """Say what would be posted in the week from `first` on, on the cohort's own days."""
        history, wishes = await self._state(cohort, first)
        days = [first + timedelta(days=n) for n in range(PREVIEW_DAYS)]
        return preview(self._library.items, history, [day for day in days if day.weekday() in cohort.days], wishes)

    async def objections(self, cohort: Cohort, day: date, item_id: str) -> tuple[Refusal, ...]:
        """Say what a pin would break."""
        history, wishes = await self._state(cohort, day)
        return pin_objections(self._library.items, history, day, wishes, item_id)

    async def _state(
        self, cohort: Cohort, day: date, *, kind: Kind | None = None, on_demand: bool = False, seed: str = ""
    ) -> tuple[Sequence[Used], Wishes]:
        history = [
            Used(posting.item_id, posting.day, posting.on_demand) for posting in await self._postings.history(cohort.id)
        ]
        wished = await self._postings.wishes(cohort.id)
        return history, Wishes(
            kind=kind,
            on_demand=on_demand,
            pinned=tuple(_pins(wished)),
            skipped={w.item_id: w.day for w in wished if w.kind is WishKind.SKIP and w.day is not None},
            retired=frozenset(w.item_id for w in wished if w.kind is WishKind.RETIRE),
            locales=frozenset({"en", cohort.locale}),
            status_floor=_FLOOR[cohort.item_policy],
            posting_days=cohort.days,
            quiet_days=quiet_days(cohort, day - _AHEAD, day + _AHEAD),
            paused_until=local_day(cohort.paused_until, cohort.zone) if cohort.paused_until else None,
            # Heavy items need somebody there; a cohort that never said when its supervisors are gets none.
            covered_days=covered_days(cohort.coverage_hours),
            started=cohort.created_on,
            seed=f"{cohort.id}/{seed}" if seed else cohort.id,
        )


def _pins(wished: Sequence[Wish]) -> list[Pin]:
    kinds = (WishKind.PIN, WishKind.PIN_ANYWAY)
    return [Pin(w.item_id, w.day, confirmed=w.kind is WishKind.PIN_ANYWAY) for w in wished if w.kind in kinds]
