"""REST: one channel: reading, changing and deleting it, and its permission overwrites."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.discord import render
from rehearsal.discord.call import NOTHING, Answer, Call, Route, ok, snowflake
from rehearsal.discord.errors import ApiError, Form, missing_permissions
from rehearsal.discord.guilds import Guilds
from rehearsal.discord.model import Channel, ChannelType, Json, Overwrite, Thread
from rehearsal.discord.permissions import P, Permissions, read_bits
from rehearsal.discord.rest_threads import check_archive_duration
from rehearsal.discord.threads import Threads
from rehearsal.discord.world import World


class ChannelRoutes:
    """What the bot may do with a channel, thread or direct message as a whole."""

    def __init__(self, world: World, guilds: Guilds, threads: Threads, permissions: Permissions) -> None:
        self._world = world
        self._guilds = guilds
        self._threads = threads
        self._permissions = permissions

    def routes(self) -> Iterator[Route]:
        yield Route("GET", "/channels/{channel_id}", self.get)
        yield Route("PATCH", "/channels/{channel_id}", self.edit)
        yield Route("DELETE", "/channels/{channel_id}", self.delete)
        yield Route("PUT", "/channels/{channel_id}/permissions/{target_id}", self.overwrite)
        yield Route("DELETE", "/channels/{channel_id}/permissions/{target_id}", self.remove_overwrite)
        yield Route("GET", "/guilds/{guild_id}/channels", self.all)
        yield Route("POST", "/guilds/{guild_id}/channels", self.create)

    async def get(self, call: Call) -> Answer:
        return ok(self._shown(self._permissions.visible(call.id("channel_id"), self._world.bot_id)))

    async def edit(self, call: Call) -> Answer:
        place, changes = self._permissions.visible(call.id("channel_id"), self._world.bot_id), call.json
        if place.type is ChannelType.DM:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        form = Form()
        if "name" in changes:
            form.length(("name",), changes["name"], 100, 1)
        form.length(("topic",), changes.get("topic"), 1024)
        check_archive_duration(form, changes)
        form.check()
        if place.thread is not None:
            self._may_change_thread(place, place.thread, changes)
            self._threads.change(place, changes)
            return ok(self._shown(place))
        needed = [P.MANAGE_CHANNELS]
        if "permission_overwrites" in changes:
            needed.append(P.MANAGE_ROLES)
            place_overwrites = _overwrites(changes["permission_overwrites"])
        self._permissions.require(place, self._world.bot_id, *needed)
        if "permission_overwrites" in changes:
            place.overwrites = place_overwrites
        place.name = _channel_name(changes.get("name", place.name))
        place.topic = changes.get("topic", place.topic)
        place.nsfw = bool(changes.get("nsfw", place.nsfw))
        place.position = int(changes.get("position", place.position) or 0)
        place.slowmode = int(changes.get("rate_limit_per_user", place.slowmode) or 0)
        if "parent_id" in changes:
            place.parent_id = None if changes["parent_id"] is None else snowflake(changes["parent_id"], "parent_id")
        self._guilds.channel_changed(place)
        return ok(self._shown(place))

    async def delete(self, call: Call) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        shown = self._shown(place)
        if place.type is ChannelType.DM:
            return ok(shown)
        if place.thread is not None:
            self._permissions.require(place, self._world.bot_id, P.MANAGE_THREADS)
            self._threads.delete(place)
        else:
            self._permissions.require(place, self._world.bot_id, P.MANAGE_CHANNELS)
            self._guilds.delete_channel(place)
        return ok(shown)

    async def overwrite(self, call: Call) -> Answer:
        place = self._rulable(call)
        body = call.json
        allow, deny = read_bits(body.get("allow") or 0, "allow"), read_bits(body.get("deny") or 0, "deny")
        target = call.id("target_id")
        self._guilds.overwrite(place, Overwrite(target, int(body.get("type") or 0), allow, deny))
        return NOTHING

    async def remove_overwrite(self, call: Call) -> Answer:
        self._guilds.remove_overwrite(self._rulable(call), call.id("target_id"))
        return NOTHING

    async def all(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        return ok([render.channel(self._world, place) for place in self._world.channels_of(guild.id)])

    async def create(self, call: Call) -> Answer:
        guild, body = self._world.guild(call.id("guild_id")), call.json
        self._permissions.require_in_guild(guild, self._world.bot_id, P.MANAGE_CHANNELS)
        form = Form()
        form.length(("name",), body.get("name"), 100, 1)
        form.length(("topic",), body.get("topic"), 1024)
        kind = body.get("type") or 0
        offered = (ChannelType.TEXT, ChannelType.CATEGORY)
        if kind not in offered:
            form.fail(("type",), "BASE_TYPE_CHOICES", "The rehearsal makes text channels (0) and categories (4).")
        form.check()
        parent = body.get("parent_id")
        place = self._guilds.add_channel(
            guild,
            _channel_name(body["name"]) if kind == ChannelType.TEXT else str(body["name"]),
            ChannelType(kind),
            topic=body.get("topic"),
            nsfw=bool(body.get("nsfw")),
            slowmode=int(body.get("rate_limit_per_user") or 0),
            parent_id=None if parent is None else snowflake(parent, "parent_id"),
            overwrites=_overwrites(body.get("permission_overwrites") or []),
        )
        return Answer(201, render.channel(self._world, place))

    def _rulable(self, call: Call) -> Channel:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        if place.guild_id is None or place.thread is not None:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        self._permissions.require(place, self._world.bot_id, P.MANAGE_ROLES)
        return place

    def _may_change_thread(self, place: Channel, thread: Thread, changes: Json) -> None:
        bot = self._world.bot_id
        held = self._permissions.in_channel(place, bot)
        if P.MANAGE_THREADS in held:
            allowed = True
        elif thread.archived and set(changes) == {"archived"} and not thread.locked:
            allowed = P.SEND_MESSAGES_IN_THREADS in held
        else:
            allowed = thread.owner_id == bot and "locked" not in changes and not thread.locked
        if not allowed:
            raise missing_permissions()
        if thread.archived and changes.get("archived", True) and set(changes) - {"archived", "locked"}:
            raise ApiError(400, 50083, "Thread is archived")

    def _shown(self, place: Channel) -> Json:
        body = render.channel(self._world, place)
        if place.thread is not None and self._world.bot_id in place.thread.members:
            body["member"] = render.thread_member(place, self._world.bot_id)
        return body


def _overwrites(entries: list[Json]) -> dict[int, Overwrite]:
    found: dict[int, Overwrite] = {}
    for entry in entries:
        target = snowflake(entry.get("id"), "permission_overwrites")
        allow, deny = read_bits(entry.get("allow") or 0, "allow"), read_bits(entry.get("deny") or 0, "deny")
        found[target] = Overwrite(target, int(entry.get("type") or 0), allow, deny)
    return found


def _channel_name(name: object) -> str:
    return "-".join(str(name).lower().split())
