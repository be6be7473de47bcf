"""REST: registering application commands, globally and for one server."""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.discord.application_commands import ApplicationCommands
from rehearsal.discord.call import NOTHING, Answer, Call, Route, created, ok
from rehearsal.discord.errors import missing_access, unknown
from rehearsal.discord.model import Json
from rehearsal.discord.world import World


class CommandRoutes:
    """The bot's application commands."""

    def __init__(self, world: World, commands: ApplicationCommands) -> None:
        self._world = world
        self._commands = commands

    def routes(self) -> Iterator[Route]:
        for base in ("/applications/{application_id}", "/applications/{application_id}/guilds/{guild_id}"):
            yield Route("GET", base + "/commands", self.all)
            yield Route("PUT", base + "/commands", self.replace)
            yield Route("POST", base + "/commands", self.add)
            yield Route("GET", base + "/commands/{command_id}", self.get)
            yield Route("PATCH", base + "/commands/{command_id}", self.edit)
            yield Route("DELETE", base + "/commands/{command_id}", self.remove)

    async def all(self, call: Call) -> Answer:
        return ok(list(self._world.commands.get(self._scope(call), {}).values()))

    async def replace(self, call: Call) -> Answer:
        return ok(self._commands.replace(self._scope(call), call.list))

    async def add(self, call: Call) -> Answer:
        command, new = self._commands.upsert(self._scope(call), call.json)
        return created(command) if new else ok(command)

    async def get(self, call: Call) -> Answer:
        return ok(self._one(call))

    async def edit(self, call: Call) -> Answer:
        scope = self._scope(call)
        earlier = self._one(call)
        changed = {**earlier, **call.json}
        if changed.get("name") != earlier["name"]:
            self._commands.remove(scope, int(earlier["id"]))
        return ok(self._commands.upsert(scope, changed)[0])

    async def remove(self, call: Call) -> Answer:
        self._commands.remove(self._scope(call), int(self._one(call)["id"]))
        return NOTHING

    def _one(self, call: Call) -> Json:
        found = self._world.commands.get(self._scope(call), {}).get(call.id("command_id"))
        if found is None:
            raise unknown("application command")
        return found

    def _scope(self, call: Call) -> int | None:
        if call.id("application_id") != self._world.application.id:
            raise missing_access()
        if call.optional("guild_id") is None:
            return None
        guild_id = call.id("guild_id")
        if guild_id not in self._world.guilds:
            raise missing_access()
        return guild_id
