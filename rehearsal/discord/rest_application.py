"""REST: who the bot is, where the gateway is, and direct-message channels."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.discord import render, render_guild
from rehearsal.discord.call import Answer, Call, Route, ok, snowflake
from rehearsal.discord.errors import ApiError
from rehearsal.discord.gateway import Gateway
from rehearsal.discord.world import World

IDENTIFIES_A_DAY = 1000


class ApplicationRoutes:
    """The bot about itself."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def routes(self) -> Iterator[Route]:
        yield Route("GET", "/gateway", self.gateway, public=True)
        yield Route("GET", "/gateway/bot", self.gateway_for_bot)
        yield Route("GET", "/users/@me", self.me)
        yield Route("GET", "/users/@me/guilds", self.my_guilds)
        yield Route("POST", "/users/@me/channels", self.open_dm)
        yield Route("GET", "/users/{user_id}", self.user)
        yield Route("GET", "/oauth2/applications/@me", self.application)
        yield Route("GET", "/applications/@me", self.application)

    async def gateway(self, call: Call) -> Answer:
        return ok({"url": self._gateway.url()})

    async def gateway_for_bot(self, call: Call) -> Answer:
        limit = {
            "total": IDENTIFIES_A_DAY,
            "remaining": max(IDENTIFIES_A_DAY - self._gateway.identifies, 0),
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        }
        return ok({"url": self._gateway.url(), "shards": 1, "session_start_limit": limit})

    async def me(self, call: Call) -> Answer:
        shown = render.user(self._world.users[self._world.bot_id])
        return ok({**shown, "verified": True, "mfa_enabled": True, "locale": "en-GB", "email": None})

    async def my_guilds(self, call: Call) -> Answer:
        world = self._world
        mine = [guild for guild in world.guilds.values() if world.bot_id in guild.members]
        return ok(
            [
                {
                    "id": str(guild.id),
                    "name": guild.name,
                    "icon": None,
                    "banner": None,
                    "owner": guild.owner_id == world.bot_id,
                    "permissions": "0",
                    "features": [],
                }
                for guild in mine
            ]
        )

    async def user(self, call: Call) -> Answer:
        return ok(render.user(self._world.user(call.id("user_id"))))

    async def open_dm(self, call: Call) -> Answer:
        user_id = snowflake(call.json.get("recipient_id"), "recipient_id")
        person = self._world.user(user_id)
        if person.bot:
            raise ApiError(400, 50007, "Cannot send messages to this user")
        return ok(render.channel(self._world, self._world.open_dm(user_id)))

    async def application(self, call: Call) -> Answer:
        return ok(render_guild.application(self._world, self._world.application))
