"""What supervisors did, append-only, and the crisis alerts that wait for a supervisor.

The audit names supervisors, for they answer for their acts, and never an author: its objects are postings and
responses by id. Guarantee: no verb changes or removes an entry, and the database refuses it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.people import Member

WISH = "wish"
"""The level of somebody's wish to hear from a supervisor, which waits for one as an alert does."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act: who did what to which object, when (aware UTC) and, if given, why."""

    cohort_id: str
    at: datetime
    actor: Member
    act: str
    subject: str = ""
    reason: str = ""


class AuditStore(Protocol):
    """Keeps the audit."""

    async def append(self, entry: AuditEntry) -> None: ...

    async def latest(self, cohort_id: str, limit: int) -> Sequence[AuditEntry]:
        """Return the newest entries, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Alert:
    """A crisis alert shown to supervisors. It names no author and holds no words. Instants are aware UTC.

    `level` is the screen's action, or `WISH`.
    """

    id: str
    cohort_id: str
    level: str
    raised_at: datetime
    acknowledged_by: Member | None = None
    acknowledged_at: datetime | None = None
    escalated: bool = False


class AlertStore(Protocol):
    """Keeps alerts until they are acknowledged, and the counts that soften a repeated B."""

    async def raise_alert(self, alert: Alert) -> bool:
        """Insert; False if the id is known already (the same event delivered twice)."""
        ...

    async def get(self, alert_id: str) -> Alert | None: ...

    async def acknowledge(self, alert_id: str, by: Member, at: datetime) -> bool:
        """Acknowledge once; False if somebody did before."""
        ...

    async def mark_escalated(self, alert_id: str) -> bool:
        """Escalate once; False if it was escalated or acknowledged before."""
        ...

    async def open_alerts(self, cohort_id: str) -> Sequence[Alert]:
        """Return the alerts that nobody has acknowledged, oldest first."""
        ...
