"""A key a posting: what makes a response recognisable to its author alone, and only while the posting is open.

Guarantees of every adapter: keys live apart from the database and are in no backup; `destroy` is final and
may be called again; nobody but `bot.responses.anonymity` computes with them.
"""

from __future__ import annotations

from typing import Protocol


class PostingKeys(Protocol):
    """Keeps one 32-byte key a posting."""

    def create(self, posting_id: str) -> bytes:
        """Make the posting's key, durably, before returning; return the existing one if there is one."""
        ...

    def get(self, posting_id: str) -> bytes | None:
        """Return the key, or None once it was destroyed (or never made)."""
        ...

    def destroy(self, posting_id: str) -> None:
        """Remove the key for good. No error if it is not there."""
        ...
