"""Block Kit's limits, refused as Slack refuses them, and what stands in blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from rehearsal.slack.errors import SlackError
from rehearsal.slack.model import Json

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_CHARACTERS = 13_000
TEXT_CHARACTERS = 40_000
METADATA_BYTES = 8_000

_TEXT_LIMITS = {"section": 3000, "header": 150, "button": 75, "option": 75, "label": 2000, "field": 2000}
_INPUTS = frozenset(
    {
        "plain_text_input",
        "static_select",
        "multi_static_select",
        "conversations_select",
        "channels_select",
        "users_select",
        "multi_users_select",
        "datepicker",
        "timepicker",
        "checkboxes",
        "radio_buttons",
        "number_input",
    }
)
_BLOCKS = frozenset({"section", "header", "context", "actions", "input", "divider", "image", "rich_text"})
_PINGS = re.compile(r"<(@[UW][A-Z0-9]+|![a-z]+|!subteam\^S[A-Z0-9]+)(?:\|[^>]*)?>")
_PARSED = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
"""What Slack makes mentions of by itself where a text is not verbatim."""


def check(blocks: Any, limit: int = MESSAGE_BLOCKS) -> list[Json]:
    """Return the blocks if Slack would take them; raises invalid_blocks with what is wrong, in Slack's manner."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    if len(blocks) > limit:
        _bad(f"no more than {limit} items allowed [json-pointer:/blocks]")
    for number, block in enumerate(blocks):
        _check_block(block, f"/blocks/{number}")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        _bad("duplicate block_id")
    return blocks


def check_message(blocks: list[Json]) -> None:
    """Hold the whole of a message's blocks to what Slack takes; raises msg_blocks_too_long."""
    if sum(size(text["text"]) for text in texts(blocks)) > MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any) -> Json:
    """Return a view if Slack would take it; raises invalid_arguments with what is wrong."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] unsupported type"]})
    if len(str(view.get("private_metadata", ""))) > 3000 or len(str(view.get("callback_id", ""))) > 255:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] must be less than 3001 chars"]})
    if view["type"] == "modal":
        for name, required in (("title", True), ("submit", False), ("close", False)):
            text = view.get(name)
            if (required and not text) or (text and not 1 <= size(str(text.get("text", ""))) <= 24):
                raise SlackError(
                    "invalid_arguments",
                    response_metadata={"messages": [f"[ERROR] must be less than 25 characters [json-pointer:/{name}]"]},
                )
        if any(block.get("type") == "input" for block in view.get("blocks", ())) and not view.get("submit"):
            raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] `submit` is required"]})
    check(view.get("blocks", []), VIEW_BLOCKS)
    return view


def texts(node: Any) -> Iterator[Json]:
    """Walk every text object below a node."""
    if isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "plain_text") and isinstance(node.get("text"), str):
            yield node
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def size(text: str) -> int:
    """Count a text as the most strict reading of Slack's "characters" does: one outside the BMP is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def elements(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Walk everything that can be pressed, chosen or filled in, with the id of its block."""
    for number, block in enumerate(blocks):
        block_id = str(block.get("block_id", f"b{number}"))
        if block["type"] == "input":
            yield block_id, block["element"]
        for element in block.get("elements", ()):
            if "action_id" in element:
                yield block_id, element
        if "accessory" in block:
            yield block_id, block["accessory"]


def pings(text: str, blocks: list[Json]) -> set[str]:
    """Return whom a message notifies: ids of people and groups, or "channel", "here", "everyone"."""
    found = set(_PINGS.findall(text)) if not blocks else set()
    for each in texts(blocks):
        if each["type"] == "mrkdwn":
            found |= set(_PINGS.findall(each["text"]))
            found |= set() if each.get("verbatim") else set(_PARSED.findall(each["text"]))
    return {name.removeprefix("@").removeprefix("!").removeprefix("subteam^") for name in found}


