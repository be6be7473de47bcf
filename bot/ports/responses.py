"""Responses as they are kept: without an author.

`AnonymousResponse` has no author field, and that is the point: past `bot.responses.anonymity` there is nothing
to leak. A `tag` is a keyed fingerprint that only the posting's own key can compute; the words are sealed with
the same key. When the key is destroyed, tags and sealed words mean nothing to anybody.

Guarantees of every adapter: ids are given from outside and are random to whoever lacks the key; no row holds an
instant; reading never reveals the order of insertion (no rowid, results sorted by id).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ResponseState(StrEnum):
    """Where a response is on its way."""

    HELD = "held"  # waits for its author's choice after the crisis screen spoke
    CLEARED = "cleared"  # she said that she is safe; publishing is hers to choose again
    PRIVATE = "private"  # its author chose to keep it to herself
    WAITING = "waiting"  # accepted, on its way to the thread
    PUBLISHED = "published"
    HIDDEN = "hidden"  # taken out of sight by a supervisor; the words can come back while the key lives


@dataclass(frozen=True, slots=True)
class AnonymousResponse:
    """One response. `message_id` is where it stands.

    `level` is how its words were met (A, B, C, N; F when the screen failed) while they wait for their author's choice.
    Of one that stands in the thread it says N: that somebody worried about it once is nobody's business any more.
    """

    id: str
    posting_id: str
    alias: str
    tag: str
    sealed: bytes
    state: ResponseState
    level: str = "N"
    message_id: str | None = None


class ResponseStore(Protocol):
    """Keeps responses, aliases and flags."""

    async def alias(self, posting_id: str, tag: str, offered: Sequence[str]) -> str:
        """Return the alias of `tag` in this posting; if it has none, give it the first of `offered` that is free.

        Raises NotFound if none of them is free, or the posting is gone.
        """
        ...

    async def add(self, response: AnonymousResponse) -> AnonymousResponse:
        """Insert, or return the response that has this id already (the same event delivered twice)."""
        ...

    async def get(self, response_id: str) -> AnonymousResponse | None: ...

    async def by_message(self, posting_id: str, message_id: str) -> AnonymousResponse | None: ...

    async def of_tag(self, posting_id: str, tag: str) -> Sequence[AnonymousResponse]:
        """Return one author's responses to a posting."""
        ...

    async def of_posting(self, posting_id: str) -> Sequence[AnonymousResponse]: ...

    async def turnout(self, posting_ids: Sequence[str]) -> Sequence[int]:
        """Count the responses that stand in the threads of some postings, in the order of the postings."""
        ...

    async def waiting(self, limit: int) -> Sequence[AnonymousResponse]:
        """Return responses that are accepted and not yet in their thread."""
        ...

    async def reseal(self, response_id: str, sealed: bytes, level: str, *, to: ResponseState | None = None) -> bool:
        """Replace the words and the level that they were met with and, given `to`, the state, in one step.

        Say whether it did. Given a state, a HIDDEN response stays as it is, words and all: a supervisor may have been
        there at this very moment, and what she brings back must be what she hid.
        """
        ...

    async def move(self, response_id: str, to: ResponseState, *, only_from: Sequence[ResponseState]) -> bool:
        """Change the state if it is one of `only_from`; say whether it did."""
        ...

    async def published(self, response_id: str, message_id: str) -> bool:
        """Write down where a WAITING response stands; it is PUBLISHED now, at level N. False if it waits no more."""
        ...

    async def delete(self, response_id: str) -> None: ...

    async def forget_tag(self, posting_id: str, tag: str) -> None:
        """Drop a tag's flags, and let nobody's tag hold its alias: a name that was read under stays hers alone."""
        ...

    async def forget_authors(self, posting_id: str) -> None:
        """On closing: blank all tags, sealed words, aliases, levels and flags; drop what was never published."""
        ...

    async def flag(self, response_id: str, tag: str) -> int | None:
        """Count a member's flag, once a tag; return how many now, or None if this tag had flagged before."""
        ...

    async def flagged(self, cohort_id: str, limit: int) -> Sequence[tuple[AnonymousResponse, int]]:
        """Return a cohort's published responses that somebody has flagged, with how many did, most flagged first."""
        ...
