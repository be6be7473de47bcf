"""A whole house on a real database with a messenger that remembers, for tests of what the features do together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.cards import Button, Card
from bot.cohorts.form import SetupForm
from bot.errors import CannotReach, PlaceGone
from bot.people import Caller, Cohort, Member, MessageRef, Place, Platform, Workspace
from bot.ports.messenger import Trouble
from bot.ports.postings import Posting
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.keys import FileKeys
from bot.storage.stores import Stores
from bot.wiring import Contents, Works, build, read_contents

HERE = Workspace(Platform.DISCORD, "1000")
CHANNEL = Place(HERE, "2001")
SUPERVISORS = Place(HERE, "2002")
TRAINEE, SUPERVISOR = "3001", "3002"
MONDAY = datetime(2026, 11, 23, 8, 59, 58, tzinfo=UTC)  # two seconds before the cohort's daily prompt in London

FORM = SetupForm(
    name="Second years",
    channel=CHANNEL.id,
    supervisors_channel=SUPERVISORS.id,
    supervisor_role=SUPERVISOR,
    trainee_role=TRAINEE,
    zone="Europe/London",
    time="09:00",
    country="GB",
    site_protocol="Ring the duty desk.",
    on_call="Duty desk, extension 204",
    coverage_hours="weekdays",
    item_policy="open",
)


def person(number: int, *roles: str, manages: bool = False) -> Caller:
    """Make somebody in the workspace with these roles."""
    return Caller(Member(Platform.DISCORD, f"77000000000000{number:04}"), HERE, frozenset(roles), manages)


AMARA, BENCE, CHIOMA = (person(n, TRAINEE) for n in (1, 2, 3))
INGRID = person(9, SUPERVISOR, manages=True)
STRANGER = person(50)


class MovedClock:
    """A clock that moves when it is told."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **step: float) -> None:
        self._now += timedelta(**step)


@dataclass(slots=True)
class Standing:
    """A message as it stands."""

    ref: MessageRef
    card: Card
    key: str


class Died(BaseException):
    """The process is gone at this point: nothing after it runs."""


@dataclass
class MemoryMessenger:
    """A platform in memory. `faults` are raised by the named method, in order; ("post", error, True) after its effect.

    With `die_at` n the n-th call of any method ends the process, before its effect or, for odd n, after.
    """

    messages: list[Standing] = field(default_factory=list)
    directs: list[tuple[Member, Card]] = field(default_factory=list)
    threads: dict[MessageRef, Place] = field(default_factory=dict)
    locked: set[Place] = field(default_factory=set)
    closed_doors: set[Member] = field(default_factory=set)
    roles: dict[Member, set[str]] = field(default_factory=dict)
    faults: list[tuple[str, BaseException, bool]] = field(default_factory=list)
    die_at: int | None = None
    calls: int = 0
    _ids: count[int] = field(default_factory=lambda: count(9001))

    def in_place(self, place: Place) -> list[Standing]:
        return [m for m in self.messages if m.ref.place == place]

    def everything(self) -> str:
        return repr([(m.ref, m.card) for m in self.messages]) + repr([card for _, card in self.directs])

    async def post(self, place: Place, card: Card, *, key: str) -> MessageRef:
        assert len(key) <= 25
        assert all(c.isalnum() or c == "-" for c in key)
        late = self._fault("post")
        ref = MessageRef(place, str(next(self._ids)))
        self.messages.append(Standing(ref, card, key))
        self._raise(late)
        return ref

    async def find(self, place: Place, key: str) -> MessageRef | None:
        self._raise(self._fault("find"))
        return next((m.ref for m in self.messages if m.ref.place == place and m.key == key), None)

    async def edit(self, ref: MessageRef, card: Card, *, key: str | None = None) -> None:
        late = self._fault("edit")
        self._at(ref).card = card
        self._raise(late)

    async def delete(self, ref: MessageRef) -> None:
        late = self._fault("delete")
        self.messages = [m for m in self.messages if m.ref != ref]
        self._raise(late)

    async def open_thread(self, ref: MessageRef, title: str) -> Place:
        late = self._fault("open_thread")
        self._at(ref)
        thread = self.threads.setdefault(ref, Place(ref.place.workspace, f"t{ref.id}"))
        self._raise(late)
        return thread

    async def set_thread_locked(self, thread: Place, locked: bool, *, locale: str = "en") -> None:
        self._raise(self._fault("set_thread_locked"))
        (self.locked.add if locked else self.locked.discard)(thread)

    async def direct(self, member: Member, card: Card, *, key: str) -> None:
        self._raise(self._fault("direct"))
        if member in self.closed_doors:
            raise CannotReach
        self.directs.append((member, card))

    async def troubles(self, place: Place, *, threads: bool) -> Sequence[Trouble]:
        self._raise(self._fault("troubles"))
        return ()

    async def supervises(self, workspace: Workspace, member: Member, role: str) -> bool:
        return role in self.roles.get(member, set())

    def _at(self, ref: MessageRef) -> Standing:
        found = next((m for m in self.messages if m.ref == ref), None)
        if found is None:
            raise PlaceGone
        return found

    def _fault(self, method: str) -> BaseException | None:
        self.calls += 1
        if self.die_at is not None and self.calls >= self.die_at:
            if self.calls > self.die_at or self.die_at % 2 == 0:
                raise Died
            return Died()
        for index, (name, error, after) in enumerate(self.faults):
            if name == method:
                del self.faults[index]
                if after:
                    return error
                raise error
        return None

    @staticmethod
    def _raise(late: BaseException | None) -> None:
        if late is not None:
            raise late


@dataclass
class Stage:
    """The house with everything a test looks at."""

    works: Works
    messenger: MemoryMessenger
    clock: MovedClock
    stores: Stores
    keys: FileKeys
    cohort: Cohort

    async def morning(self) -> Posting:
        """Let the daily prompt come; return its posting."""
        self.clock.advance(seconds=5)
        await self.works.rounds.go_round()
        posting = await self.stores.postings.latest(self.cohort.id)
        assert posting is not None
        return posting

    async def set(self, **changes: object) -> None:
        """Change the cohort behind the scenes."""
        daily = await self.stores.due.get(f"daily-{self.cohort.id}")
        assert daily is not None
        self.cohort = replace(self.cohort, **changes)  # type: ignore[arg-type]
        await self.stores.cohorts.save(self.cohort, daily)


_contents: list[Contents] = []


def contents() -> Contents:
    """Read the shipped content once a worker."""
    if not _contents:
        _contents.append(read_contents(Settings()))
    return _contents[0]


@asynccontextmanager
async def stage(
    database: Database, folder: Path, clock: MovedClock | None = None, form: SetupForm = FORM
) -> AsyncIterator[Stage]:
    """Build a house over `database` with one cohort set up by Ingrid."""
    clock = clock or MovedClock()
    stores, keys, messenger = Stores.on(database), FileKeys(folder / "keys"), MemoryMessenger()
    works = build(contents(), stores, keys, clock, messenger)
    done = await works.house.cohorts.setup(INGRID, form, "setup-1")
    messenger.messages.clear()  # how it works here, told to members
    yield Stage(works, messenger, clock, stores, keys, done.cohort)


def buttons(card: Card) -> dict[str, Button]:
    """Index a card's buttons by action."""
    return {button.action: button for button in card.buttons}
