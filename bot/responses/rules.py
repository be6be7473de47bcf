"""Limits that hold for every response, whatever the door."""

from __future__ import annotations

from bot.ports.responses import AnonymousResponse, ResponseState

MAX_CHARACTERS = 1500
"""Fits one message with its alias on both platforms (Discord: 2,000; an embed takes 4,096)."""

MAX_PER_PERSON = 8
"""Responses of one person to one posting: enough for any conversation, too few to flood a thread."""


def wanting(text: str) -> tuple[str, dict[str, object]] | None:
    """Say what keeps a text from being a response, as a words key with its values; None if nothing does."""
    if not any(character.isprintable() and not character.isspace() for character in text):
        return "responses.empty", {}
    if len(text) > MAX_CHARACTERS:
        return "responses.too_long", {"count": len(text), "limit": MAX_CHARACTERS}
    return None


def waits_for_safe(response: AnonymousResponse) -> bool:
    """Say whether a response was met with A and its author has not yet said that she is safe: nobody posts it then."""
    return response.level == "A" and response.state in (ResponseState.HELD, ResponseState.PRIVATE)
