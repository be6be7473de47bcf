"""The gateway when all is not well: resuming, being told to reconnect, losing the session, bad manners."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import discord
import pytest

from rehearsal import demo
from rehearsal.clock import ManualStopwatch
from rehearsal.discord.door import DiscordDoor
from tests.rehearsal.stage import AMARA, PATIENCE, Bot, eventually


async def strike(base_url: str, *faults: dict[str, Any]) -> None:
    url = f"{base_url}/control/faults"
    async with aiohttp.ClientSession() as session, session.post(url, json=list(faults)) as answer:
        assert answer.status == 200, await answer.text()


def words(bot: Bot) -> list[str]:
    return [args[0].content for name, args in bot.seen if name == "message"]


@pytest.mark.parametrize("fault", [{"kind": "op7"}, {"kind": "drop_socket"}, {"kind": "close", "code": 4000}])
async def test_a_resumed_session_is_told_what_it_missed(
    bot: Bot, door: DiscordDoor, base_url: str, fault: dict[str, Any]
) -> None:
    await door.people.send(AMARA, demo.COMMON_ROOM, "before")
    await bot.until("message")
    await strike(base_url, fault)
    await door.people.send(AMARA, demo.COMMON_ROOM, "meanwhile")
    await bot.until("resumed")
    await door.people.send(AMARA, demo.COMMON_ROOM, "after")
    await bot.until("message", 3)
    assert words(bot) == ["before", "meanwhile", "after"]
    assert (door.gateway.identifies, door.gateway.resumes) == (1, 1)


async def test_op9_starts_anew_and_what_was_missed_stays_missed(bot: Bot, door: DiscordDoor, base_url: str) -> None:
    await strike(base_url, {"kind": "op9"})
    await door.people.send(AMARA, demo.COMMON_ROOM, "meanwhile")
    await bot.until("ready", 2)
    await door.people.send(AMARA, demo.COMMON_ROOM, "after")
    await bot.until("message")
    assert words(bot) == ["after"]
    assert (door.gateway.identifies, door.gateway.resumes) == (2, 0)


async def test_op9_resumable_resumes(bot: Bot, door: DiscordDoor, base_url: str) -> None:
    await strike(base_url, {"kind": "op9", "resumable": True})
    await bot.until("resumed")
    assert door.gateway.identifies == 1


async def test_events_can_come_twice_and_out_of_order(bot: Bot, door: DiscordDoor, base_url: str) -> None:
    await strike(base_url, {"kind": "duplicate_events", "n": 1})
    await door.people.send(AMARA, demo.COMMON_ROOM, "echo")
    await bot.until("message", 2)
    await strike(base_url, {"kind": "reorder_events", "n": 1})
    await door.people.send(AMARA, demo.COMMON_ROOM, "one")
    await door.people.send(AMARA, demo.COMMON_ROOM, "two")
    await bot.until("message", 4)
    assert words(bot) == ["echo", "echo", "two", "one"]


async def test_a_goodbye_ends_the_session_and_a_lost_connection_only_after_a_while(
    base_url: str, door: DiscordDoor, stopwatch: ManualStopwatch
) -> None:
    async def connect(session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
        socket = await session.ws_connect(f"{base_url}/gateway?v=10")
        await socket.send_json(identify())
        while (await socket.receive_json())["t"] != "READY":
            pass
        return socket

    async with aiohttp.ClientSession() as session:
        polite = await connect(session)
        await polite.close(code=1000)
        await eventually(lambda: not door.gateway.sessions)
        lost = await connect(session)
        await lost.close(code=4000)
        await eventually(lambda: not door.gateway.connected)
        assert len(door.gateway.sessions) == 1
        stopwatch.pass_time(200)
        await (await connect(session)).close(code=4000)
        assert len(door.gateway.sessions) == 1


async def test_a_privileged_intent_that_is_switched_off_is_4014(base_url: str, door: DiscordDoor) -> None:
    door.world.application.content_intent = False
    bot = Bot()
    await bot.login(demo.BOT_TOKEN)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.connect()
    await bot.close()


async def test_a_wrong_token_is_refused_at_login(base_url: str) -> None:
    bot = Bot()
    with pytest.raises(discord.LoginFailure):
        await bot.login("wrong")
    await bot.close()


def identify(**changes: Any) -> dict[str, Any]:
    data = {"token": demo.BOT_TOKEN, "intents": 0, "properties": {}, **changes}
    return {"op": 2, "d": data}


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["{"], 4002),
        ([{"op": 3, "d": {}}], 4003),
        ([identify(token="wrong")], 4004),
        ([identify(), identify()], 4005),
        ([identify(), {"op": 99, "d": None}], 4001),
        ([identify(intents=1 << 40)], 4013),
        ([identify(intents=1 << 8)], 4014),
        ([identify(shard=[2, 2])], 4010),
        ([{"op": 1, "d": None}] * 121, 4008),
    ],
)
async def test_bad_manners_close_the_socket(base_url: str, frames: list[Any], code: int) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{base_url}/gateway?v=10") as socket:
        assert (await socket.receive_json())["op"] == 10
        for frame in frames:
            await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))
        async with asyncio.timeout(PATIENCE):
            while not socket.closed:
                await socket.receive()
        assert socket.close_code == code


async def test_an_unknown_session_cannot_be_resumed(base_url: str) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{base_url}/gateway?v=10") as socket:
        await socket.receive_json()
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11
        await socket.send_json({"op": 6, "d": {"token": demo.BOT_TOKEN, "session_id": "none", "seq": 1}})
        assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}


async def test_members_can_be_asked_for(bot: Bot) -> None:
    found = await bot.room.guild.query_members("ama", limit=5)
    assert [member.display_name for member in found] == ["Amara"]
    assert len(await bot.room.guild.chunk(cache=False)) == 9
