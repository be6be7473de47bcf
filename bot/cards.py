"""What the bot shows, as data: a door renders a `Card` as an embed or as blocks.

No features' words stand here; texts arrive ready to read. Nothing in a card ever mentions (pings) anyone
unless `mention` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How much a button asks to be pressed."""

    PLAIN = "plain"
    PRIMARY = "primary"
    CAREFUL = "careful"


@dataclass(frozen=True, slots=True)
class Button:
    """A button; `action` is the verb that the door's router knows, `subject` the id that it is about.

    Together they make the custom id `tc:<action>:<subject>`, at most 100 characters (Discord's limit).
    """

    action: str
    subject: str
    label: str
    style: Style = Style.PLAIN

    @property
    def custom_id(self) -> str:
        return f"tc:{self.action}:{self.subject}"


class Tone(StrEnum):
    """What kind of card it is; a door may colour it."""

    PROMPT = "prompt"
    RESPONSE = "response"
    CARE = "care"
    NOTICE = "notice"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `mention` is a role id to notify, and nothing else is ever pinged."""

    body: str
    title: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.NOTICE
    collapsed: bool = False
    mention: str | None = None


def parse_custom_id(custom_id: str) -> tuple[str, str] | None:
    """Split `tc:<action>:<subject>`; None for anything that is not ours."""
    parts = custom_id.split(":", 2)
    if len(parts) != 3 or parts[0] != "tc":
        return None
    return parts[1], parts[2]
