"""The alerts about one thing, one after another: after each that a supervisor took, another may be raised.

The ids follow one another by themselves, so nothing is kept to find them, and a restart loses none.
"""

from __future__ import annotations

import hashlib

from bot.ports.audit import Alert, AlertStore


def following(alert_id: str) -> str:
    """Return the id, 18 hex digits, of the alert that comes after the one with this id."""
    return hashlib.blake2b(alert_id.encode(), digest_size=9).hexdigest()


async def newest(alerts: AlertStore, first_id: str) -> Alert | None:
    """Return the last alert that was raised under `first_id` or after it; None if none was. Raises StorageError."""
    found = None
    while alert := await alerts.get(first_id if found is None else following(found.id)):
        found = alert
    return found
