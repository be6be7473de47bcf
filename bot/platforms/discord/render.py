"""Cards as Discord's embeds and buttons, with no word lost to a limit.

An idempotency key stands in the message itself, where `find` sees it after a crash: in a button's custom id if
the card has buttons (as its subject, alone or before a `/`, or after a `#` that the router drops), else in brackets at
the footer's end.
Nothing else of a Discord message both survives in the channel's history and is free for a bot to fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import discord

from bot.cards import Button, Card, Style, Tone, parse_custom_id

TITLE_LIMIT = 256
BODY_LIMIT = 4096
FIELD_NAME_LIMIT = 256
FIELD_LIMIT = 1024
FIELDS_LIMIT = 25
FOOTER_LIMIT = 2048
MESSAGE_LIMIT = 6000
LABEL_LIMIT = 80
BUTTONS_LIMIT = 25

_KEY_MARK = "#"
_NO_NAME = "\u200b"

_STYLES = {
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.CAREFUL: discord.ButtonStyle.danger,
}
_COLOURS = {
    Tone.PROMPT: discord.Colour(0x2F6F8F),
    Tone.RESPONSE: discord.Colour(0x6B7A8F),
    Tone.CARE: discord.Colour(0x2E8B6F),
    Tone.NOTICE: discord.Colour(0x7A6FA0),
    Tone.WARNING: discord.Colour(0xB8742A),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One Discord message: what it says, what can be pressed, and the one role that it may notify."""

    embeds: tuple[discord.Embed, ...]
    buttons: tuple[Button, ...] = ()
    mention: str | None = None
    key: str | None = None

    @property
    def content(self) -> str | None:
        return f"<@&{self.mention}>" if self.mention else None

    @property
    def allowed_mentions(self) -> discord.AllowedMentions:
        if self.mention is None:
            return discord.AllowedMentions.none()
        role = discord.Object(int(self.mention))
        return discord.AllowedMentions(everyone=False, users=False, roles=[role], replied_user=False)

    def view(self) -> discord.ui.View | None:
        """Return the buttons, already stopped: discord.py would keep a live view in memory for ever."""
        if not self.buttons:
            return None
        view = discord.ui.View(timeout=None)
        marked = self.key is None or any(_is_about(button.subject, self.key) for button in self.buttons)
        for button in self.buttons[:BUTTONS_LIMIT]:
            custom_id = button.custom_id if marked else f"{button.custom_id}{_KEY_MARK}{self.key}"
            view.add_item(
                discord.ui.Button(
                    style=_STYLES[button.style], label=_clipped(button.label, LABEL_LIMIT), custom_id=custom_id
                )
            )
        view.stop()
        return view


def pages(card: Card, key: str | None = None) -> list[Page]:
    """Lay `card` out as one Discord message, or as several when it is longer than one can hold.

    The first page carries the buttons, the mention and the `key`.
    """
    footer = card.footer if key is None or card.buttons else f"{card.footer} [{key}]".strip()
    laid_out = [
        Page(embeds=(embed,)) for embed in _embeds(card, _clipped(footer, FOOTER_LIMIT), colour=_COLOURS[card.tone])
    ]
    laid_out[0] = Page(laid_out[0].embeds, card.buttons, card.mention, key)
    return laid_out


def carries(message: discord.Message, key: str) -> bool:
    """Say whether `key` stands in this message of ours."""
    for custom_id in _custom_ids(message):
        parsed = parse_custom_id(custom_id)
        if parsed is not None and (_is_about(parsed[1], key) or parsed[1].endswith(f"{_KEY_MARK}{key}")):
            return True
    return any((embed.footer.text or "").endswith(f"[{key}]") for embed in message.embeds)


def parse_button(custom_id: str) -> tuple[str, str] | None:
    """Split a pressed button's custom id into action and subject; None for anything that is not ours."""
    parsed = parse_custom_id(custom_id)
    return None if parsed is None else (parsed[0], parsed[1].split(_KEY_MARK, 1)[0])


def _is_about(subject: str, key: str) -> bool:
    return subject == key or subject.startswith(f"{key}/")


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        for child in getattr(row, "children", ()):
            if custom_id := getattr(child, "custom_id", None):
                yield custom_id


def _embeds(card: Card, footer: str, *, colour: discord.Colour) -> Iterator[discord.Embed]:
    title, body = card.title, card.body
    if len(title) > TITLE_LIMIT:
        title, body = "", f"**{title}**\n\n{body}"
    fields = [piece for name, value in card.fields for piece in _field(name, value)]
    first, *rest = [*split(body, BODY_LIMIT)] or [""]
    embed = discord.Embed(title=title or None, description=first or None, colour=colour)
    for piece in rest:
        yield embed
        embed = discord.Embed(description=piece, colour=colour)
    for name, value in fields:
        if len(embed) + len(name) + len(value) + len(footer) > MESSAGE_LIMIT or len(embed.fields) == FIELDS_LIMIT:
            yield embed
            embed = discord.Embed(colour=colour)
        embed.add_field(name=name, value=value, inline=False)
    if footer and len(embed) + len(footer) > MESSAGE_LIMIT:
        yield embed
        embed = discord.Embed(colour=colour)
    if footer:
        embed.set_footer(text=footer)
    yield embed


def _field(name: str, value: str) -> Iterable[tuple[str, str]]:
    if len(name) > FIELD_NAME_LIMIT:
        name, value = _NO_NAME, f"**{name}**\n{value}"
    first, *rest = [*split(value, FIELD_LIMIT)] or [_NO_NAME]
    return [(name or _NO_NAME, first), *((_NO_NAME, piece) for piece in rest)]


def split(text: str, limit: int) -> Iterator[str]:
    """Cut `text` into pieces of at most `limit` characters, at a line's end or a space where one is near."""
    while len(text) > limit:
        window = text[:limit]
        cut = max(window.rfind("\n"), window.rfind(" "))
        if cut < limit // 2:
            yield window
            text = text[limit:]
        else:
            yield window[:cut]
            text = text[cut + 1 :]
    if text:
        yield text


def _clipped(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
