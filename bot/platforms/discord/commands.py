"""The commands as Discord is told about them: their words from the message files, sent only when they changed.

Code gives a command its name and its options; `content/messages/<locale>/discord.yaml` gives all that people
read, under `discord.command.<command>...`. So the payload is worded on its way out, not at import.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

from discord import app_commands

from bot.ports.words import Words

_log = logging.getLogger(__name__)

_SUBCOMMANDS = frozenset({1, 2})
_CHAT_INPUT = 1
_HASH_FILE = "discord-commands.sha256"

Json = dict[str, Any]


def worded(payload: Json, words: Words, path: str = "discord.command") -> Json:
    """Return a command's payload with every description and choice in words. Raises KeyError if some are missing."""
    if payload.get("type", _CHAT_INPUT) != _CHAT_INPUT and path == "discord.command":
        return payload  # a context menu has a name alone
    here = f"{path}.{payload['name'].replace('-', '_')}"
    return {
        **payload,
        "description": words.say(f"{here}.description"),
        "options": [_option(option, words, here) for option in payload.get("options", ())],
    }


def _option(option: Json, words: Words, path: str) -> Json:
    if option["type"] in _SUBCOMMANDS:
        return worded(option, words, path)
    here = f"{path}.{option['name']}"
    said = {**option, "description": words.say(here)}
    if option.get("choices"):
        said["choices"] = [
            {**choice, "name": words.say(f"{path}.choices.{option['name']}.{choice['name']}")}
            for choice in option["choices"]
        ]
    return said


async def sync(tree: app_commands.CommandTree[Any], words: Words, data_dir: Path | None) -> bool:
    """Tell Discord the commands if they changed since `data_dir` last saw them told; say whether it did.

    What Discord has is looked at too, for a hash of ours does not know of a command that was lost there.
    """
    client = tree.client
    assert client.application_id is not None  # noqa: S101  # the login gave it
    payload = [worded(command.to_dict(tree), words) for command in tree.get_commands()]
    digest = hashlib.sha256(json.dumps([client.application_id, payload], sort_keys=True).encode()).hexdigest()
    note = None if data_dir is None else data_dir / _HASH_FILE
    there = {command.name for command in await tree.fetch_commands()}
    told = note is not None and note.is_file() and note.read_text(encoding="ascii").strip() == digest
    if told and there == {command["name"] for command in payload}:
        return False
    await client.http.bulk_upsert_global_commands(client.application_id, payload)
    if note is not None:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(digest, encoding="ascii")
    _log.info("told Discord %d commands", len(payload))
    return True
