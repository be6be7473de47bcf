"""Application commands as the bot registers them: Discord's limits, and whom each is shown to."""

from __future__ import annotations

import re
from typing import Any

from rehearsal.discord.errors import Form
from rehearsal.discord.model import Channel, Json
from rehearsal.discord.permissions import P, Permissions
from rehearsal.discord.world import World

CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 9, 10, 11
MOST_COMMANDS = {CHAT_INPUT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
MOST_OPTIONS = 25
_NAME = re.compile(r"[-_'\w]{1,32}")

Path = tuple[str | int, ...]


class ApplicationCommands:
    """The commands of the world's one application."""

    def __init__(self, world: World, permissions: Permissions) -> None:
        self._world = world
        self._permissions = permissions

    def replace(self, guild_id: int | None, entries: list[Json]) -> list[Json]:
        """Make `entries` the whole list for a server (or globally); ids of same-named commands stay."""
        form = Form()
        for index, entry in enumerate(entries):
            _check(form, (index,), entry)
        for kind, most in MOST_COMMANDS.items():
            if sum(1 for entry in entries if entry.get("type", 1) == kind) > most:
                form.fail((), "APPLICATION_COMMANDS_LIMIT", f"Maximum number of application commands ({most})")
        form.check()
        before = {_key(command): command for command in self._world.commands.get(guild_id, {}).values()}
        kept: dict[int, Json] = {}
        for entry in entries:
            command = self._complete(entry, guild_id, before.get(_key(entry)))
            kept[int(command["id"])] = command
        self._world.commands[guild_id] = kept
        self._changed(guild_id)
        return list(kept.values())

    def upsert(self, guild_id: int | None, entry: Json) -> tuple[Json, bool]:
        """Add a command or overwrite the one of the same name and kind; return it and whether it is new."""
        form = Form()
        _check(form, (), entry)
        form.check()
        standing = self._world.commands.setdefault(guild_id, {})
        earlier = next((c for c in standing.values() if _key(c) == _key(entry)), None)
        command = self._complete(entry, guild_id, earlier)
        standing[int(command["id"])] = command
        self._changed(guild_id)
        return command, earlier is None

    def remove(self, guild_id: int | None, command_id: int) -> None:
        """Take a command away; KeyError when there is none."""
        del self._world.commands.get(guild_id, {})[command_id]
        self._changed(guild_id)

    def shown_to(self, user_id: int, place: Channel) -> list[Json]:
        """Return the commands this person may use in this place."""
        held = self._permissions.in_channel(place, user_id)
        if not held & P.USE_APPLICATION_COMMANDS:
            return []
        context = 0 if place.guild_id is not None else 1
        found = list(self._world.commands[None].values())
        if place.guild_id is not None:
            found += self._world.commands.get(place.guild_id, {}).values()
        return [c for c in found if _fits(c, context) and (context == 1 or _allowed(c, held))]

    def _complete(self, entry: Json, guild_id: int | None, earlier: Json | None) -> Json:
        fresh = str(self._world.snowflakes.next())
        command: Json = {
            "type": CHAT_INPUT,
            "description": "",
            "options": [],
            "default_member_permissions": None,
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
            "name_localizations": None,
            "description_localizations": None,
        }
        command |= {name: value for name, value in entry.items() if name not in ("id", "application_id", "version")}
        command["id"] = earlier["id"] if earlier is not None else fresh
        command["application_id"] = str(self._world.application.id)
        command["version"] = fresh
        if command["default_member_permissions"] is not None:
            command["default_member_permissions"] = str(command["default_member_permissions"])
        if guild_id is not None:
            command["guild_id"] = str(guild_id)
        return command

    def _changed(self, guild_id: int | None) -> None:
        # Not an event of the real gateway: only the page listens for it.
        self._world.publish("COMMANDS_CHANGED", {}, guild_id=guild_id)


def _key(command: Json) -> tuple[Any, Any]:
    return command.get("type", CHAT_INPUT), command.get("name")


def _fits(command: Json, context: int) -> bool:
    contexts = command.get("contexts")
    if contexts is not None:
        return context in contexts
    return context == 0 or (bool(command.get("dm_permission", True)) and "guild_id" not in command)


def _allowed(command: Json, held: P) -> bool:
    wanted = command.get("default_member_permissions")
    if wanted is None or P.ADMINISTRATOR in held:
        return True
    return int(wanted) != 0 and P(int(wanted)) in held


def _check(form: Form, path: Path, entry: Json) -> None:
    kind = entry.get("type", CHAT_INPUT)
    form.length((*path, "name"), entry.get("name"), 32, 1)
    if kind == CHAT_INPUT:
        _check_name(form, (*path, "name"), entry.get("name"))
        form.length((*path, "description"), entry.get("description"), 100, 1)
        _check_options(form, path, entry.get("options") or [])
    elif kind in (USER_MENU, MESSAGE_MENU):
        if entry.get("description") or entry.get("options"):
            form.fail((*path, "description"), "APPLICATION_COMMAND_INVALID_FIELD", "Not allowed for a context menu")
    else:
        form.fail((*path, "type"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3).")


def _check_options(form: Form, path: Path, options: list[Json]) -> None:
    if len(options) > MOST_OPTIONS:
        form.fail((*path, "options"), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_OPTIONS} or fewer in length.")
    optional_seen = False
    names: set[str] = set()
    for index, option in enumerate(options):
        where: Path = (*path, "options", index)
        name = option.get("name")
        _check_name(form, (*where, "name"), name)
        form.length((*where, "description"), option.get("description"), 100, 1)
        if name in names:
            form.fail((*where, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Duplicate option name")
        names.add(str(name))
        if option.get("type") in (SUB_COMMAND, SUB_COMMAND_GROUP):
            _check_options(form, where, option.get("options") or [])
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            form.fail((*where, "required"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        if len(option.get("choices") or []) > MOST_OPTIONS:
            form.fail((*where, "choices"), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_OPTIONS} or fewer in length.")
        for place, choice in enumerate(option.get("choices") or []):
            form.length((*where, "choices", place, "name"), choice.get("name"), 100, 1)


def _check_name(form: Form, path: Path, name: Any) -> None:
    if not isinstance(name, str) or _NAME.fullmatch(name) is None or name != name.lower():
        form.fail(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
