"""The fault switches over requests, the rate limits, and what is not implemented."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from rehearsal import demo
from rehearsal.clock import ManualStopwatch
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.limits import Allowance
from tests.rehearsal.stage import AMARA, Bot, eventually

ROOM = f"channels/{demo.DAILY_REFLECTION}/messages"


async def statuses(door: DiscordDoor, route: str = "/channels/{channel_id}/messages") -> list[int | None]:
    return [entry["status"] for entry in door.requests if entry["route"] == route and entry["method"] == "POST"]


@pytest.mark.parametrize("kind", ["429_local", "429_global"])
async def test_discord_py_waits_out_a_429_and_sends_once(bot: Bot, door: DiscordDoor, kind: str) -> None:
    door.faults.add({"kind": kind, "method": "POST", "route": "/messages$", "seconds": 0.01})
    sent = await bot.room.send("patience")
    assert sent.content == "patience"
    assert await statuses(door) == [429, 200]
    assert len([m async for m in bot.room.history()]) == 1


async def test_a_global_429_says_so(http: aiohttp.ClientSession, door: DiscordDoor) -> None:
    door.faults.add({"kind": "429_global", "seconds": 2})
    async with http.get("users/@me") as answer:
        assert answer.headers["X-RateLimit-Global"] == "true"
        assert answer.headers["Via"]
        assert await answer.json() == {"message": "You are being rate limited.", "retry_after": 2, "global": True}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_has_no_effect(http: aiohttp.ClientSession, door: DiscordDoor, status: int) -> None:
    door.faults.add({"kind": "status", "status": status, "route": "/messages$"})
    async with http.post(ROOM, json={"content": "x"}) as answer:
        assert answer.status == status
    assert door.world.messages[demo.DAILY_REFLECTION] == {}
    async with http.post(ROOM, json={"content": "x"}) as answer:
        assert answer.status == 200


async def test_503_raises_at_once_in_discord_py(bot: Bot, door: DiscordDoor) -> None:
    door.faults.add({"kind": "status", "status": 503, "method": "POST"})
    with pytest.raises(discord.DiscordServerError):
        await bot.room.send("x")


@pytest.mark.parametrize(("kind", "posted"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_reset_leaves_the_outcome_unknown(bot: Bot, door: DiscordDoor, kind: str, posted: int) -> None:
    door.faults.add({"kind": kind, "method": "POST", "route": "/messages$"})
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.room.send("did it arrive?", nonce="once")
    assert len(door.world.messages[demo.DAILY_REFLECTION]) == posted
    await bot.room.send("did it arrive?", nonce="once")
    assert len(door.world.messages[demo.DAILY_REFLECTION]) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_slow_answer_waits_before_or_after_its_effect(
    http: aiohttp.ClientSession, door: DiscordDoor, stopwatch: ManualStopwatch, after: bool
) -> None:
    door.faults.add({"kind": "slow", "seconds": 30, "route": "/messages$", "after": after})
    waiting = asyncio.create_task(http.post(ROOM, json={"content": "x"}))
    await eventually(lambda: stopwatch.waiting)
    assert bool(door.world.messages[demo.DAILY_REFLECTION]) is after
    stopwatch.pass_time(30)
    async with await waiting as answer:
        assert answer.status == 200


async def test_a_slow_acknowledgement_comes_too_late(
    start_bot: Callable[..., Any], door: DiscordDoor, stopwatch: ManualStopwatch
) -> None:
    bot = await start_bot()
    view = discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x"))
    message = await bot.room.send("press", view=view)
    door.faults.add({"kind": "slow", "seconds": 4, "route": "/callback$"})
    await door.people.press(AMARA, message.id, "x")
    interaction = (await bot.until("interaction"))[0]
    answer = asyncio.create_task(interaction.response.defer())
    await eventually(lambda: stopwatch.waiting == 2)
    stopwatch.pass_time(4)
    with pytest.raises(discord.NotFound) as late:
        await answer
    assert late.value.code == 10062


async def test_a_channel_takes_five_messages_in_five_seconds(
    http: aiohttp.ClientSession, stopwatch: ManualStopwatch
) -> None:
    seen = []
    for _ in range(6):
        async with http.post(ROOM, json={"content": "x"}) as answer:
            seen.append((answer.status, answer.headers["X-RateLimit-Remaining"]))
            body = await answer.json()
            headers = answer.headers
    assert seen == [(200, "4"), (200, "3"), (200, "2"), (200, "1"), (200, "0"), (429, "0")]
    assert (body["global"], body["retry_after"]) == (False, 5.0)
    assert headers["X-RateLimit-Scope"] == "user"
    assert headers["X-RateLimit-Bucket"]
    async with http.post(f"channels/{demo.COMMON_ROOM}/messages", json={"content": "x"}) as elsewhere:
        assert elsewhere.status == 200
    stopwatch.pass_time(5)
    async with http.post(ROOM, json={"content": "x"}) as later:
        assert later.status == 200


async def test_the_51st_request_in_a_second_is_too_much_but_interactions_go_on(
    http: aiohttp.ClientSession, door: DiscordDoor, stopwatch: ManualStopwatch
) -> None:
    door.limits.default = Allowance(1000, 1.0)
    for _ in range(50):
        async with http.get("users/@me") as answer:
            assert answer.status == 200
    async with http.get("users/@me") as answer:
        assert answer.status == 429
        assert (await answer.json())["global"] is True
    async with http.post("interactions/1/x/callback", json={"type": 6}) as answer:
        assert answer.status == 404
    stopwatch.pass_time(1)
    async with http.get("users/@me") as answer:
        assert answer.status == 200
    assert door.limits.invalid_requests == 1


async def test_ten_thousand_invalid_requests_ban_the_address(
    http: aiohttp.ClientSession, door: DiscordDoor, stopwatch: ManualStopwatch
) -> None:
    for _ in range(10_001):
        door.limits.note_status(429)
    async with http.get("users/@me") as answer:
        assert answer.status == 429
        assert "Via" not in answer.headers
    stopwatch.pass_time(601)
    door.limits.note_status(200)
    async with http.get("users/@me") as answer:
        assert answer.status == 200


async def test_what_is_not_implemented_says_so_and_is_logged(
    http: aiohttp.ClientSession, door: DiscordDoor, caplog: pytest.LogCaptureFixture
) -> None:
    async with http.post(f"guilds/{demo.GUILD}/emojis", json={}) as answer:
        assert answer.status == 501
        assert (await answer.json())["message"] == "The rehearsal does not implement POST /guilds/{id}/emojis."
    assert "POST /guilds/{id}/emojis" in caplog.text
    async with http.put(f"channels/{demo.COMMON_ROOM}", json={}) as answer:
        assert answer.status == 501
    assert [entry["status"] for entry in door.requests] == [501, 501]


@pytest.mark.parametrize(
    "body", [{"poll": {"question": {}}}, {"sticker_ids": ["1"]}, {"message_reference": {"type": 1}}]
)
async def test_a_part_of_a_message_that_is_not_implemented_is_not_dropped(
    http: aiohttp.ClientSession, door: DiscordDoor, body: dict[str, Any]
) -> None:
    async with http.post(ROOM, json={"content": "x", **body}) as answer:
        assert answer.status == 501
    assert door.world.messages[demo.DAILY_REFLECTION] == {}


async def test_a_web_page_elsewhere_cannot_throw_the_switches(base_url: str, door: DiscordDoor) -> None:
    url, headers = f"{base_url}/control/faults", {"Origin": "https://example.org"}
    rule = {"kind": "slow"}
    async with aiohttp.ClientSession() as session, session.post(url, json=rule, headers=headers) as answer:
        assert answer.status == 403
    assert door.faults.rules == []


async def test_faults_are_set_listed_and_cleared_over_http(base_url: str, door: DiscordDoor) -> None:
    url = f"{base_url}/control/faults"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json={"kind": "status", "status": 503, "count": 2}) as answer:
            assert (await answer.json())["added"][0]["count"] == 2
        async with session.get(url) as answer:
            assert len((await answer.json())["faults"]) == 1
        for wrong in ({"kind": "fire"}, {"kind": "slow", "hours": 1}, {"kind": "status", "status": 418}, [1]):
            async with session.post(url, json=wrong) as answer:
                assert answer.status == 400
                assert (await answer.json())["error"]
        async with session.delete(url):
            assert door.faults.rules == []


async def test_requests_are_listed_without_words_or_tokens(bot: Bot, door: DiscordDoor, base_url: str) -> None:
    await bot.room.send("nobody shall read this")
    async with aiohttp.ClientSession() as session, session.get(f"{base_url}/control/requests") as answer:
        listed = (await answer.json())["requests"]
    assert [entry["route"] for entry in listed if entry["method"] == "POST"] == ["/channels/{channel_id}/messages"]
    assert "nobody" not in str(listed)
    assert demo.BOT_TOKEN not in str(listed)


async def test_moving_the_clock_opens_no_bucket(http: aiohttp.ClientSession, door: DiscordDoor) -> None:
    for _ in range(5):
        async with http.post(ROOM, json={"content": "x"}):
            pass
    await door.world.clock.advance(timedelta(hours=1))
    async with http.post(ROOM, json={"content": "x"}) as answer:
        assert answer.status == 429
