"""The line to Discord, over the rehearsal's wire: opening it, losing it, and what is said meanwhile."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.catalogue.messages import MessageCatalogue
from bot.platforms.discord.client import CannotStart, ThirdChairClient
from rehearsal import demo
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.pointing import pointed_at
from tests.doors.stub_house import Notes
from tests.doors.wire import PATIENCE, until

AMARA = demo.TRAINEES["Amara"][0]


async def test_without_a_token_it_says_where_to_get_one(client: ThirdChairClient, words: MessageCatalogue) -> None:
    with pytest.raises(CannotStart) as told:
        await client.serve("  ")
    assert str(told.value) == words.say("discord.start.no_token")


async def test_a_wrong_token_is_named_and_not_quoted(
    client: ThirdChairClient, door: DiscordDoor, words: MessageCatalogue
) -> None:
    with pytest.raises(CannotStart) as told:
        await client.serve("not.the.token")
    assert str(told.value) == words.say("discord.start.wrong_token")
    assert client.is_closed()


async def test_a_refused_intent_is_named_with_where_to_switch_it_on(
    client: ThirdChairClient, door: DiscordDoor
) -> None:
    door.world.application.content_intent = False
    with pytest.raises(CannotStart, match="Message Content Intent"):
        await client.serve(demo.BOT_TOKEN)
    assert client.is_closed()


async def test_discord_out_of_reach_is_one_sentence(client: ThirdChairClient, words: MessageCatalogue) -> None:
    with pointed_at("http://127.0.0.1:9"), pytest.raises(CannotStart) as told:
        await client.serve(demo.BOT_TOKEN)
    assert str(told.value) == words.say("discord.start.no_line")


@pytest.mark.usefixtures("line")
async def test_what_is_said_on_a_standing_line_is_heard(door: DiscordDoor, notes: Notes) -> None:
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "on the line")
    await until(lambda: texts(notes) == ["on the line"])


async def test_what_was_said_while_a_session_was_lost_is_read_from_history(
    line: ThirdChairClient, door: DiscordDoor, notes: Notes
) -> None:
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "before")
    await until(lambda: texts(notes) == ["before"])
    away = asyncio.create_task(line.wait_for("disconnect"))
    back = asyncio.create_task(line.wait_for("ready"))
    await asyncio.sleep(0)
    await door.control.add([{"kind": "op9", "resumable": False}])
    await away
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "meanwhile")
    await door.people.send(AMARA, demo.COMMON_ROOM, "meanwhile, elsewhere")
    assert texts(notes) == ["before"]
    async with asyncio.timeout(PATIENCE):
        await back
    await until(lambda: sorted(texts(notes)) == ["before", "meanwhile", "meanwhile, elsewhere"])


async def test_what_is_said_before_a_new_session_is_read_hides_nothing_of_the_gap(
    line: ThirdChairClient, door: DiscordDoor, notes: Notes
) -> None:
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "before")
    await until(lambda: texts(notes) == ["before"])
    line._connection.guild_ready_timeout = 0.5  # READY is there, and the channels are not read yet
    away, connected = (asyncio.create_task(line.wait_for(event)) for event in ("disconnect", "connect"))
    await asyncio.sleep(0)
    await door.control.add([{"kind": "op9", "resumable": False}])
    await away
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "meanwhile")
    async with asyncio.timeout(PATIENCE):
        await connected
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "on the new line")
    await until(lambda: texts(notes) == ["before", "on the new line"])
    await until(lambda: texts(notes) == ["before", "on the new line", "meanwhile"])


async def test_a_direct_message_of_the_gap_is_read_too(line: ThirdChairClient, door: DiscordDoor, notes: Notes) -> None:
    channel = (await door.people.open_dm(AMARA))["id"]
    await door.people.send(AMARA, channel, "before")
    await until(lambda: texts(notes) == ["before"])
    away = asyncio.create_task(line.wait_for("disconnect"))
    await asyncio.sleep(0)
    await door.control.add([{"kind": "op9", "resumable": False}])
    await away
    await door.people.send(AMARA, channel, "meanwhile")
    await until(lambda: texts(notes) == ["before", "meanwhile"])
    assert [given["message"].direct for given in notes.of("care.listen")] == [True, True]


async def test_a_session_that_goes_on_leaves_nothing_to_be_read(
    line: ThirdChairClient, door: DiscordDoor, notes: Notes
) -> None:
    cog: Any = line.get_cog("Care")
    back = asyncio.create_task(line.wait_for("resumed"))
    await asyncio.sleep(0)
    await door.control.add([{"kind": "op7"}])
    async with asyncio.timeout(PATIENCE):
        await back
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "after it")
    await until(lambda: texts(notes) == ["after it"])
    assert cog.hearing._left_off == {}, "or a later gap would be read from here on, and not to its end"


@pytest.mark.usefixtures("line")
async def test_events_delivered_twice_are_heard_once(door: DiscordDoor, notes: Notes) -> None:
    await door.control.add([{"kind": "duplicate_events", "n": 3}])
    for number in range(3):
        await door.people.send(AMARA, demo.DAILY_REFLECTION, f"message {number}")
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "the last")
    await until(lambda: "the last" in texts(notes))
    assert texts(notes) == ["message 0", "message 1", "message 2", "the last"]


def texts(notes: Notes) -> list[str]:
    return [given["message"].text for given in notes.of("care.listen")]


def test_discord_py_is_never_heard_below_info(words: MessageCatalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("discord")
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    ThirdChairClient(words)
    assert logger.level == logging.INFO  # below that it logs what people write


async def test_hanging_up_lets_what_people_have_begun_end(line: ThirdChairClient, door: DiscordDoor) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def on_message(_: object) -> None:
        begun.set()
        await may_end.wait()
        assert not line.is_closed()
        ended.set()

    line.add_listener(on_message)
    await door.people.send(AMARA, demo.DAILY_REFLECTION, "just before the end")
    await begun.wait()
    closing = asyncio.create_task(line.close())
    await asyncio.sleep(0)
    may_end.set()
    await closing
    assert ended.is_set()
    assert line.is_closed()
