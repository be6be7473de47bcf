"""REST: threads and who is in them."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.discord import render, thread_life
from rehearsal.discord.call import NOTHING, Answer, Call, Route, created, ok
from rehearsal.discord.errors import ApiError, Form, missing_permissions, unknown
from rehearsal.discord.model import Channel, ChannelType, Json, Thread
from rehearsal.discord.permissions import P, Permissions
from rehearsal.discord.threads import Plan, Threads
from rehearsal.discord.world import World

DURATIONS = (60, 1440, 4320, 10080)
_PARENTS = (ChannelType.TEXT, ChannelType.ANNOUNCEMENT)


class ThreadRoutes:
    """What the bot may do with threads over REST; changing and deleting one is in `rest_channels`."""

    def __init__(self, world: World, threads: Threads, permissions: Permissions) -> None:
        self._world = world
        self._threads = threads
        self._permissions = permissions

    def routes(self) -> Iterator[Route]:
        base = "/channels/{channel_id}"
        yield Route("POST", base + "/messages/{message_id}/threads", self.open_on)
        yield Route("POST", base + "/threads", self.open)
        yield Route("GET", base + "/threads/archived/public", self.archived_public)
        yield Route("GET", base + "/threads/archived/private", self.archived_private)
        yield Route("PUT", base + "/thread-members/@me", self.join)
        yield Route("DELETE", base + "/thread-members/@me", self.leave)
        yield Route("GET", base + "/thread-members", self.members)
        yield Route("GET", base + "/thread-members/{user_id}", self.member)
        yield Route("PUT", base + "/thread-members/{user_id}", self.add)
        yield Route("DELETE", base + "/thread-members/{user_id}", self.remove)
        yield Route("GET", "/guilds/{guild_id}/threads/active", self.active)

    async def open_on(self, call: Call) -> Answer:
        parent = self._parent(call)
        self._permissions.require(parent, self._world.bot_id, P.CREATE_PUBLIC_THREADS)
        message = self._world.message(parent.id, call.id("message_id"))
        if message.id in self._world.channels:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        place = self._threads.open_on(parent, message, self._world.bot_id, self._read(call.json))
        return created(self._shown(place))

    async def open(self, call: Call) -> Answer:
        parent, body = self._parent(call), call.json
        kind = (
            ChannelType.PUBLIC_THREAD if body.get("type") == ChannelType.PUBLIC_THREAD else ChannelType.PRIVATE_THREAD
        )
        public = kind is ChannelType.PUBLIC_THREAD
        needed = P.CREATE_PUBLIC_THREADS if public else P.CREATE_PRIVATE_THREADS
        self._permissions.require(parent, self._world.bot_id, needed)
        invitable = bool(body.get("invitable", True))
        place = self._threads.open(parent, kind, self._world.bot_id, self._read(body), invitable=invitable)
        return created(self._shown(place))

    async def join(self, call: Call) -> Answer:
        place, thread = self._thread(call)
        _not_archived(thread)
        thread_life.join(self._world, place, self._world.bot_id)
        return NOTHING

    async def leave(self, call: Call) -> Answer:
        place, thread = self._thread(call)
        _not_archived(thread)
        thread_life.leave(self._world, place, self._world.bot_id)
        return NOTHING

    async def add(self, call: Call) -> Answer:
        place, thread = self._thread(call)
        _not_archived(thread)
        held = self._permissions.require(place, self._world.bot_id, P.SEND_MESSAGES_IN_THREADS)
        private = place.type is ChannelType.PRIVATE_THREAD and not thread.invitable
        if private and thread.owner_id != self._world.bot_id and P.MANAGE_THREADS not in held:
            raise missing_permissions()
        guild = self._world.guilds[place.guild_id or 0]
        user_id = call.id("user_id")
        if user_id not in guild.members:
            raise unknown("Member")
        thread_life.join(self._world, place, user_id)
        return NOTHING

    async def remove(self, call: Call) -> Answer:
        place, thread = self._thread(call)
        _not_archived(thread)
        own = place.type is ChannelType.PRIVATE_THREAD and thread.owner_id == self._world.bot_id
        if not own:
            self._permissions.require(place, self._world.bot_id, P.MANAGE_THREADS)
        thread_life.leave(self._world, place, call.id("user_id"))
        return NOTHING

    async def members(self, call: Call) -> Answer:
        place, thread = self._thread(call)
        return ok([render.thread_member(place, user_id) for user_id in thread.members])

    async def member(self, call: Call) -> Answer:
        place, thread = self._thread(call)
        if call.id("user_id") not in thread.members:
            raise unknown("Member")
        return ok(render.thread_member(place, call.id("user_id")))

    async def active(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        found = [
            c
            for c in self._world.channels.values()
            if c.guild_id == guild.id and c.thread is not None and not c.thread.archived
            if self._permissions.can_see(c, self._world.bot_id)
        ]
        return ok(self._listed(found))

    async def archived_public(self, call: Call) -> Answer:
        return self._archived(call, ChannelType.PUBLIC_THREAD)

    async def archived_private(self, call: Call) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        self._permissions.require(place, self._world.bot_id, P.MANAGE_THREADS)
        return self._archived(call, ChannelType.PRIVATE_THREAD)

    def _archived(self, call: Call, kind: ChannelType) -> Answer:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        self._permissions.require(place, self._world.bot_id, P.READ_MESSAGE_HISTORY)
        threads = [c for c in self._world.threads_of(place.id) if c.type is kind]
        dated = [(c.thread.archived_at, c) for c in threads if c.thread is not None and c.thread.archived]
        before = call.query("before")
        if before is not None:
            dated = [(at, c) for at, c in dated if render.iso(at) < before]
        dated.sort(key=lambda pair: (pair[0], pair[1].id), reverse=True)
        limit = call.query_number("limit", 50, 2, 100)
        listed = self._listed([c for _, c in dated[:limit]])
        return ok({**listed, "has_more": len(dated) > limit})

    def _listed(self, threads: list[Channel]) -> Json:
        bot = self._world.bot_id
        mine = [render.thread_member(c, bot) for c in threads if c.thread is not None and bot in c.thread.members]
        return {"threads": [render.channel(self._world, c) for c in threads], "members": mine}

    def _shown(self, place: Channel) -> Json:
        return {**render.channel(self._world, place), "member": render.thread_member(place, self._world.bot_id)}

    def _parent(self, call: Call) -> Channel:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        if place.type not in _PARENTS:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        return place

    def _thread(self, call: Call) -> tuple[Channel, Thread]:
        place = self._permissions.visible(call.id("channel_id"), self._world.bot_id)
        if place.thread is None:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        return place, place.thread

    @staticmethod
    def _read(body: Json) -> Plan:
        form = Form()
        form.length(("name",), body.get("name"), 100, 1)
        check_archive_duration(form, body)
        form.check()
        minutes = body.get("auto_archive_duration") or 1440
        return Plan(str(body["name"]), int(minutes), int(body.get("rate_limit_per_user") or 0))


def check_archive_duration(form: Form, body: Json) -> None:
    """Note an auto_archive_duration that Discord does not offer."""
    minutes = body.get("auto_archive_duration")
    if minutes is not None and minutes not in DURATIONS:
        form.fail(("auto_archive_duration",), "BASE_TYPE_CHOICES", f"Value must be one of {DURATIONS}.")


def _not_archived(thread: Thread) -> None:
    if thread.archived:
        raise ApiError(400, 50083, "Thread is archived")
