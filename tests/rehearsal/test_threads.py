"""Threads: the one under a message, the one of its own, locking, archiving, joining."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
import discord
import pytest

from rehearsal import demo
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.errors import Refused
from rehearsal.discord.permissions import P
from tests.rehearsal.stage import AMARA, BENCE, INGRID, Bot, Watching

Watch = Callable[[int], Watching]


async def test_a_thread_under_a_message_has_its_id_and_takes_posts(bot: Bot, door: DiscordDoor, watch: Watch) -> None:
    amara = watch(AMARA)
    prompt = await bot.room.send("What did you avoid today?")
    thread = await prompt.create_thread(name="Tuesday", auto_archive_duration=10080)
    assert thread.id == prompt.id
    assert (await amara.until("thread_create"))["parent_id"] == str(demo.DAILY_REFLECTION)
    assert (await bot.room.fetch_message(prompt.id)).flags.has_thread

    await thread.send("Willow: a long silence")
    await door.people.send(AMARA, thread.id, "I know it")
    written = [m async for m in thread.history(oldest_first=True)]
    assert [m.type for m in written] == [discord.MessageType.thread_starter_message, *[discord.MessageType.default] * 2]
    assert [member.id for member in await thread.fetch_members()] == [demo.BOT, AMARA]
    with pytest.raises(discord.HTTPException) as twice:
        await prompt.create_thread(name="Again")
    assert twice.value.code == 160004
    fetched = await bot.fetch_channel(thread.id)
    assert isinstance(fetched, discord.Thread)
    assert (fetched.message_count, fetched.auto_archive_duration) == (2, 10080)


async def test_a_locked_thread_is_for_supervisors(bot: Bot, door: DiscordDoor, watch: Watch) -> None:
    thread = await (await bot.room.send("prompt")).create_thread(name="Tuesday")
    amara = watch(AMARA)
    await thread.edit(locked=True)
    assert (await amara.until("thread_update"))["thread_metadata"]["locked"] is True
    with pytest.raises(Refused, match="permission"):
        await door.people.send(AMARA, thread.id, "still here")
    await door.people.send(INGRID, thread.id, "closing now")
    await thread.send("closed")


async def test_writing_wakes_an_archived_thread(bot: Bot, door: DiscordDoor) -> None:
    thread = await (await bot.room.send("prompt")).create_thread(name="Tuesday")
    await thread.edit(archived=True)
    assert [t.id async for t in bot.room.archived_threads()] == [thread.id]
    assert await bot.room.guild.active_threads() == []
    await door.people.send(AMARA, thread.id, "one more thing")
    assert [t.id for t in await bot.room.guild.active_threads()] == [thread.id]


async def test_a_public_thread_of_its_own_is_announced(bot: Bot) -> None:
    thread = await bot.room.create_thread(name="Agenda", type=discord.ChannelType.public_thread)
    (note,) = [m async for m in bot.room.history()]
    assert note.type is discord.MessageType.thread_created
    assert note.content == "Agenda"
    assert thread.id != note.id


async def test_a_private_thread_is_seen_by_those_in_it(bot: Bot, door: DiscordDoor) -> None:
    role = door.world.guilds[demo.GUILD].roles[demo.BOT_ROLE]
    role.permissions |= P.CREATE_PRIVATE_THREADS
    thread = await bot.room.create_thread(name="Two of us", type=discord.ChannelType.private_thread)
    await thread.add_user(discord.Object(AMARA))

    async def sees(user_id: int) -> bool:
        return str(thread.id) in {place["id"] for place in (await door.people.snapshot(user_id))["threads"]}

    assert [await sees(AMARA), await sees(BENCE), await sees(INGRID)] == [True, False, True]
    await thread.remove_user(discord.Object(AMARA))
    assert not await sees(AMARA)


async def test_a_deleted_thread_is_gone_for_everybody(bot: Bot, door: DiscordDoor, watch: Watch) -> None:
    thread = await (await bot.room.send("prompt")).create_thread(name="Tuesday")
    amara = watch(AMARA)
    await thread.delete()
    assert (await amara.until("channel_delete"))["id"] == str(thread.id)
    await bot.until("thread_delete")
    with pytest.raises(discord.NotFound) as gone:
        await thread.send("hello?")
    assert gone.value.code == 10003


async def test_a_name_of_101_characters_is_too_long(http: aiohttp.ClientSession) -> None:
    path = f"channels/{demo.DAILY_REFLECTION}/threads"
    async with http.post(path, json={"name": "x" * 101, "type": 11, "auto_archive_duration": 61}) as answer:
        assert set((await answer.json())["errors"]) == {"name", "auto_archive_duration"}
