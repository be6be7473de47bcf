"""Where a dialogue takes place: a venue with a cohort in it, its clock, and what each person sees."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cohorts.form import SetupForm
from bot.people import Caller, Cohort, Place
from bot.ports.postings import Posting
from tests.conversations.dialogue import DM, THREAD, Dialogue
from tests.conversations.venue import DAILY, SUPERVISORS, Said, Venue

ZONE = ZoneInfo("Europe/London")
FORM = SetupForm(
    name="Second years",
    channel="",
    supervisors_channel="",
    supervisor_role="",
    trainee_role="",
    zone="Europe/London",
    time="09:00",
    country="GB",
    site_protocol="Ring the duty desk.",
    on_call="Duty desk, extension 204",
    coverage_hours="weekdays",
    item_policy="open",
)


class Scene:
    """A venue with a cohort in it."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.cohort: Cohort | None = None

    def with_(self, name: str) -> Dialogue:
        """Begin a dialogue with somebody."""
        return Dialogue(self).with_(name)

    def caller(self, name: str, *roles: str, manages: bool = False) -> Caller:
        """Say who somebody is, for what a test does behind the doors."""
        ids = frozenset(str(self.venue.roles[role]) for role in roles)
        return Caller(self.venue.member(name), self.venue.workspace, ids, manages)

    def place(self, name: str) -> Place:
        return Place(self.venue.workspace, str(self.venue.channels[name]))

    async def set_up(self, **changes: str) -> Cohort:
        """Let Ingrid set the cohort up, not by a dialogue."""
        ids = {
            "channel": str(self.venue.channels[DAILY]),
            "supervisors_channel": str(self.venue.channels[SUPERVISORS]),
            "supervisor_role": str(self.venue.roles["supervisor"]),
            "trainee_role": str(self.venue.roles["trainee"]),
        }
        form = SetupForm(**{**{name: getattr(FORM, name) for name in FORM.__slots__}, **ids, **changes})
        ingrid = self.caller("Ingrid", "supervisor", manages=True)
        done = await self.venue.built.house.cohorts.setup(ingrid, form, f"set-up-{form.name}")
        self.cohort = done.cohort
        await self.venue.settle()
        return done.cohort

    async def goes_to(self, moment: str) -> None:
        """Move on to a moment on London's clocks, such as 2026-11-24 09:00."""
        wanted = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
        await self.venue.pass_time((wanted - self.venue.clock.now()).total_seconds())

    async def morning(self) -> Posting:
        """Move on to Monday's prompt."""
        await self.goes_to("2026-11-23 09:00")
        return await self.posting()

    async def posting(self) -> Posting:
        """The cohort's latest posting."""
        assert self.cohort is not None
        posting = await self.venue.built.stores.postings.latest(self.cohort.id)
        assert posting is not None
        return posting

    def thread(self) -> int:
        """The newest thread of the daily channel."""
        threads = self.venue.threads(DAILY)
        assert threads, "no thread was opened"
        return threads[-1]

    def where(self, person: str, place: str) -> int:
        """Find a place as people call it."""
        if place == THREAD:
            return self.thread()
        return self.venue.dm(person) if place == DM else self.venue.channels[place]

    def in_thread(self, number: int = -1) -> list[Said]:
        """The bot's own messages in a thread, oldest first."""
        thread = self.venue.threads(DAILY)[number]
        return [m for m in self.venue.standing("Ingrid", thread) if m.by_bot and m.title]

    def alias(self, words: str, number: int = -1) -> str:
        """The alias above some words in a thread."""
        return next(m.title for m in self.in_thread(number) if words in m.text)

    def screen(self, person: str) -> str:
        """All that somebody can see, wherever it stands."""
        return "\n".join(
            f"[{where}] {m.text}" + "".join(f" <{label}>" for label, _ in m.buttons) for where, m in self._seen(person)
        )

    def newest_with(self, person: str, label: str, on: str = "") -> tuple[Said, str]:
        """Find the newest message on somebody's screen with this button; `on` are words that stand in it."""
        found = [
            (message, custom_id)
            for _, message in self._seen(person)
            if (custom_id := message.button(label)) is not None and on in message.text
        ]
        if not found:
            raise AssertionError(f"there is no button “{label}”" + (f" on “{on}”" if on else ""))
        return max(found, key=lambda pair: pair[0].id)

    def _seen(self, person: str) -> list[tuple[str, Said]]:
        venue = self.venue
        places = [*venue.channels.items()]
        for name in venue.channels:
            places += [(f"thread in {name}", thread) for thread in venue.threads(name)]
        places.append((DM, venue.dm(person)))
        seen = [(name, message) for name, place in places for message in venue.standing(person, place)]
        return seen + [("only you", message) for message in venue.private(person)]
