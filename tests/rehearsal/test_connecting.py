"""Identifying, READY, and what the bot then knows of the world."""

from __future__ import annotations

from rehearsal import demo
from tests.rehearsal.stage import AMARA, Bot


async def test_the_bot_meets_the_whole_programme(bot: Bot) -> None:
    guild = bot.get_guild(demo.GUILD)
    assert guild is not None
    assert guild.name == "Northside Training Programme"
    assert guild.member_count == 9
    assert bot.user is not None
    assert bot.user.id == demo.BOT
    assert {channel.name for channel in guild.text_channels} == {"common-room", "daily-reflection", "supervisors"}
    amara = guild.get_member(AMARA)
    assert amara is not None
    assert [role.name for role in amara.roles] == ["@everyone", "trainee"]
    assert bot.application_id == demo.APPLICATION


async def test_a_message_is_written_edited_found_and_deleted(bot: Bot) -> None:
    message = await bot.room.send("Good morning")
    (told,) = await bot.until("message")
    assert (told.id, told.content, told.guild.id) == (message.id, "Good morning", demo.GUILD)

    edited = await message.edit(content="Good afternoon")
    assert edited.edited_at is not None
    assert [m.content async for m in bot.room.history()] == ["Good afternoon"]

    await message.delete()
    await bot.until("message_delete")
    assert [m async for m in bot.room.history()] == []
