"""How a session is spoken of: its rhythm, its place and its time on the cohort's own clocks."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Button, Card, Style, Tone
from bot.ports.sessions import SupervisionSession
from bot.ports.words import Words
from bot.rhythm import local_day

SNOOZES = (10, 30, 60)
"""Minutes that a reminder can be put off by."""

LAST_CALL = timedelta(minutes=5)
"""A snoozed reminder comes at least this long before the session begins."""

_SOON = timedelta(minutes=90)


class SessionWords:
    """Puts sessions into words."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def rhythm(self, session: SupervisionSession, locale: str) -> str:
        """Say how often it meets."""
        return self._words.say(f"supervision.every.{every(session)}", locale)

    def moment(self, session: SupervisionSession, start: datetime, locale: str) -> str:
        """Say day, time and whose clocks, for a start given as an aware instant."""
        local = start.astimezone(ZoneInfo(session.rule.zone))
        values = {"day": self._words.day(local, locale), "time": f"{local:%H:%M}", "zone": self._zone(session, locale)}
        return self._words.say("supervision.moment", locale, **values)

    def clock(self, session: SupervisionSession, instant: datetime, locale: str) -> str:
        """Say the time of an aware instant, and whose clocks."""
        local = instant.astimezone(ZoneInfo(session.rule.zone))
        return self._words.say("supervision.clock", locale, time=f"{local:%H:%M}", zone=self._zone(session, locale))

    def details(self, session: SupervisionSession, locale: str) -> list[str]:
        """Say how long it lasts and where it is."""
        lines = [self._words.say("supervision.lasts", locale, count=session.minutes)]
        if session.where:
            lines.append(self._words.say("supervision.where", locale, where=session.where))
        return lines

    def reminder(
        self, session: SupervisionSession, start: datetime, now: datetime, locale: str, *, late: bool = False
    ) -> Card:
        """Make the card that reminds of the meeting at `start`, with words that are true at `now`."""
        lines = [self._when(session, start, now, locale), *self.details(session, locale)]
        if late:
            lines.append(self._words.say("supervision.reminder.late", locale))
        title = self._words.say("supervision.reminder.title", locale, title=session.title)
        return Card("\n".join(lines), title, tone=Tone.NOTICE)

    def snooze_buttons(
        self, session: SupervisionSession, start: datetime, now: datetime, locale: str
    ) -> tuple[Button, ...]:
        """Offer the snoozes that still fit before the meeting."""
        return tuple(
            Button(
                "snooze",
                f"{session.id}/{int(start.timestamp())}/{minutes}",
                self._words.say("supervision.button.snooze", locale, count=minutes),
                Style.PLAIN,
            )
            for minutes in SNOOZES
            if now + timedelta(minutes=minutes) <= start - LAST_CALL
        )

    def _when(self, session: SupervisionSession, start: datetime, now: datetime, locale: str) -> str:
        clock = self.clock(session, start, locale)
        if start - now <= _SOON:
            minutes = max(1, math.ceil((start - now) / timedelta(minutes=1)))
            return self._words.say("supervision.reminder.soon", locale, count=minutes, clock=clock)
        zone = session.rule.zone
        ahead = (local_day(start, zone) - local_day(now, zone)).days
        name = {0: "today", 1: "tomorrow"}.get(ahead, "later")
        day = self._words.day(local_day(start, zone), locale)
        return self._words.say(f"supervision.reminder.{name}", locale, day=day, clock=clock)

    def _zone(self, session: SupervisionSession, locale: str) -> str:
        area, _, city = session.rule.zone.rpartition("/")
        if not area:
            return session.rule.zone
        return self._words.say("supervision.zone", locale, city=city.replace("_", " "))


def every(session: SupervisionSession) -> str:
    """Name a session's rhythm: "once", "week" or "two_weeks"."""
    if session.rule.rrule is None:
        return "once"
    return "two_weeks" if "INTERVAL=2" in session.rule.rrule else "week"
