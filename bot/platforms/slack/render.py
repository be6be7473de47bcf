"""Cards as Slack's blocks, with no word lost to a limit, and with a text for those who do not see blocks.

An idempotency key stands in the message's metadata, which nobody sees and `find` reads after a crash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards import Button, Card, Style, Tone
from bot.platforms.slack import mrkdwn

Json = dict[str, Any]

HEADER_LIMIT = 150
SECTION_LIMIT = 3000
LABEL_LIMIT = 75
MESSAGE_BLOCKS = 50
MESSAGE_CHARACTERS = 11_000
"""Slack takes some 13,000 characters in a message's blocks."""

FALLBACK_LIMIT = 3_900
ROW = 5
VIEW_BLOCKS = 100
MOST_BUTTONS = 25
TITLE_LIMIT = 24

METADATA = "third_chair"

_STYLES = {Style.PRIMARY: "primary", Style.CAREFUL: "danger"}


@dataclass(frozen=True, slots=True)
class Page:
    """One Slack message: its blocks, and what notifications and screen readers say of it."""

    blocks: tuple[Json, ...]
    text: str


def pages(*cards: Card, names: mrkdwn.Names | None = None, mention: str = "") -> list[Page]:
    """Lay cards out as one Slack message, or as several where one cannot hold them.

    `mention` is Slack's own markup for whom the message notifies; it comes first.
    """
    laid_out: list[Json] = []
    if mention:
        laid_out.append(section(mention))
    for number, card in enumerate(cards):
        if number:
            laid_out.append({"type": "divider"})
        laid_out += blocks(card, names)
    said = "\n\n".join(filter(None, (fallback(card, names) for card in cards)))
    return [
        Page(tuple(part), mrkdwn.clipped(said, FALLBACK_LIMIT) if number == 0 else _again(part))
        for number, part in enumerate(_parts(laid_out))
    ]


def blocks(card: Card, names: mrkdwn.Names | None = None) -> list[Json]:
    """Return a card's blocks."""
    ours = card.tone is not Tone.RESPONSE
    made: list[Json] = []
    title = mrkdwn.commanded(card.title) if ours else card.title
    if title and mrkdwn.size(title) <= HEADER_LIMIT:
        made.append({"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}})
    elif card.title:
        made += _sections(f"*{mrkdwn.of(card.title, names, ours=ours)}*")
    made += _sections(mrkdwn.of(card.body, names, ours=ours))
    for name, value in card.fields:
        made += _sections(f"*{mrkdwn.of(name, names)}*\n{mrkdwn.of(value, names)}")
    made += rows(card.buttons)
    if card.footer:
        for piece in mrkdwn.split(mrkdwn.of(card.footer, names), SECTION_LIMIT):
            made.append({"type": "context", "elements": [_mrkdwn(piece)]})
    return made or [section(" ")]


def verbatim(text: str) -> list[Json]:
    """Return somebody's own words, to be given back as she wrote them."""
    return [
        {"type": "section", "text": {"type": "plain_text", "text": piece, "emoji": False}}
        for piece in mrkdwn.split(text, SECTION_LIMIT)
    ]


def fallback(card: Card, names: mrkdwn.Names | None = None) -> str:
    """Return what a card says, in plain words."""
    ours = card.tone is not Tone.RESPONSE
    lines = [card.title, card.body, *(f"{name}: {value}" for name, value in card.fields), card.footer]
    return "\n".join(mrkdwn.plain(line, names, ours=ours) for line in lines if line)


def rows(buttons: Sequence[Button]) -> Iterator[Json]:
    """Lay buttons out in rows."""
    for start in range(0, len(buttons), ROW):
        yield {"type": "actions", "elements": [_button(button) for button in buttons[start : start + ROW]]}


def people_in(*cards: Card) -> tuple[set[str], set[str]]:
    """Return the ids of people and of user groups that cards name."""
    texts = [text for card in cards for text in (*_ours(card), card.footer, *(v for f in card.fields for v in f))]
    people = set().union(*(mrkdwn.people_in(text) for text in texts)) if texts else set()
    groups = set().union(*(mrkdwn.groups_in(text) for text in texts)) if texts else set()
    return people, groups


def _ours(card: Card) -> tuple[str, ...]:
    # Whom a member names in her own words is not looked up, and not linked to.
    return () if card.tone is Tone.RESPONSE else (card.title, card.body)


def modal(title: str, made: Sequence[Json], *, submit: str = "", close: str, callback: str = "") -> Json:
    """Return a modal; its blocks are cut at what Slack takes in one."""
    view: Json = {
        "type": "modal",
        "callback_id": callback,
        "title": {"type": "plain_text", "text": mrkdwn.clipped(title, TITLE_LIMIT) or "…"},
        "close": {"type": "plain_text", "text": mrkdwn.clipped(close, TITLE_LIMIT)},
        "blocks": list(made[:VIEW_BLOCKS]),
    }
    if submit:
        view["submit"] = {"type": "plain_text", "text": mrkdwn.clipped(submit, TITLE_LIMIT)}
    return view


def notice(text: str) -> Json:
    """Return a block that says what is to be mended."""
    return section(f"⚠️ {mrkdwn.of(text)}")


def _button(button: Button) -> Json:
    made: Json = {
        "type": "button",
        "action_id": button.custom_id,
        "value": button.subject,
        "text": {"type": "plain_text", "text": mrkdwn.clipped(button.label, LABEL_LIMIT), "emoji": False},
    }
    if button.style in _STYLES:
        made["style"] = _STYLES[button.style]
    return made


def section(text: str) -> Json:
    """Return a block of mrkdwn."""
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Json:
    # Not verbatim, Slack would make mentions of the "@here" and "#channel" that somebody typed.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _sections(text: str) -> list[Json]:
    return [section(piece) for piece in mrkdwn.split(text, SECTION_LIMIT) if piece.strip()]


def _parts(laid_out: Sequence[Json]) -> Iterator[list[Json]]:
    part: list[Json] = []
    size = 0
    for block in laid_out:
        length = _length(block)
        if part and (len(part) == MESSAGE_BLOCKS or size + length > MESSAGE_CHARACTERS):
            yield part
            part, size = [], 0
        part.append(block)
        size += length
    yield part


def _length(block: Json) -> int:
    texts = [block["text"]["text"]] if "text" in block else []
    for element in block.get("elements", ()):
        text = element.get("text", "")
        texts.append(text["text"] if isinstance(text, dict) else text)
    return sum(map(mrkdwn.size, texts))


def _again(part: Sequence[Json]) -> str:
    words = " ".join(block["text"]["text"] for block in part if "text" in block)
    return mrkdwn.clipped(words, FALLBACK_LIMIT) or "…"
