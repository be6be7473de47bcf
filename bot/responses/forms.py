"""What the form of each kind of item asks for, and how its fields become one response.

Most items ask for one text. A line to say and two voices to speak are easier to write when the form has a place for
each part; what is kept and screened is one text all the same, so nothing after this module knows of fields.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.ports.words import Words
from bot.prompts.item import Format, Item
from bot.responses.outcomes import Invitation, MoreField
from bot.responses.rules import MAX_CHARACTERS

_PARTED = {Format.NEXT_LINE: (400, 1000), Format.TWO_VOICES: (700, 700)}
"""How many characters each part takes; together with their headings they stay below `MAX_CHARACTERS`."""

_OWN_LABEL = (*_PARTED, Format.BALINT_WONDER)


def invitation(item: Item, words: Words, locale: str, text: str | None = None) -> Invitation:
    """Make the form for a response to `item`; with `text`, the form to change what was written, in one field."""
    key = f"responses.form.{item.format.value}"
    label = words.say(f"{key}.label" if item.format in _OWN_LABEL else "responses.label", locale)
    hint = item.response_starters[0] if item.response_starters else words.say("responses.hint", locale)
    limits = _PARTED.get(item.format)
    if limits is None or text is not None:
        if text is not None:
            label = words.say("responses.label", locale)
        return Invitation(item.title[:45], label, hint[:100], MAX_CHARACTERS, text or "")
    first, second = limits
    more = MoreField(words.say(f"{key}.second_label", locale), words.say(f"{key}.second_hint", locale), second)
    return Invitation(item.title[:45], label, words.say(f"{key}.hint", locale), first, more=(more,))


def one_text(item: Item, words: Words, locale: str, parts: Sequence[str]) -> str:
    """Put what stood in the fields together, each under its heading; one alone stays as it is."""
    written = [part for part in parts if part.strip()]
    if item.format not in _PARTED or len(written) < 2:
        return "\n\n".join(written) if written else parts[0]
    headings = _headings(item.format, words, locale)
    return "\n\n".join(f"{heading}\n{part}" for heading, part in zip(headings, written, strict=True))


def own_words(words: Words, locale: str, text: str) -> str:
    """Take our headings out of a response: only what its writer wrote is to be screened."""
    ours = {heading for format_ in _PARTED for heading in _headings(format_, words, locale)}
    return "\n".join(line for line in text.splitlines() if line.strip() not in ours)


def _headings(format_: Format, words: Words, locale: str) -> tuple[str, str]:
    key = f"responses.form.{format_.value}"
    return f"**{words.say(f'{key}.heading', locale)}**", f"**{words.say(f'{key}.second_heading', locale)}**"
