"""Messages over REST: history, nonces, files, limits, pins and reactions."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from rehearsal import demo
from rehearsal.clock import ManualStopwatch
from rehearsal.discord.door import DiscordDoor
from tests.rehearsal.stage import AMARA, BENCE, Bot

ROOM = f"channels/{demo.DAILY_REFLECTION}/messages"


async def spoken(door: DiscordDoor, count: int) -> list[int]:
    return [int((await door.people.send(AMARA, demo.DAILY_REFLECTION, f"n{n}"))["id"]) for n in range(count)]


async def test_history_is_read_before_after_and_around(bot: Bot, door: DiscordDoor) -> None:
    ids = await spoken(door, 9)

    async def read(**bounds: Any) -> list[str]:
        return [message.content async for message in bot.room.history(**bounds)]

    assert await read(limit=3) == ["n8", "n7", "n6"]
    assert await read(limit=2, before=discord.Object(ids[4])) == ["n3", "n2"]
    assert await read(limit=2, after=discord.Object(ids[4])) == ["n5", "n6"]
    assert await read(limit=3, around=discord.Object(ids[4])) == ["n5", "n4", "n3"]


async def test_a_repeated_nonce_returns_the_first_message_for_a_few_minutes(bot: Bot, door: DiscordDoor) -> None:
    first = await bot.room.send("today's prompt", nonce="posting-17")
    again = await bot.room.send("today's prompt", nonce="posting-17")
    assert again.id == first.id
    assert again.nonce == "posting-17"
    other = await bot.room.send("today's prompt", nonce="posting-18")
    assert other.id != first.id

    await door.world.clock.advance(timedelta(minutes=6))
    late = await bot.room.send("today's prompt", nonce="posting-17")
    assert late.id != first.id
    assert len([m async for m in bot.room.history()]) == 3


async def test_without_enforcement_a_nonce_is_only_a_label(http: aiohttp.ClientSession) -> None:
    body = {"content": "x", "nonce": "n"}
    ids = []
    for _ in range(2):
        async with http.post(ROOM, json=body) as answer:
            ids.append((await answer.json())["id"])
    assert len(set(ids)) == 2


async def test_a_file_is_stored_and_served(bot: Bot, base_url: str) -> None:
    sent = await bot.room.send("minutes", file=discord.File(io.BytesIO(b"agreed"), "minutes.txt", description="notes"))
    (attachment,) = sent.attachments
    assert (attachment.filename, attachment.size, attachment.description) == ("minutes.txt", 6, "notes")
    assert attachment.url.startswith(base_url)
    assert await attachment.read() == b"agreed"
    bare = await sent.edit(attachments=[])
    assert bare.attachments == []


async def test_mentions_follow_allowed_mentions(bot: Bot) -> None:
    words = f"<@{AMARA}> and <@{BENCE}> @everyone"
    loud = await bot.room.send(words)
    assert {user.id for user in loud.mentions} == {AMARA, BENCE}
    assert loud.mention_everyone
    quiet = await bot.room.send(
        words, allowed_mentions=discord.AllowedMentions(everyone=False, users=[discord.Object(AMARA)])
    )
    assert [user.id for user in quiet.mentions] == [AMARA]
    assert not quiet.mention_everyone


def button(**changes: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "custom_id": "a", "label": "a", **changes}


def row(*items: dict[str, Any]) -> dict[str, Any]:
    return {"content": "x", "components": [{"type": 1, "components": list(items)}]}


OPTIONS = [{"label": str(n), "value": str(n)} for n in range(26)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
        ({"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]}, "embeds.0.fields.0.value"),
        ({"embeds": [{"description": "x" * 3001}, {"description": "x" * 3001}]}, "embeds"),
        ({"content": "x", "nonce": "n" * 26}, "nonce"),
        (row(), "components.0.components"),
        ({"content": "x", "components": [button()]}, "components.0.type"),
        (row(button(custom_id="a" * 101)), "components.0.components.0.custom_id"),
        (row(button(label="a" * 81)), "components.0.components.0.label"),
        (row(button(label="")), "components.0.components.0"),
        (row(*[button(custom_id=str(n)) for n in range(6)]), "components.0.components"),
        (row({"type": 3, "custom_id": "a", "options": OPTIONS}), "components.0.components.0.options"),
        (row({"type": 4, "custom_id": "a", "style": 1, "label": "a"}), "components.0.components.0.type"),
    ],
)
async def test_what_is_too_long_is_named(http: aiohttp.ClientSession, body: Any, field: str) -> None:
    async with http.post(ROOM, json=body) as answer:
        assert answer.status == 400
        problem = await answer.json()
    assert problem["code"] == 50035
    node = problem["errors"]
    for part in field.split("."):
        node = node[part]
    assert node["_errors"][0]["code"]


async def test_six_rows_and_twice_the_same_custom_id_are_too_much(http: aiohttp.ClientSession) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": "same"}]}
    async with http.post(ROOM, json={"components": [row] * 6}) as answer:
        codes = {error["code"] for error in (await answer.json())["errors"]["components"]["_errors"]}
    assert codes == {"BASE_TYPE_BAD_LENGTH", "COMPONENT_CUSTOM_ID_DUPLICATED"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", ROOM, {}, 400, 50006),
        ("POST", "channels/123/messages", {"content": "x"}, 404, 10003),
        ("GET", f"{ROOM}/123", None, 404, 10008),
        ("GET", f"{ROOM}?limit=101", None, 400, 50035),
        ("POST", f"{ROOM}/bulk-delete", {"messages": ["1"]}, 400, 50016),
        ("GET", "users/123", None, 404, 10013),
        ("GET", "guilds/123", None, 404, 10004),
        ("GET", f"guilds/{demo.GUILD}/members/123", None, 404, 10007),
        ("GET", f"guilds/{demo.GUILD}/roles/123", None, 404, 10011),
        ("GET", f"applications/{demo.APPLICATION}/commands/123", None, 404, 10063),
        ("POST", f"webhooks/{demo.APPLICATION}/nonsense", {"content": "x"}, 404, 10015),
        ("POST", "interactions/123/nonsense/callback", {"type": 6}, 404, 10062),
    ],
)
async def test_discords_own_error_bodies(
    http: aiohttp.ClientSession, method: str, path: str, body: Any, status: int, code: int
) -> None:
    async with http.request(method, path, json=body) as answer:
        assert (answer.status, (await answer.json())["code"]) == (status, code)
        assert answer.headers["Content-Type"] == "application/json"


async def test_broken_json_and_a_wrong_token_are_refused(http: aiohttp.ClientSession) -> None:
    async with http.post(ROOM, data=b"{", headers={"Content-Type": "application/json"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50109)
    async with http.get("users/@me", headers={"Authorization": "Bot wrong"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (401, 0)


async def test_several_messages_go_at_once_unless_they_are_old(
    bot: Bot, door: DiscordDoor, stopwatch: ManualStopwatch
) -> None:
    ids = await spoken(door, 3)
    await bot.room.delete_messages([discord.Object(one) for one in ids[:2]])
    await bot.until("raw_bulk_message_delete")
    assert [m.id async for m in bot.room.history()] == [ids[2]]

    more = await spoken(door, 1)
    await door.world.clock.advance(timedelta(days=15))
    stopwatch.pass_time(10)
    with pytest.raises(discord.HTTPException) as old:
        await bot.room.delete_messages([discord.Object(one) for one in (ids[2], *more)])
    assert old.value.code == 50034


async def test_a_pin_is_listed_and_noted(bot: Bot) -> None:
    message = await bot.room.send("keep this")
    await message.pin()
    assert [pin.id async for pin in bot.room.pins()] == [message.id]
    assert [m.type async for m in bot.room.history(limit=1)] == [discord.MessageType.pins_add]
    await message.unpin()
    assert [pin.id async for pin in bot.room.pins()] == []


async def test_a_reaction_is_counted_and_taken_back(bot: Bot) -> None:
    message = await bot.room.send("how was it?")
    await message.add_reaction("🌱")
    await bot.until("raw_reaction_add")
    counted = await bot.room.fetch_message(message.id)
    assert [(reaction.emoji, reaction.count, reaction.me) for reaction in counted.reactions] == [("🌱", 1, True)]
    assert bot.user is not None
    await message.remove_reaction("🌱", bot.user)
    assert (await bot.room.fetch_message(message.id)).reactions == []


async def test_a_reply_quotes_its_message(bot: Bot, door: DiscordDoor) -> None:
    (asked,) = await spoken(door, 1)
    answer = await bot.room.send("yes", reference=discord.MessageReference(message_id=asked, channel_id=bot.room.id))
    assert answer.type is discord.MessageType.reply
    assert isinstance(answer.reference and answer.reference.resolved, discord.Message)
    assert [user.id for user in answer.mentions] == [AMARA]
