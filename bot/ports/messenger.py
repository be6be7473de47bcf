"""What the features need from a chat platform, and nothing more.

Guarantees of every adapter, held by one contract suite over all of them:
- Posting with a key happens at most once. The key stands findable in the message itself (in a button or in
  metadata), so `find` sees it after a crash. `post` alone never looks; callers in doubt call `find` first.
- Nothing pings anyone except `Card.mention`.
- Every failure is one of `bot.errors.MessengerError`; no SDK exception escapes, and no error carries a
  member's words.
- Global pacing is inside: callers may fan out as they like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.cards import Card
from bot.people import Member, MessageRef, Place, Workspace


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a place or workspace that will hinder the bot: a missing permission or intent.

    `what` is the platform's own name for it ("Send Messages in Threads"), `mend` one sentence saying how to grant it.
    """

    what: str
    mend: str


class Messenger(Protocol):
    """Speaks on one platform. All methods may raise MessengerError's children."""

    async def post(self, place: Place, card: Card, *, key: str) -> MessageRef:
        """Post `card` once in `place` under the idempotency `key` (at most 25 characters of [0-9a-z-])."""
        ...

    async def find(self, place: Place, key: str) -> MessageRef | None:
        """Look for our own message with this key among the latest in `place` (thread or channel)."""
        ...

    async def edit(self, ref: MessageRef, card: Card, *, key: str | None = None) -> None:
        """Replace a message of ours. With its `key` it stays findable, whatever the new card is made of."""
        ...

    async def delete(self, ref: MessageRef) -> None:
        """Delete a message of ours; no error if it is already gone."""
        ...

    async def open_thread(self, ref: MessageRef, title: str) -> Place:
        """Start the thread of a message, or return the one that it already has."""
        ...

    async def set_thread_locked(self, thread: Place, locked: bool, *, locale: str = "en") -> None:
        """Lock or unlock a thread for members; where only a note can say so, it does in this language."""
        ...

    async def direct(self, member: Member, card: Card, *, key: str) -> None:
        """Send a private message. Raises CannotReach if the person does not accept it."""
        ...

    async def troubles(self, place: Place, *, threads: bool) -> Sequence[Trouble]:
        """Name every permission (and intent) that the bot lacks to work in `place`; empty if all is well."""
        ...

    async def supervises(self, workspace: Workspace, member: Member, role: str) -> bool:
        """Say whether `member` holds `role` right now."""
        ...
