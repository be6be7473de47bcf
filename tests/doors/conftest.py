"""The real client and cogs before a house that only takes notes: in an in-process Discord, and over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import discord
import pytest
import simcord

from bot.catalogue.messages import MessageCatalogue
from bot.people import Cohort, Place, Platform, Workspace
from bot.platforms.discord.client import ThirdChairClient
from bot.settings import CONTENT
from rehearsal import demo
from rehearsal.clock import MovableClock
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.pointing import pointed_at
from rehearsal.server import RehearsalServer
from tests.doors.stub_house import Notes, stub_house
from tests.doors.wire import PATIENCE


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture(scope="session")
def words() -> MessageCatalogue:
    return MessageCatalogue(CONTENT)


@pytest.fixture
def new_client(words: MessageCatalogue, notes: Notes, tmp_path: Path) -> object:
    def make() -> ThirdChairClient:
        client = ThirdChairClient(words, data_dir=tmp_path)
        client.attach(stub_house(notes, words))
        client.shard_count = 1  # Discord would say how many; the in-process one asks
        return client

    return make


@pytest.fixture
def simcord_bot(new_client) -> ThirdChairClient:
    return new_client()


@dataclass
class Scene:
    """A server with a cohort's channel, its roles, a trainee, a supervisor and its manager."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    trainee_role: simcord.RoleHandle
    supervisor_role: simcord.RoleHandle
    trainee: simcord.MemberActor
    supervisor: simcord.MemberActor
    manager: simcord.MemberActor

    async def post(self, *buttons: tuple[str, str], channel: simcord.ChannelHandle | None = None) -> discord.Message:
        """Let the bot post a message with buttons of these (custom id, label)."""
        view = discord.ui.View(timeout=None)
        for custom_id, label in buttons:
            view.add_item(discord.ui.Button(custom_id=custom_id, label=label))
        view.stop()
        target = self.env.bot.get_channel((channel or self.channel).id)
        assert isinstance(target, discord.abc.Messageable)
        return await target.send("a card", view=view)


@pytest.fixture
async def scene(simcord_env: simcord.Env) -> Scene:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("daily-reflection")
    trainee_role = guild.create_role("trainee")
    supervisor_role = guild.create_role("supervisor")
    manager_role = guild.create_role("manager", permissions=discord.Permissions(manage_guild=True))

    def member(name: str, *roles: simcord.RoleHandle) -> simcord.MemberActor:
        return guild.add_member(simcord_env.create_user(name), roles=list(roles))

    return Scene(
        simcord_env,
        guild,
        channel,
        trainee_role,
        supervisor_role,
        member("amara", trainee_role),
        member("ingrid", supervisor_role),
        member("joaquin", manager_role),
    )


@pytest.fixture
async def door() -> AsyncIterator[DiscordDoor]:
    door = DiscordDoor(demo.demo_world(MovableClock()))
    server = RehearsalServer([door])
    url = await server.start()
    with pointed_at(url):
        yield door
    await server.stop()


@pytest.fixture
def client(notes: Notes, words: MessageCatalogue, tmp_path: Path) -> ThirdChairClient:
    made = ThirdChairClient(words, data_dir=tmp_path)
    made.attach(stub_house(notes, words))
    made._connection.guild_ready_timeout = 0.01
    return made


@pytest.fixture
async def line(client: ThirdChairClient, door: DiscordDoor) -> AsyncIterator[ThirdChairClient]:
    stands = asyncio.Event()

    async def on_ready() -> None:
        stands.set()

    client.add_listener(on_ready)
    task = asyncio.create_task(client.serve(demo.BOT_TOKEN))
    async with asyncio.timeout(PATIENCE):
        await stands.wait()
    yield client
    await client.close()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def cohort() -> Cohort:
    """A cohort as the features return it."""
    workspace = Workspace(Platform.DISCORD, "1")
    return Cohort(
        id="c1",
        workspace=workspace,
        name="Second years",
        channel=Place(workspace, "2"),
        supervisors_channel=Place(workspace, "3"),
        supervisor_role="4",
        trainee_role="5",
        zone="Europe/London",
        days=frozenset(range(5)),
        time=time(9),
        country="GB",
        created_on=date(2026, 3, 2),
    )
