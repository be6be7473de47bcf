"""Open messages, edits and direct messages reach the crisis screen, each once, with whose and where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from copy import copy
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.care.incoming import IncomingMessage
from bot.people import Member, Place, Platform, Workspace
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.hearing import Hearing
from bot.platforms.once import Recently
from tests.doors.conftest import Scene
from tests.doors.stub_house import Notes

SECOND = timedelta(seconds=1)


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


async def test_what_is_no_edit_of_the_words_is_not_heard_again(scene: Scene, notes: Notes) -> None:
    """As after a restart, when this process has seen none of it: a pin comes as an edit, with the last edit's time."""
    client = scene.env.bot
    assert isinstance(client, ThirdChairClient)
    old = await scene.trainee.send(scene.channel, "last month's words")
    new = await scene.trainee.send(scene.channel, "today's words")
    client.seen = Recently()
    hearing = Hearing(client)
    await hearing.heard(new)
    before = len(heard(notes))
    for edited_at, times in ((None, 0), (new.created_at - timedelta(days=1), 0), (new.created_at + SECOND, 1)):
        touched = copy(old)
        touched._edited_timestamp = edited_at
        await hearing.heard(touched, edited=True)
        assert len(heard(notes)) - before == times


class Letters:
    """Where Discord keeps files; `served` is what it gives for any of them, or None for a fault."""

    def __init__(self) -> None:
        self.served: bytes | None = b""

    async def get_from_cdn(self, url: str) -> bytes:
        if self.served is None:
            raise discord.DiscordServerError(SimpleNamespace(status=503, reason="down"), "down")
        return self.served


@pytest.mark.parametrize(
    ("name", "content", "served", "text"),
    [
        ("message.txt", "", "I have made up my mind. à toi".encode(), "I have made up my mind. à toi"),
        ("message.txt", "read this", b"my letter", "read this\nmy letter"),
        ("message.txt", "read this", None, "read this"),
        ("message.txt", "", None, None),
        ("transcript.txt", "my notes", b"he said he wants to die", "my notes"),
        ("transcript.txt", "", b"he said he wants to die", None),
    ],
)
async def test_words_of_which_discord_made_a_file_are_heard(
    scene: Scene, notes: Notes, name: str, content: str, served: bytes | None, text: str | None
) -> None:
    client = scene.env.bot
    assert isinstance(client, ThirdChairClient)
    sent = copy(await scene.trainee.send(scene.channel, "x"))
    letters = Letters()
    letters.served = served
    file = {"id": "1", "filename": name, "size": 2400, "url": "https://cdn.test/x", "proxy_url": "https://cdn.test/x"}
    state: Any = SimpleNamespace(http=letters)
    sent.content, sent.attachments = content, [discord.Attachment(data=file, state=state)]  # type: ignore[arg-type]
    client.seen = Recently()
    before = len(heard(notes))
    await Hearing(client).heard(sent)
    assert [message.text for message in heard(notes)[before:]] == ([] if text is None else [text])


async def test_a_letter_that_is_too_large_is_not_fetched_and_the_log_says_so(
    scene: Scene, notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    client = scene.env.bot
    assert isinstance(client, ThirdChairClient)
    sent = copy(await scene.trainee.send(scene.channel, "x"))
    file = {"id": "1", "filename": "message.txt", "size": 10**6, "url": "https://cdn.test/x", "proxy_url": ""}
    state: Any = SimpleNamespace(http=None)
    sent.content, sent.attachments = "short", [discord.Attachment(data=file, state=state)]  # type: ignore[arg-type]
    client.seen = Recently()
    await Hearing(client).heard(sent)
    assert heard(notes)[-1].text == "short"
    assert "too long to be read" in caplog.text


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