def _check_block(block: Json, path: str) -> None:
    kind = block.get("type")
    if kind not in _BLOCKS:
        _bad(f"unsupported type: {kind} [json-pointer:{path}/type]")
    if len(str(block.get("block_id", ""))) > 255:
        _bad(f"must be less than 256 characters [json-pointer:{path}/block_id]")
    if kind == "section":
        if "text" not in block and not block.get("fields"):
            _bad(f"must have a text or fields [json-pointer:{path}]")
        if "text" in block:
            _check_text(block["text"], "section", f"{path}/text")
        for field in block.get("fields", ()):
            _check_text(field, "field", f"{path}/fields")
    if kind == "header":
        _check_text(block.get("text"), "header", f"{path}/text")
    if kind == "context":
        if not 1 <= len(block.get("elements", ())) <= 10:
            _bad(f"no more than 10 items allowed [json-pointer:{path}/elements]")
        for element in block["elements"]:
            _check_text(element, "section", f"{path}/elements")
    if kind == "actions":
        held = block.get("elements", ())
        if not 1 <= len(held) <= 25:
            _bad(f"no more than 25 items allowed [json-pointer:{path}/elements]")
        ids = [element.get("action_id") for element in held]
        if len(ids) != len(set(ids)):
            _bad(f"`action_id` already exists [json-pointer:{path}/elements]")
        for element in held:
            _check_element(element, f"{path}/elements")
    if kind == "input":
        _check_text(block.get("label"), "label", f"{path}/label")
        _check_element(block.get("element"), f"{path}/element")


def _check_element(element: Any, path: str) -> None:
    if not isinstance(element, dict) or element.get("type") not in _INPUTS | {"button"}:
        _bad(f"unsupported element [json-pointer:{path}]")
    if not 1 <= len(str(element.get("action_id", ""))) <= 255:
        _bad(f"must be less than 256 characters [json-pointer:{path}/action_id]")
    if element["type"] == "button":
        _check_text(element.get("text"), "button", f"{path}/text")
        if len(str(element.get("value", ""))) > 2000 or element.get("style", "primary") not in ("primary", "danger"):
            _bad(f"value or style is not allowed [json-pointer:{path}]")
    if size(str((element.get("placeholder") or {}).get("text", ""))) > 150:
        _bad(f"must be less than 151 characters [json-pointer:{path}/placeholder]")
    if element["type"] == "plain_text_input":
        if not 1 <= int(element.get("max_length", 3000)) <= 3000:
            _bad(f"must be less than 3001 [json-pointer:{path}/max_length]")
        if size(str(element.get("initial_value", ""))) > int(element.get("max_length", 3000)):
            _bad(f"must not be longer than max_length [json-pointer:{path}/initial_value]")
    if element["type"].endswith("static_select") or element["type"] in ("radio_buttons", "checkboxes"):
        options = element.get("options", ())
        if not 1 <= len(options) <= 100:
            _bad(f"no more than 100 items allowed [json-pointer:{path}/options]")
        for option in options:
            _check_text(option.get("text"), "option", f"{path}/options")
        initial = element.get("initial_option")
        if initial is not None and initial not in options:
            _bad(f"initial_option does not match any option [json-pointer:{path}]")


def _check_text(text: Any, kind: str, path: str) -> None:
    limit = _TEXT_LIMITS[kind]
    if not isinstance(text, dict) or not isinstance(text.get("text"), str) or not 1 <= size(text["text"]) <= limit:
        _bad(f"must be more than 0 and less than {limit + 1} characters [json-pointer:{path}/text]")
    if kind in ("header", "button", "option", "label") and text.get("type") != "plain_text":
        _bad(f"must be plain_text [json-pointer:{path}/type]")


def _bad(message: str) -> NoReturn:
    raise SlackError("invalid_blocks", errors=[message], response_metadata={"messages": [f"[ERROR] {message}"]})
