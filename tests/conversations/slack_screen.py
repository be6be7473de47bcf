"""What Block Kit looks like on somebody's screen, in the words that the dialogues look for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rehearsal.slack import blocks as kit
from rehearsal.slack.model import Json, View
from tests.conversations.venue import Said


def cards_in(id_: int, place: str, by_bot: bool, blocks: Sequence[Json], text: str) -> list[Said]:
    """Make a screen's messages of blocks: where a divider is, another card begins."""
    cards: list[list[Json]] = [[]]
    for block in blocks:
        if block["type"] == "divider":
            cards.append([])
        else:
            cards[-1].append(block)
    return [_card(id_, place, by_bot, card, text if not blocks else "") for card in cards if card or not blocks]


def _card(id_: int, place: str, by_bot: bool, blocks: Sequence[Json], text: str) -> Said:
    title, lines = "", [text]
    buttons, menus = [], []
    for block in blocks:
        said = [as_typed(each["text"]) if each["type"] == "mrkdwn" else each["text"] for each in _texts(block)]
        if block["type"] == "header":
            title = title or said[0]
        lines += said
    for _, element in kit.elements(list(blocks)):
        if element["type"] == "button":
            buttons.append((str(element["text"]["text"]), str(element["action_id"])))
        else:
            menus.append(str(element["action_id"]))
    whole = re.sub(r"(?<![\w/])/chair (?=[a-z])", "/", "\n".join(filter(None, lines)))
    return Said(id_, place, by_bot, title, whole if blocks else as_typed(whole), tuple(buttons), tuple(menus))


def _texts(block: Json) -> list[Json]:
    if block["type"] in ("actions", "input"):
        return []
    return list(kit.texts({**block, "accessory": None}))


def as_typed(mrkdwn: str) -> str:
    """Return Slack's markup as the house writes it."""
    text = re.sub(r"(?<![\w*])\*(?![\s*])([^*\n]+?)\*(?![\w*])", r"**\1**", mrkdwn)
    text = re.sub(r"(?<!\w)_(?!\s)([^_\n]+?)_(?!\w)", r"*\1*", text)
    text = re.sub(r"^(\s*)• ", r"\1- ", text, flags=re.MULTILINE)
    text = re.sub(r"<(https?://[^|>]+)>|<mailto:[^|>]+\|([^>]+)>", r"\1\2", text)
    for escaped, meant in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escaped, meant)
    return text


def standing_in(element: Json) -> Any:
    if element["type"] == "checkboxes":
        return [option["value"] for option in element.get("initial_options", ())]
    for name in ("initial_value", "initial_conversation", "initial_date", "initial_time"):
        if name in element:
            return str(element[name])
    return str((element.get("initial_option") or {}).get("value", ""))


def moment(view: View) -> int:
    return number(view.hash.rpartition(".")[0])


def number(ts: str) -> int:
    return int(ts.replace(".", ""))


def timestamp(number: int) -> str:
    return f"{number // 1_000_000}.{number % 1_000_000:06d}"
