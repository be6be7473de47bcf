"""What people may do with supervision sessions: supervisors plan and end them, everybody sees and snoozes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.cards import Card
from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import Caller, Cohort, Place
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.cohorts import MemberStore
from bot.ports.duties import DueTable
from bot.ports.sessions import SessionStore, SupervisionSession
from bot.ports.words import Words
from bot.rhythm import Rule, every_weeks, local_day
from bot.supervision.reminding import meets_at, next_start, personal, reminders_of
from bot.supervision.when import clock_change, parse_day, parse_time
from bot.supervision.wording import LAST_CALL, SNOOZES, SessionWords

LONGEST_TITLE = 80
LONGEST_WHERE = 200
SHORTEST, LONGEST = 10, 480
MOST_SESSIONS = 25
EVERY = {"week": 1, "two weeks": 2, "once": 0}


class Supervision:
    """The use cases around supervision sessions."""

    def __init__(
        self,
        cohorts: Cohorts,
        sessions: SessionStore,
        members: MemberStore,
        due: DueTable,
        audit: AuditStore,
        words: Words,
        clock: Clock,
    ) -> None:
        self._cohorts = cohorts
        self._sessions = sessions
        self._members = members
        self._due = due
        self._audit = audit
        self._words = words
        self._clock = clock
        self._cards = SessionWords(words)

    async def add(
        self,
        caller: Caller,
        place: Place,
        title: str,
        every: str,
        date_text: str,
        time_text: str,
        minutes: int,
        where: str,
        token: str,
    ) -> Card:
        """Plan a session or a series, with reminders a day and an hour before.

        `every` is one of `EVERY`; date and time are read by `bot.supervision.when` on the cohort's clocks. The same
        `token` twice is one session. Raises NotAllowed, and BadInput whose `field` names what to mend.
        """
        cohort = await self._cohorts.supervised(caller, place)
        locale = await self._locale(caller, cohort)
        now = self._clock.now()
        ident = sha256(f"session/{cohort.id}/{token}".encode()).hexdigest()[:16]
        session = await self._sessions.get(ident)
        if session is None:
            rule = self._rule(cohort, every, date_text, time_text, now)
            session = SupervisionSession(
                ident,
                cohort.id,
                _within(title, LONGEST_TITLE, "title", required=True),
                rule,
                _minutes(minutes),
                _within(where, LONGEST_WHERE, "where"),
            )
            await self._make_room(cohort, now)
            await self._sessions.save(session, reminders_of(session, now))
            await self._note(caller, cohort, "add session", session.id)
        return self._added(session, now, locale)

    async def list(self, caller: Caller, place: Place) -> Card:
        """Show a member of the cohort which sessions are coming, the next one first."""
        cohort = await self._belonging(caller, await self._cohorts.of(caller, place))
        locale = await self._locale(caller, cohort)
        coming = await self._coming(cohort)
        if not coming:
            return Card(self._words.say("supervision.none", locale), self._words.say("supervision.title", locale))
        fields = []
        for start, session in coming:
            moment = self._words.say("supervision.next", locale, moment=self._cards.moment(session, start, locale))
            lines = [self._cards.rhythm(session, locale), moment, *self._cards.details(session, locale)]
            fields.append((session.title, "\n".join(lines)))
        wants = caller.member in await self._members.wanting_dm(cohort.id)
        footer = self._words.say(f"supervision.dm.{'wanted' if wants else 'unwanted'}", locale)
        body = self._words.say("supervision.coming", locale, count=len(fields))
        return Card(body, self._words.say("supervision.title", locale), tuple(fields), footer)

    async def end(self, caller: Caller, session_id: str) -> Card:
        """End a session or a series with all its reminders. Raises NotAllowed, NotFound."""
        session, cohort = await self._known(caller, session_id)
        await self._cohorts.supervised(caller, cohort.channel)
        locale = await self._locale(caller, cohort)
        if await self._sessions.end(session.id):
            await self._note(caller, cohort, "end session", session.id)
        return Card(self._words.say("supervision.ended", locale, title=session.title))

    async def choices(self, caller: Caller, place: Place) -> Sequence[tuple[str, str]]:
        """Offer the coming sessions as (id, text of at most 100 characters); none to whoever is not in the cohort."""
        cohort = await self._cohorts.of(caller, place)
        if cohort.role_of(caller) is None:
            return []
        locale = await self._locale(caller, cohort)
        return [
            (session.id, f"{session.title[:40]} · {self._cards.moment(session, start, locale)}"[:100])
            for start, session in await self._coming(cohort)
        ]

    async def set_dm(self, caller: Caller, place: Place, wanted: bool) -> Card:
        """Have this cohort's reminders copied to the caller by direct message, or no longer."""
        cohort = await self._belonging(caller, await self._cohorts.of(caller, place))
        await self._members.set_dm(cohort.id, caller.member, wanted)
        locale = await self._locale(caller, cohort)
        return Card(self._words.say(f"supervision.dm.{'turned_on' if wanted else 'turned_off'}", locale))

    async def snooze(self, caller: Caller, session_id: str, epoch: int, minutes: int) -> Card:
        """Remind the caller alone once more, `minutes` from now, of the meeting that begins at `epoch` (Unix seconds).

        It comes a few minutes before the session at the latest. Raises NotAllowed, NotFound.
        """
        session, cohort = await self._known(caller, session_id)
        await self._belonging(caller, cohort)
        start = _instant(epoch)
        if minutes not in SNOOZES or start is None or not meets_at(session, start):
            raise NotFound
        locale = await self._locale(caller, cohort)
        now = self._clock.now()
        at = min(now + timedelta(minutes=minutes), start - LAST_CALL)
        if at <= now:
            return Card(self._words.say("supervision.snooze.too_late", locale, title=session.title))
        await self._due.put(personal("snooze", session, caller.member, at, start))
        clock = self._cards.clock(session, at, locale)
        return Card(self._words.say("supervision.snooze.set", locale, title=session.title, clock=clock))

    def _rule(self, cohort: Cohort, every: str, date_text: str, time_text: str, now: datetime) -> Rule:
        if every not in EVERY:
            raise BadInput("supervision.bad.every", field="every")
        day = parse_day(date_text, local_day(now, cohort.zone))
        starts = datetime.combine(day, parse_time(time_text))
        rule = every_weeks(EVERY[every], starts, cohort.zone) if EVERY[every] else Rule(None, cohort.zone, starts)
        if starts.replace(tzinfo=ZoneInfo(cohort.zone)).astimezone(UTC) <= now:
            raise BadInput("supervision.bad.past", field="date")
        return rule

    def _added(self, session: SupervisionSession, now: datetime, locale: str) -> Card:
        start = next_start(session, now)
        if start is None:
            return Card(self._words.say("supervision.over", locale, title=session.title))
        moment = self._cards.moment(session, start, locale)
        lines = [self._cards.rhythm(session, locale), self._words.say("supervision.next", locale, moment=moment)]
        lines += self._cards.details(session, locale)
        fires = [reminder.next_run_at for reminder in reminders_of(session, now) if reminder.next_run_at]
        if fires:
            first = self._cards.moment(session, min(fires), locale)
            lines.append(self._words.say("supervision.reminders_go", locale, first=first))
        else:
            lines.append(self._words.say("supervision.no_reminder", locale))
        if change := clock_change(session.rule, now):
            name = "skipped" if change.skipped else "doubled"
            values = {
                "day": self._words.day(change.occurrence.astimezone(ZoneInfo(session.rule.zone)), locale),
                "time": f"{session.rule.anchor:%H:%M}",
                "shows": f"{change.shows:%H:%M}",
            }
            lines.append(self._words.say(f"supervision.clocks.{name}", locale, **values))
        return Card("\n".join(lines), self._words.say("supervision.added", locale, title=session.title))

    async def _coming(self, cohort: Cohort) -> Sequence[tuple[datetime, SupervisionSession]]:
        """Give the cohort's sessions that are under way or yet to come, the next start first."""
        now = self._clock.now()
        starts = [
            (next_start(session, now - timedelta(minutes=session.minutes)), session)
            for session in await self._sessions.of_cohort(cohort.id)
        ]
        return sorted(
            ((start, session) for start, session in starts if start is not None),
            key=lambda pair: (pair[0], pair[1].title, pair[1].id),
        )

    async def _make_room(self, cohort: Cohort, now: datetime) -> None:
        """Let go of what is over, so that a cohort's past does not use up its places."""
        standing = {session.id for _, session in await self._coming(cohort)}
        if len(standing) >= MOST_SESSIONS:
            raise BadInput("supervision.bad.too_many", field="title", count=MOST_SESSIONS)
        for session in await self._sessions.of_cohort(cohort.id):
            if session.id not in standing:
                await self._sessions.end(session.id)

    async def _known(self, caller: Caller, session_id: str) -> tuple[SupervisionSession, Cohort]:
        session = await self._sessions.get(session_id)
        if session is None:
            raise NotFound
        cohort = await self._cohorts.known(session.cohort_id)
        if cohort.workspace != caller.workspace:
            raise NotFound
        return session, cohort

    async def _belonging(self, caller: Caller, cohort: Cohort) -> Cohort:
        if cohort.role_of(caller) is None:
            raise NotAllowed
        return cohort

    async def _locale(self, caller: Caller, cohort: Cohort) -> str:
        return (await self._members.settings(caller.member)).locale or cohort.locale

    async def _note(self, caller: Caller, cohort: Cohort, act: str, session_id: str) -> None:
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, act, session_id))


def _within(text: str, limit: int, field: str, *, required: bool = False) -> str:
    """Return `text` on one line; raises BadInput if it is longer than `limit` characters, or empty if required."""
    line = " ".join(text.split())
    if required and not line:
        raise BadInput(f"supervision.bad.{field}", field=field)
    if len(line) > limit:
        raise BadInput("supervision.bad.too_long", field=field, limit=limit, count=len(line))
    return line


def _minutes(minutes: int) -> int:
    if not SHORTEST <= minutes <= LONGEST:
        raise BadInput("supervision.bad.minutes", field="minutes", shortest=SHORTEST, longest=LONGEST)
    return minutes


def _instant(epoch: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(epoch, UTC)
    except (ValueError, OverflowError, OSError):
        return None
