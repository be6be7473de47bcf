"""The gateway websocket: identify, events in order, heartbeats, and resuming with what was missed."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from rehearsal.clock import Stopwatch
from rehearsal.discord import intents, render, render_guild
from rehearsal.discord.gateway_faults import GatewayFaults
from rehearsal.discord.gateway_session import Connection, Session
from rehearsal.discord.model import Guild, Json
from rehearsal.discord.permissions import Permissions
from rehearsal.discord.world import Happening, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11
HEARTBEAT_EVERY_MS = 41_250
ACK_AFTER = 0.05
"""Seconds. An acknowledgement without any delay overtakes discord.py's own note of when it sent the heartbeat."""
RESUMABLE_FOR = 180.0
"""Seconds a session outlives its connection."""
MEMBERS_A_CHUNK = 1000
_ENDS = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Gateway:
    """All sessions of the bot."""

    def __init__(self, world: World, permissions: Permissions, stopwatch: Stopwatch, faults: GatewayFaults) -> None:
        self._world = world
        self._permissions = permissions
        self._stopwatch = stopwatch
        self.faults = faults
        self.sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self.identifies = 0
        self.resumes = 0
        world.listen(self._happened)
        faults.attach(self)

    @property
    def connected(self) -> bool:
        """Whether any session of the bot is connected now."""
        return any(session.connection is not None for session in self.sessions.values())

    def url(self) -> str:
        """Return the websocket address a client is told to connect to."""
        return self._world.base_url.replace("http", "ws", 1) + "/gateway"

    def dispatch(self, name: str, data: Json, guild_id: int | None) -> None:
        """Send an event to each session whose shard takes it, intents aside."""
        for session in self.sessions.values():
            if session.takes(guild_id):
                self._send_event(session, name, data)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Handle one websocket from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=16 * 1024, compress=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        connection.put(_frame(HELLO, {"heartbeat_interval": HEARTBEAT_EVERY_MS, "_trace": []}))
        session: Session | None = None
        try:
            if request.query.get("v", "10") != "10":
                await connection.close(4012, "Invalid API version.")
            while (message := await socket.receive()).type not in _ENDS:
                if message.type is not WSMsgType.TEXT:
                    await connection.close(4002, "Error while decoding payload.")
                    break
                if not connection.may_send(self._stopwatch.seconds()):
                    await connection.close(4008, "Rate limited.")
                    break
                session = await self._received(connection, session, message.data)
            said_goodbye = message.type is WSMsgType.CLOSE and message.data in (1000, 1001)
            if said_goodbye and session is not None and session.connection is connection:
                self.sessions.pop(session.id, None)
        finally:
            self._connections.discard(connection)
            await connection.finished()
            if session is not None and session.connection is connection:
                session.leave(self._stopwatch.seconds())
        return socket

    async def close(self) -> None:
        """End every connection with 1001."""
        for connection in tuple(self._connections):
            await connection.close(1001, "Going away")

    async def _received(self, connection: Connection, session: Session | None, text: str) -> Session | None:
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            await connection.close(4002, "Error while decoding payload.")
            return session
        if op == HEARTBEAT:
            asyncio.get_running_loop().call_later(ACK_AFTER, connection.put, _frame(HEARTBEAT_ACK, None))
        elif op == IDENTIFY:
            if session is not None:
                await connection.close(4005, "Already authenticated.")
                return session
            return await self._identify(connection, data)
        elif op == RESUME:
            return await self._resume(connection, data)
        elif session is None:
            await connection.close(4003, "Not authenticated.")
        elif op == REQUEST_MEMBERS:
            self._send_members(session, data)
        elif op not in (PRESENCE, VOICE_STATE):
            await connection.close(4001, "Unknown opcode.")
        return session

    async def _identify(self, connection: Connection, data: Json) -> Session | None:
        application = self._world.application
        if data.get("token") != application.token:
            await connection.close(4004, "Authentication failed.")
            return None
        wanted = data.get("intents")
        if not isinstance(wanted, int) or wanted < 0 or wanted & ~intents.KNOWN:
            await connection.close(4013, "Invalid intent(s).")
            return None
        if wanted & intents.not_allowed(application):
            await connection.close(4014, "Disallowed intent(s).")
            return None
        shard = data.get("shard") or [0, 1]
        if not 0 <= shard[0] < shard[1]:
            await connection.close(4010, "Invalid shard.")
            return None
        self._forget_lost()
        self.identifies += 1
        session = Session(secrets.token_hex(16), wanted, (shard[0], shard[1]))
        session.connection = connection
        self.sessions[session.id] = session
        guilds = [g for g in self._world.guilds.values() if self._world.bot_id in g.members and session.takes(g.id)]
        ready = {
            "v": 10,
            "user": {**render.user(self._world.users[self._world.bot_id]), "verified": True, "mfa_enabled": True},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url(),
            "shard": list(session.shard),
            "application": {
                "id": str(application.id),
                "flags": render_guild.application_flags(application),
            },
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "user_settings": {},
            "guild_join_requests": [],
        }
        self._send_event(session, "READY", ready)
        if wanted & intents.GUILDS:
            for guild in guilds:
                self._send_event(session, "GUILD_CREATE", self._guild_create(guild, wanted))
        return session

    async def _resume(self, connection: Connection, data: Json) -> Session | None:
        self._forget_lost()
        session = self.sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        if data.get("token") != self._world.application.token:
            await connection.close(4004, "Authentication failed.")
            return None
        oldest = session.sent[0][0] if session is not None and session.sent else 1
        if session is None or not isinstance(seq, int) or seq + 1 < oldest:
            connection.put(_frame(INVALID_SESSION, False))
            return None
        if seq > session.seq:
            await connection.close(4007, "Invalid seq.")
            return None
        if session.connection is not None:
            session.connection.drop()
        self.resumes += 1
        for number, frame in session.sent:
            if number > seq:
                connection.put(frame)
        session.connection = connection
        self._send_event(session, "RESUMED", {"_trace": []})
        return session

    def _forget_lost(self) -> None:
        now = self._stopwatch.seconds()
        for session in list(self.sessions.values()):
            lost = session.connection is None and session.left_at is not None
            if lost and now - (session.left_at or 0.0) > RESUMABLE_FOR:
                del self.sessions[session.id]

    def _send_event(self, session: Session, name: str, data: Json) -> None:
        session.seq += 1
        frame = json.dumps({"op": DISPATCH, "t": name, "s": session.seq, "d": data})
        session.sent.append((session.seq, frame))
        if session.connection is not None:
            for shaped in self.faults.shape(name, frame, session.connection.put):
                session.connection.put(shaped)

    def _happened(self, happening: Happening) -> None:
        for session in self.sessions.values():
            if not session.takes(happening.guild_id):
                continue
            if not session.intents & intents.needed(happening.name, in_guild=happening.guild_id is not None):
                continue
            if not self._bot_sees(happening):
                continue
            data = happening.data
            told = happening.message if happening.name in ("MESSAGE_CREATE", "MESSAGE_UPDATE") else None
            if told is not None and intents.hides_content(self._world, told, session.intents):
                data = render.without_content(data)
            self._send_event(session, happening.name, data)

    def _bot_sees(self, happening: Happening) -> bool:
        if happening.private_to is not None:
            return happening.message is not None and happening.message.author_id == self._world.bot_id
        place = None if happening.channel_id is None else self._world.channels.get(happening.channel_id)
        if place is None or happening.name in intents.CHANNEL_EVENTS:
            return True
        return self._permissions.can_see(place, self._world.bot_id)

    def _guild_create(self, guild: Guild, wanted: int) -> Json:
        world = self._world
        threads = [
            {**render.channel(world, place), **_own_membership(place, world.bot_id)}
            for place in world.channels.values()
            if place.guild_id == guild.id and place.thread is not None and not place.thread.archived
            if self._permissions.can_see(place, world.bot_id)
        ]
        whole = bool(wanted & intents.GUILD_PRESENCES)
        shown = guild.members.values() if whole else [guild.members[world.bot_id]]
        return {
            **render_guild.guild(world, guild),
            "joined_at": render.iso(guild.members[world.bot_id].joined_at),
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [render.member(world, person) for person in shown],
            "channels": [render.channel(world, place) for place in world.channels_of(guild.id)],
            "threads": threads,
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        everyone = list(guild.members.values())
        wanted_ids = data.get("user_ids")
        if wanted_ids is not None:
            ids = {int(one) for one in (wanted_ids if isinstance(wanted_ids, list) else [wanted_ids])}
            found = [person for person in everyone if person.user_id in ids]
        else:
            start = str(data.get("query") or "").casefold()
            if not start and not data.get("limit") and not session.intents & intents.GUILD_MEMBERS:
                found = []
            else:
                names = self._world.users
                found = [p for p in everyone if names[p.user_id].username.casefold().startswith(start)]
                found = found[: data.get("limit") or None]
        chunks = [found[i : i + MEMBERS_A_CHUNK] for i in range(0, len(found), MEMBERS_A_CHUNK)] or [[]]
        for index, chunk in enumerate(chunks):
            body: Json = {
                "guild_id": str(guild.id),
                "members": [render.member(self._world, person) for person in chunk],
                "chunk_index": index,
                "chunk_count": len(chunks),
                "not_found": [],
            }
            if data.get("nonce") is not None:
                body["nonce"] = data["nonce"]
            self._send_event(session, "GUILD_MEMBERS_CHUNK", body)


def _own_membership(place: Any, bot_id: int) -> Json:
    if bot_id not in place.thread.members:
        return {}
    return {"member": render.thread_member(place, bot_id)}


def _frame(op: int, data: Any) -> str:
    return json.dumps({"op": op, "d": data, "s": None, "t": None})
