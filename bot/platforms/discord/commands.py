"""The commands as Discord is told about them: their words from the message files, sent only when they changed.

Code gives a command its name and its options; `content/messages/<locale>/discord.yaml` gives all that people
read, under `discord.command.<command>...`. So the payload is worded on its way out, not at import, in every language
that there are words in: Discord shows each person her own. Names of commands stay, for people tell them one another.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.ports.words import Words

_log = logging.getLogger(__name__)

_SUBCOMMANDS = frozenset({1, 2})
_CHAT_INPUT = 1
_HASH_FILE = "discord-commands.sha256"
_MENUS = ("moderate", "flag", "missed", "bring")

Json = dict[str, Any]


def worded(payload: Json, words: Words, path: str = "discord.command") -> Json:
    """Return a command's payload with every description and choice in words. Raises KeyError if some are missing."""
    if payload.get("type", _CHAT_INPUT) != _CHAT_INPUT and path == "discord.command":
        return {**payload, **_menu(payload["name"], words)}
    here = f"{path}.{payload['name'].replace('-', '_')}"
    return {
        **payload,
        **_said("description", f"{here}.description", words),
        "options": [_option(option, words, here) for option in payload.get("options", ())],
    }


def _option(option: Json, words: Words, path: str) -> Json:
    if option["type"] in _SUBCOMMANDS:
        return worded(option, words, path)
    here = f"{path}.{option['name']}"
    said = {**option, **_said("description", here, words)}
    if option.get("choices"):
        said["choices"] = [
            {**choice, **_said("name", f"{path}.choices.{option['name']}.{choice['name']}", words)}
            for choice in option["choices"]
        ]
    return said


def _menu(name: str, words: Words) -> Json:
    key = next((f"discord.menu.{menu}" for menu in _MENUS if words.say(f"discord.menu.{menu}") == name), None)
    return {} if key is None else _said("name", key, words)


def _said(what: str, key: str, words: Words) -> Json:
    """Return a text in English with what Discord calls its localizations, one for each of its locales that we speak."""
    locales = (each.value for each in discord.Locale if each.value.split("-")[0] in set(words.locales) - {"en"})
    return {what: words.say(key), f"{what}_localizations": {locale: words.say(key, locale) for locale in locales}}


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
