"""Open messages, edits and direct messages reach the crisis screen, each once, with whose and where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from bot.care.incoming import IncomingMessage
from bot.people import Member, Place, Platform, Workspace
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.hearing import Hearing
from tests.doors.conftest import Scene
from tests.doors.stub_house import Notes


def heard(notes: Notes) -> list[IncomingMessage]:
    return [given["message"] for given in notes.of("care.listen")]


async def test_a_message_is_heard_with_its_writer_and_place(scene: Scene, notes: Notes) -> None:
    sent = await scene.trainee.send(scene.channel, "hello there")
    (message,) = heard(notes)
    workspace = Workspace(Platform.DISCORD, str(scene.guild.id))
    assert message.author == Member(Platform.DISCORD, str(scene.trainee.id))
    assert message.place == Place(workspace, str(scene.channel.id))
    assert (message.ref.place, message.ref.id) == (message.place, str(sent.id))
    assert (message.text, message.parent, message.edited, message.direct) == ("hello there", None, False, False)


async def test_a_message_in_a_thread_is_heard_with_its_channel(scene: Scene, notes: Notes) -> None:
    posted = await scene.post(("tc:respond:p1", "Respond"))
    await posted.create_thread(name="today")
    await scene.trainee.send(scene.channel.threads[0], "in the thread")
    (message,) = heard(notes)
    assert message.place.id == str(scene.channel.threads[0].id)
    assert message.parent == Place(message.place.workspace, str(scene.channel.id))


async def test_an_edit_is_heard_anew(scene: Scene, notes: Notes) -> None:
    sent = await scene.trainee.send(scene.channel, "before")
    await scene.trainee.edit(sent, "after")
    assert [(message.text, message.edited) for message in heard(notes)] == [("before", False), ("after", True)]


async def test_a_direct_message_is_heard_as_such(scene: Scene, notes: Notes) -> None:
    await scene.trainee.send_dm("for the bot alone")
    (message,) = heard(notes)
    assert message.direct
    assert message.place.workspace == Workspace(Platform.DISCORD, "@me")


async def test_the_bot_does_not_hear_itself(scene: Scene, notes: Notes) -> None:
    await scene.post(("tc:flag:r1", "x"))
    assert heard(notes) == []


async def test_the_same_message_twice_is_heard_once(scene: Scene, notes: Notes) -> None:
    client = scene.env.bot
    assert isinstance(client, ThirdChairClient)
    sent = await scene.trainee.send(scene.channel, "once")
    client.dispatch("message", sent)
    await scene.env.settle()
    assert len(heard(notes)) == 1


class Room:
    """A channel on a server of one shard, which notes from where it was read."""

    def __init__(self, number: int) -> None:
        self.id, self.last_message_id = number, number * 100
        self.read_after: list[int] = []

    async def history(self, *, limit: int, after: Any) -> AsyncIterator[Any]:
        self.read_after.append(after.id)
        for nothing in ():
            yield nothing


async def test_one_shards_lost_session_is_read_without_waiting_for_the_others() -> None:
    rooms = Room(1), Room(2)
    servers = [SimpleNamespace(shard_id=n, text_channels=[room], threads=[]) for n, room in enumerate(rooms)]
    client: Any = SimpleNamespace(guilds=servers)
    hearing = Hearing(client)
    for shard in (0, 1):
        await hearing.catch_up(shard)
    hearing.broken(1)
    for room in rooms:
        room.last_message_id += 1
    new = Room(3)
    servers[1].threads.append(new)
    await hearing.catch_up(1)
    assert [room.read_after for room in rooms] == [[], [200]]
    assert new.read_after == [200], "what stood in it before the gap is none of ours"
