"""REST: a server, its roles and its members."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from rehearsal.discord import render, render_guild
from rehearsal.discord.call import NOTHING, Answer, Call, Route, ok, snowflake
from rehearsal.discord.errors import Form, missing_permissions, unknown
from rehearsal.discord.guilds import Guilds
from rehearsal.discord.model import Guild, Member, Role
from rehearsal.discord.permissions import P, Permissions, read_bits
from rehearsal.discord.world import World


class GuildRoutes:
    """What the bot may do with a server."""

    def __init__(self, world: World, guilds: Guilds, permissions: Permissions) -> None:
        self._world = world
        self._guilds = guilds
        self._permissions = permissions

    def routes(self) -> Iterator[Route]:
        base = "/guilds/{guild_id}"
        yield Route("GET", base, self.get)
        yield Route("GET", base + "/roles", self.roles)
        yield Route("POST", base + "/roles", self.add_role)
        yield Route("GET", base + "/roles/{role_id}", self.role)
        yield Route("PATCH", base + "/roles/{role_id}", self.edit_role)
        yield Route("DELETE", base + "/roles/{role_id}", self.delete_role)
        yield Route("GET", base + "/members", self.members)
        yield Route("GET", base + "/members/search", self.search)
        yield Route("GET", base + "/members/{user_id}", self.member)
        yield Route("PATCH", base + "/members/{user_id}", self.edit_member)
        yield Route("PUT", base + "/members/{user_id}/roles/{role_id}", self.give_role)
        yield Route("DELETE", base + "/members/{user_id}/roles/{role_id}", self.take_role)

    async def get(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        body = render_guild.guild(self._world, guild)
        if (call.query("with_counts") or "").lower() in ("1", "true"):
            body["approximate_member_count"] = body["approximate_presence_count"] = len(guild.members)
        return ok(body)

    async def roles(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        return ok([render_guild.role(role) for role in guild.roles.values()])

    async def role(self, call: Call) -> Answer:
        return ok(render_guild.role(self._role(self._world.guild(call.id("guild_id")), call)))

    async def add_role(self, call: Call) -> Answer:
        guild, body = self._world.guild(call.id("guild_id")), call.json
        held = self._permissions.require_in_guild(guild, self._world.bot_id, P.MANAGE_ROLES)
        form = Form()
        form.length(("name",), body.get("name"), 100)
        form.check()
        wanted = body.get("permissions")
        bits = guild.roles[guild.id].permissions if wanted is None else read_bits(wanted)
        if P(bits) not in held:
            raise missing_permissions()
        role = self._guilds.add_role(
            guild,
            str(body.get("name") or "new role"),
            bits,
            colour=_colour(body),
            hoist=bool(body.get("hoist")),
        )
        role.mentionable = bool(body.get("mentionable"))
        return ok(render_guild.role(role))

    async def edit_role(self, call: Call) -> Answer:
        guild, body = self._world.guild(call.id("guild_id")), call.json
        role = self._ruled_role(guild, call)
        form = Form()
        form.length(("name",), body.get("name"), 100)
        form.check()
        if body.get("permissions") is not None:
            role.permissions = read_bits(body["permissions"])
        role.name = str(body.get("name") or role.name)
        role.hoist = bool(body.get("hoist", role.hoist))
        role.mentionable = bool(body.get("mentionable", role.mentionable))
        role.colour = _colour(body, role.colour)
        self._guilds.role_changed(guild, role)
        return ok(render_guild.role(role))

    async def delete_role(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        self._guilds.delete_role(guild, self._ruled_role(guild, call))
        return NOTHING

    async def members(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        if not self._world.application.members_intent:
            raise missing_permissions()
        after, limit = call.query_id("after") or 0, call.query_number("limit", 1, 1, 1000)
        found = sorted((m for m in guild.members.values() if m.user_id > after), key=lambda m: m.user_id)
        return ok([render.member(self._world, member) for member in found[:limit]])

    async def search(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        start, limit = (call.query("query") or "").casefold(), call.query_number("limit", 1, 1, 1000)
        people = self._world.users
        found = [m for m in guild.members.values() if people[m.user_id].username.casefold().startswith(start)]
        return ok([render.member(self._world, member) for member in found[:limit]])

    async def member(self, call: Call) -> Answer:
        return ok(render.member(self._world, self._member(self._world.guild(call.id("guild_id")), call)))

    async def edit_member(self, call: Call) -> Answer:
        guild, body = self._world.guild(call.id("guild_id")), call.json
        bot = self._world.bot_id
        member = guild.members[bot] if call.text("user_id") == "@me" else self._member(guild, call)
        if "nick" in body:
            needed = P.CHANGE_NICKNAME if member.user_id == bot else P.MANAGE_NICKNAMES
            self._permissions.require_in_guild(guild, bot, needed)
            member.nick = body["nick"] or None
        if "roles" in body:
            wanted = [snowflake(role, "roles") for role in body["roles"] or []]
            for role_id in set(wanted) ^ set(member.roles):
                self._may_give(guild, role_id)
            member.roles = list(dict.fromkeys(wanted))
        if "communication_disabled_until" in body:
            self._permissions.require_in_guild(guild, bot, P.MODERATE_MEMBERS)
            until = body["communication_disabled_until"]
            member.timed_out_until = None if until is None else datetime.fromisoformat(until).astimezone(UTC)
        self._guilds.member_changed(guild, member.user_id)
        return ok(render.member(self._world, member))

    async def give_role(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        member, role_id = self._member(guild, call), call.id("role_id")
        self._may_give(guild, role_id)
        self._guilds.set_roles(guild, member.user_id, [*member.roles, role_id])
        return NOTHING

    async def take_role(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        member, role_id = self._member(guild, call), call.id("role_id")
        self._may_give(guild, role_id)
        self._guilds.set_roles(guild, member.user_id, [role for role in member.roles if role != role_id])
        return NOTHING

    def _role(self, guild: Guild, call: Call) -> Role:
        role = guild.roles.get(call.id("role_id"))
        if role is None:
            raise unknown("Role")
        return role

    def _ruled_role(self, guild: Guild, call: Call) -> Role:
        role = self._role(guild, call)
        self._may_give(guild, role.id)
        return role

    def _may_give(self, guild: Guild, role_id: int) -> None:
        bot = self._world.bot_id
        self._permissions.require_in_guild(guild, bot, P.MANAGE_ROLES)
        if role_id not in guild.roles:
            raise unknown("Role")
        if guild.roles[role_id].position >= self._permissions.top_role(guild, bot):
            raise missing_permissions()

    def _member(self, guild: Guild, call: Call) -> Member:
        member = guild.members.get(call.id("user_id"))
        if member is None:
            raise unknown("Member")
        return member


def _colour(body: dict[str, object], current: int = 0) -> int:
    colours = body.get("colors")
    value = colours.get("primary_color") if isinstance(colours, dict) else body.get("color")
    return value if isinstance(value, int) else current
