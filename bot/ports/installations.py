"""The workspaces that have installed the app by themselves, with the token that each gave.

Guarantees of every adapter: a token is sealed with a key that lies apart from the database and is in no backup; an
installation that cannot be unsealed any more is as if it were not there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Installation:
    """What a workspace gave when it installed the app. `repr` masks the token."""

    team_id: str
    token: str = field(repr=False)
    bot_id: str
    bot_user_id: str
    scopes: tuple[str, ...] = ()
    enterprise_id: str | None = None


class InstallationStore(Protocol):
    """Keeps one installation a workspace. All methods may raise StorageError."""

    async def save(self, installation: Installation) -> None:
        """Keep it, in the place of an earlier one."""
        ...

    async def get(self, team_id: str) -> Installation | None:
        """Return a workspace's, or None."""
        ...

    async def forget(self, team_id: str) -> None:
        """Let go of a workspace's. No error if there is none."""
        ...

    async def teams(self) -> tuple[str, ...]:
        """Return the ids of all workspaces."""
        ...
