"""What stands in Slack's payloads, in the house's own terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.people import MessageRef
from bot.platforms.slack import ids

Json = Mapping[str, Any]

_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_NAMED = re.compile(r"<(?:#([CG][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+)|@([UW][A-Z0-9]+))(?:\|[^>]*)?>")


def unescaped(text: str) -> str:
    """Return text as it was typed."""
    text = _whole(text)
    for escaped, meant in _ESCAPES:
        text = text.replace(escaped, meant)
    return text


def unmentioned(text: str) -> str:
    """Return the id in a mention of a channel, group or person, and anything else as it is."""
    mention = _NAMED.fullmatch(text.strip())
    return next(filter(None, mention.groups())) if mention else text


def typed_in(view: Json) -> dict[str, str]:
    """Return what a submitted form holds, by field; several choices are joined by commas."""
    values = (view.get("state") or {}).get("values") or {}
    return {name: _value(each) for block in values.values() for name, each in block.items()}


def free_text_in(view: Json) -> list[str]:
    """Return what somebody typed freely into a form, not what she picked."""
    values = (view.get("state") or {}).get("values") or {}
    found = [each.get("value") for block in values.values() for each in block.values() if "value" in each]
    return [_whole(str(text)) for text in found if text]


def chosen_in(action: Json) -> tuple[str, ...]:
    """Return what was chosen in a menu."""
    text = _value(action) if action.get("type") != "button" else ""
    return tuple(text.split(",")) if text else ()


def message_ref(team: str, channel: str, message: Json) -> MessageRef:
    """Name a message in its thread, or in its channel if it begins one."""
    ts, thread = str(message.get("ts", "")), message.get("thread_ts")
    return MessageRef(ids.place_of(team, channel, str(thread) if thread and thread != ts else None), ts)


def words_of(message: Json) -> str:
    """Return what a message says: its own words, or those in the blocks of one of ours."""
    if not message.get("bot_id"):
        return unescaped(str(message.get("text") or ""))
    sections = [
        block["text"]["text"]
        for block in message.get("blocks") or ()
        if block.get("type") == "section" and isinstance(block.get("text"), dict)
    ]
    return unescaped("\n".join(sections))


def _whole(text: str) -> str:
    """Return text without what no database takes: half of a sign, or NUL. It is read and kept all the same."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _value(each: Json) -> str:
    for name in (
        "value",
        "selected_conversation",
        "selected_channel",
        "selected_user",
        "selected_date",
        "selected_time",
    ):
        if name in each:
            return _whole(str(each[name] or ""))
    if "selected_options" in each:
        return ",".join(option["value"] for option in each["selected_options"] or ())
    option = each.get("selected_option")
    return str(option["value"]) if option else ""
