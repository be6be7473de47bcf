"""What the bot and the people may do where, computed as Discord computes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
import pytest

from rehearsal import demo
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.errors import Refused
from rehearsal.discord.model import Overwrite
from rehearsal.discord.permissions import P
from tests.rehearsal.stage import AMARA, BENCE, INGRID, Bot, Watching

EVERYONE = demo.GUILD


def deny(door: DiscordDoor, channel: int, target: int, permission: P, *, member: bool = False) -> None:
    place = door.world.channels[channel]
    door.guilds.overwrite(place, Overwrite(target, int(member), deny=int(permission)))


async def test_the_bot_without_sending_gets_50013_and_without_sight_50001(bot: Bot, door: DiscordDoor) -> None:
    deny(door, demo.DAILY_REFLECTION, demo.BOT_ROLE, P.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden) as mute:
        await bot.room.send("hello")
    assert mute.value.code == 50013
    deny(door, demo.DAILY_REFLECTION, demo.BOT_ROLE, P.VIEW_CHANNEL)
    with pytest.raises(discord.Forbidden) as blind:
        await bot.room.send("hello")
    assert blind.value.code == 50001


async def test_discord_py_computes_the_same_permissions(bot: Bot, door: DiscordDoor) -> None:
    deny(door, demo.DAILY_REFLECTION, EVERYONE, P.SEND_MESSAGES | P.ADD_REACTIONS)
    allowed = Overwrite(BENCE, 1, allow=int(P.SEND_MESSAGES))
    door.guilds.overwrite(door.world.channels[demo.DAILY_REFLECTION], allowed)
    await bot.until("guild_channel_update", 2)
    for channel in bot.room.guild.text_channels:
        for member in bot.room.guild.members:
            held = door.permissions.in_channel(door.world.channels[channel.id], member.id)
            theirs = channel.permissions_for(member)
            assert bool(held & P.VIEW_CHANNEL) == theirs.view_channel, (channel.name, member.name)
            if theirs.view_channel:
                assert int(held) & sum(P) == theirs.value & sum(P), (channel.name, member.name)


async def test_supervisors_rooms_are_not_there_for_trainees(bot: Bot, door: DiscordDoor) -> None:
    def names(snapshot: dict[str, Any]) -> list[str]:
        return [channel["name"] for channel in snapshot["channels"]]

    assert names(await door.people.snapshot(AMARA)) == ["common-room", "daily-reflection"]
    assert names(await door.people.snapshot(INGRID)) == ["common-room", "daily-reflection", "supervisors"]
    with pytest.raises(Refused, match="cannot see"):
        await door.people.send(AMARA, demo.SUPERVISORS, "hello")
    with pytest.raises(Refused, match="cannot see"):
        await door.people.history(AMARA, demo.SUPERVISORS)


async def test_a_person_who_may_not_write_is_told_so(door: DiscordDoor) -> None:
    deny(door, demo.DAILY_REFLECTION, demo.TRAINEE_ROLE, P.SEND_MESSAGES)
    with pytest.raises(Refused, match="You do not have permission to send messages in #daily-reflection"):
        await door.people.send(AMARA, demo.DAILY_REFLECTION, "hello")
    shown = {c["name"]: c["can_send"] for c in (await door.people.snapshot(AMARA))["channels"]}
    assert shown == {"common-room": True, "daily-reflection": False}


async def test_a_hidden_channels_messages_reach_nobody_who_cannot_see_it(
    bot: Bot, door: DiscordDoor, watch: Callable[[int], Watching]
) -> None:
    amara, ingrid = watch(AMARA), watch(INGRID)
    supervisors = bot.get_channel(demo.SUPERVISORS)
    assert isinstance(supervisors, discord.TextChannel)
    await supervisors.send("somebody needs you")
    await ingrid.until("message_create")
    assert amara.kinds() == []


async def test_losing_sight_of_a_channel_takes_it_off_the_screen(
    door: DiscordDoor, watch: Callable[[int], Watching]
) -> None:
    ingrid = watch(INGRID)
    joaquin = watch(demo.SUPERVISING["Joaquín"][0])
    guild = door.world.guilds[demo.GUILD]
    door.guilds.set_roles(guild, demo.SUPERVISING["Joaquín"][0], [demo.TRAINEE_ROLE])
    assert (await joaquin.until("channel_delete"))["id"] == str(demo.SUPERVISORS)
    assert "channel_delete" not in ingrid.kinds()


async def test_the_bot_cannot_edit_or_delete_what_is_not_its_own_without_rights(bot: Bot, door: DiscordDoor) -> None:
    spoken = await door.people.send(AMARA, demo.DAILY_REFLECTION, "mine")
    message = await bot.room.fetch_message(int(spoken["id"]))
    with pytest.raises(discord.Forbidden) as foreign:
        await message.edit(content="yours")
    assert foreign.value.code == 50005
    deny(door, demo.DAILY_REFLECTION, demo.BOT_ROLE, P.MANAGE_MESSAGES)
    with pytest.raises(discord.Forbidden) as weak:
        await message.delete()
    assert weak.value.code == 50013


async def test_roles_below_the_bots_own_can_be_given_and_others_not(bot: Bot, door: DiscordDoor) -> None:
    guild = door.world.guilds[demo.GUILD]
    member = bot.room.guild.get_member(AMARA)
    assert member is not None
    with pytest.raises(discord.Forbidden):
        await member.add_roles(discord.Object(demo.SUPERVISOR_ROLE))
    guild.roles[demo.BOT_ROLE].permissions |= P.MANAGE_ROLES | P.MANAGE_CHANNELS
    await member.add_roles(discord.Object(demo.SUPERVISOR_ROLE))
    assert guild.members[AMARA].roles == [demo.TRAINEE_ROLE, demo.SUPERVISOR_ROLE]
    with pytest.raises(discord.Forbidden):
        await member.add_roles(discord.Object(demo.BOT_ROLE))

    role = await bot.room.guild.create_role(name="observer")
    channel = await bot.room.guild.create_text_channel("Observers Only")
    assert (role.name, channel.name) == ("observer", "observers-only")
    await channel.set_permissions(role, view_channel=True)
    assert role.id in door.world.channels[channel.id].overwrites


async def test_direct_messages_until_somebody_closes_them(bot: Bot, door: DiscordDoor) -> None:
    amara = await bot.fetch_user(AMARA)
    await amara.send("a word in private")
    snapshot = await door.people.snapshot(AMARA)
    (dm,) = snapshot["dms"]
    assert [m["content"] for m in snapshot["messages"][dm["id"]]] == ["a word in private"]
    assert (await door.people.snapshot(BENCE))["dms"] == []
    await door.people.send(AMARA, dm["id"], "thank you")
    (heard,) = await bot.until("message", 2)
    assert (heard.content, heard.guild) == ("thank you", None)

    door.world.users[AMARA].takes_dms = False
    with pytest.raises(discord.Forbidden) as closed:
        await amara.send("hello?")
    assert closed.value.code == 50007


async def test_people_change_only_their_own_words(door: DiscordDoor) -> None:
    said = await door.people.send(AMARA, demo.COMMON_ROOM, "first")
    with pytest.raises(Refused):
        await door.people.edit(BENCE, said["id"], "second")
    with pytest.raises(Refused):
        await door.people.delete(BENCE, said["id"])
    assert (await door.people.edit(AMARA, said["id"], "second"))["content"] == "second"
    await door.people.delete(INGRID, said["id"])
    assert await door.people.history(AMARA, demo.COMMON_ROOM) == []


async def test_a_person_cannot_paste_ten_thousand_characters(door: DiscordDoor) -> None:
    with pytest.raises(Refused, match="8000 characters too long"):
        await door.people.send(AMARA, demo.COMMON_ROOM, "x" * 10_000)


async def test_without_the_content_intent_only_own_and_addressed_words_are_read(
    start_bot: Callable[..., Any], door: DiscordDoor
) -> None:
    bot = await start_bot(Bot(intents=discord.Intents.default()))
    await door.people.send(AMARA, demo.COMMON_ROOM, "between us")
    await door.people.send(AMARA, demo.COMMON_ROOM, f"<@{demo.BOT}> for you")
    first, second = (await bot.until("message"))[0], (await bot.until("message", 2))[0]
    assert (first.content, second.content) == ("", f"<@{demo.BOT}> for you")
