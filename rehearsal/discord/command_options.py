"""From what a person typed into a slash command to the option tree Discord sends to the bot."""

from __future__ import annotations

import base64
import mimetypes
from typing import Any

from rehearsal.discord import application_commands as ac
from rehearsal.discord import render, render_guild
from rehearsal.discord.errors import Refused
from rehearsal.discord.interaction_events import UPLOAD_LIMIT
from rehearsal.discord.model import Attachment, Channel, Json
from rehearsal.discord.permissions import Permissions
from rehearsal.discord.world import World

_NESTED = (ac.SUB_COMMAND, ac.SUB_COMMAND_GROUP)


class OptionReader:
    """Checks and converts the options of one use of a command, collecting what they refer to."""

    def __init__(self, world: World, permissions: Permissions, place: Channel) -> None:
        self._world = world
        self._permissions = permissions
        self._place = place
        self.resolved: Json = {}

    def read(self, defined: list[Json], given: Json, focused: str | None = None) -> list[Json]:
        """Return the option tree; with `focused` (an option's name) for autocomplete, half-typed.

        Raises Refused with a sentence for a missing, unknown or unfit option.
        """
        by_name = {option["name"]: option for option in defined}
        unknown = sorted(set(given) - set(by_name))
        if unknown:
            raise Refused(f"There is no option “{unknown[0]}” here.")
        if any(option["type"] in _NESTED for option in defined) and len(given) != 1:
            raise Refused("Choose one of: " + ", ".join(by_name) + ".")
        tree: list[Json] = []
        for option in defined:
            name = option["name"]
            if name not in given:
                if option.get("required") and focused is None:
                    raise Refused(f"“{name}” is needed.")
                continue
            if option["type"] in _NESTED:
                inner = self.read(option.get("options") or [], dict(given[name] or {}), focused)
                tree.append({"name": name, "type": option["type"], "options": inner})
            elif name == focused:
                tree.append({"name": name, "type": option["type"], "value": str(given[name]), "focused": True})
            else:
                value = self._value(option, given[name], lenient=focused is not None)
                tree.append({"name": name, "type": option["type"], "value": value})
        return tree

    def refer_to(self, kind: str, thing_id: int) -> None:
        """Describe a user, role, channel or message among the resolved things."""
        world, guild_id = self._world, self._place.guild_id
        if kind == "users":
            self.resolved.setdefault("users", {})[str(thing_id)] = render.user(world.users[thing_id])
            if guild_id is not None and thing_id in world.guilds[guild_id].members:
                member = world.guilds[guild_id].members[thing_id]
                body = render.member(world, member, with_user=False)
                body["permissions"] = str(int(self._permissions.in_channel(self._place, thing_id)))
                self.resolved.setdefault("members", {})[str(thing_id)] = body
        elif kind == "roles" and guild_id is not None:
            self.resolved.setdefault("roles", {})[str(thing_id)] = render_guild.role(
                world.guilds[guild_id].roles[thing_id]
            )
        elif kind == "channels":
            place = world.channels[thing_id]
            body = render.channel(world, place)
            body["permissions"] = str(int(self._permissions.in_channel(place, world.bot_id)))
            self.resolved.setdefault("channels", {})[str(thing_id)] = body
        elif kind == "messages":
            message = world.messages[self._place.id][thing_id]
            self.resolved.setdefault("messages", {})[str(thing_id)] = render.message(world, message)

    def things(self, kind: int, user_id: int) -> dict[str, set[int]]:
        """Return the ids a person may pick for an option or select of this type, by what they are."""
        world, guild_id = self._world, self._place.guild_id
        found: dict[str, set[int]] = {}
        if kind in (ac.USER, ac.MENTIONABLE):
            found["users"] = set(world.users) if guild_id is None else set(world.guilds[guild_id].members)
        if kind in (ac.ROLE, ac.MENTIONABLE) and guild_id is not None:
            found["roles"] = set(world.guilds[guild_id].roles)
        if kind == ac.CHANNEL:
            seen = (c for c in world.channels.values() if c.guild_id == guild_id and guild_id is not None)
            found["channels"] = {c.id for c in seen if user_id == 0 or self._permissions.can_see(c, user_id)}
        return found

    def _value(self, option: Json, value: Any, *, lenient: bool) -> Any:
        kind, name = option["type"], option["name"]
        if kind in (ac.USER, ac.ROLE, ac.CHANNEL, ac.MENTIONABLE):
            return self._thing(option, value)
        if kind == ac.ATTACHMENT:
            return self._file(option, value)
        if kind == ac.BOOLEAN:
            if not isinstance(value, bool):
                raise Refused(f"“{name}” is a yes or no.")
            return value
        if kind in (ac.INTEGER, ac.NUMBER):
            return self._number(option, value)
        text = str(value)
        choices = option.get("choices") or []
        if choices and text not in {str(choice["value"]) for choice in choices} and not lenient:
            raise Refused(f"“{name}” must be one of the listed choices.")
        if not lenient and not option.get("min_length", 0) <= len(text) <= option.get("max_length", 6000):
            raise Refused(f"“{name}” has the wrong length.")
        return text

    def _file(self, option: Json, value: Any) -> str:
        """Take a file in, as `{"filename": ..., "content": <Base64>}`, and put it where the bot can fetch it."""
        try:
            filename, content = str(value["filename"]), base64.b64decode(value["content"], validate=True)
        except (TypeError, KeyError, ValueError):
            raise Refused(f"“{option['name']}” is a file.") from None
        if not filename or "/" in filename or len(content) > UPLOAD_LIMIT:
            raise Refused(f"“{option['name']}” has no name that can be used, or is too large.")
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        file = Attachment(self._world.snowflakes.next(), filename, len(content), kind)
        self._world.files[file.id] = content
        self.resolved.setdefault("attachments", {})[str(file.id)] = render.given_file(self._world, self._place.id, file)
        return str(file.id)

    @staticmethod
    def _number(option: Json, value: Any) -> float | int:
        name = option["name"]
        try:
            number = int(value) if option["type"] == ac.INTEGER else float(value)
        except (TypeError, ValueError):
            raise Refused(f"“{name}” is a number.") from None
        choices = option.get("choices") or []
        if choices and number not in {choice["value"] for choice in choices}:
            raise Refused(f"“{name}” must be one of the listed choices.")
        if not option.get("min_value", number) <= number <= option.get("max_value", number):
            raise Refused(f"“{name}” is too small or too large.")
        return number

    def _thing(self, option: Json, value: Any) -> str:
        text = str(value)
        for kind, ids in self.things(option["type"], 0).items():
            if text.isdigit() and int(text) in ids:
                allowed = option.get("channel_types")
                if kind == "channels" and allowed and int(self._world.channels[int(text)].type) not in allowed:
                    break
                self.refer_to(kind, int(text))
                return text
        raise Refused(f"“{option['name']}” does not fit: choose one from the list.")
