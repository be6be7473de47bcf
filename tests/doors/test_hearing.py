"""Open messages, edits and direct messages reach the crisis screen, each once, with whose and where."""

from __future__ import annotations

from bot.care.incoming import IncomingMessage
from bot.people import Member, Place, Platform, Workspace
from bot.platforms.discord.client import ThirdChairClient
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
