"""Supervision sessions: when a cohort meets its supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.ports.duties import Schedule
from bot.rhythm import Rule


@dataclass(frozen=True, slots=True)
class SupervisionSession:
    """A series (or one meeting). `rule` has no lead; `minutes` is how long; `where` a room or link, may be empty."""

    id: str
    cohort_id: str
    title: str
    rule: Rule
    minutes: int
    where: str = ""


class SessionStore(Protocol):
    """Keeps sessions with the schedules of their reminders, both in one transaction."""

    async def save(self, session: SupervisionSession, reminders: Sequence[Schedule]) -> None:
        """Add or replace a session; its earlier reminder schedules give way to these."""
        ...

    async def get(self, session_id: str) -> SupervisionSession | None: ...

    async def of_cohort(self, cohort_id: str) -> Sequence[SupervisionSession]: ...

    async def end(self, session_id: str) -> bool:
        """Remove a session with its reminders; say whether there was one."""
        ...
