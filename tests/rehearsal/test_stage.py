"""The server itself, the clocks, and the world kept between two rehearsals."""

from __future__ import annotations

import io
import socket
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from rehearsal import demo
from rehearsal.clock import ManualStopwatch, MovableClock, RehearsalControls
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.pointing import pointed_at
from rehearsal.discord.saved import SavedWorldError, load, save
from rehearsal.server import RehearsalServer
from tests.rehearsal.stage import AMARA, BEGINNING, Bot


async def test_a_taken_port_is_named_and_the_next_one_used(door: DiscordDoor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = RehearsalServer([door])
        url = await server.start(port)
        try:
            assert int(url.rsplit(":", 1)[1]) > port
            assert url.startswith("http://127.0.0.1:")
            assert server.notice is not None
            assert str(port) in server.notice
        finally:
            await server.stop()


def test_pointing_is_undone() -> None:
    def addresses() -> tuple[object, ...]:
        return Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE

    before = addresses()
    with pointed_at("http://127.0.0.1:1"):
        assert all("127.0.0.1:1" in str(address) for address in addresses())
    assert addresses() == before


async def test_the_clock_moves_and_tells() -> None:
    clock = MovableClock(real_now=lambda: BEGINNING)
    told: list[datetime] = []

    async def listener(now: datetime) -> None:
        told.append(now)

    stop = clock.listen(listener)
    await clock.advance(timedelta(hours=2))
    await clock.set(datetime(2026, 7, 1, 8, tzinfo=ZoneInfo("Europe/Vienna")))
    stop()
    await clock.advance(timedelta(hours=1))
    assert told == [BEGINNING + timedelta(hours=2), datetime(2026, 7, 1, 6, tzinfo=UTC)]
    assert clock.now() == datetime(2026, 7, 1, 7, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        await clock.set(datetime(2026, 1, 1))  # noqa: DTZ001 - the naive datetime is the point


async def test_the_pages_clock_buttons() -> None:
    clock = MovableClock(real_now=lambda: BEGINNING)
    due: list[datetime] = [BEGINNING + timedelta(hours=5)]

    async def next_due() -> datetime | None:
        return due[0] if due else None

    controls = RehearsalControls(clock, next_due, ZoneInfo("Europe/Vienna"), time(9))
    assert await controls.next_prompt() == due[0]
    assert await controls.hour() == due[0] + timedelta(hours=1)
    assert await controls.tomorrow() == datetime(2026, 3, 3, 8, tzinfo=UTC)
    due.clear()
    assert await controls.next_prompt() is None


def test_ids_grow_even_when_the_clock_goes_back() -> None:
    present = [BEGINNING]
    world = demo.demo_world(MovableClock(real_now=lambda: present[0]))
    ids = [world.snowflakes.next() for _ in range(3)]
    present[0] -= timedelta(days=1)
    ids += [world.snowflakes.next() for _ in range(3)]
    assert ids == sorted(set(ids))


async def test_a_rehearsal_is_taken_up_where_it_ended(
    bot: Bot, door: DiscordDoor, clock: MovableClock, tmp_path: Path
) -> None:
    prompt = await bot.room.send("prompt", file=discord.File(io.BytesIO(b"x"), "a.txt"), nonce="n1")
    thread = await prompt.create_thread(name="Tuesday")
    await door.people.send(AMARA, thread.id, "here")
    await (await bot.fetch_user(AMARA)).send("in private")
    await prompt.add_reaction("🌱")
    await bot.http.bulk_upsert_global_commands(demo.APPLICATION, [{"name": "why", "description": "why", "type": 1}])
    path = tmp_path / "world.json"
    save(door.world, path)

    again = load(path, clock)
    assert again is not None
    assert vars(again.application) == vars(door.world.application)
    for name in ("users", "guilds", "channels", "messages", "files", "commands"):
        assert getattr(again, name) == getattr(door.world, name), name
    assert again.snowflakes.next() > door.world.snowflakes.last
    remembered = DiscordDoor(again, ManualStopwatch()).messages.with_nonce(demo.BOT, "n1")
    assert remembered is not None
    assert remembered.id == prompt.id


async def test_the_world_is_kept_when_the_server_stops(clock: MovableClock, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "world.json"
    door = DiscordDoor(demo.demo_world(clock), ManualStopwatch(), keep_in=path)
    server = RehearsalServer([door])
    await server.start()
    await door.people.send(AMARA, demo.COMMON_ROOM, "remember me")
    await server.stop()
    again = load(path, clock)
    assert again is not None
    assert [m.content for m in again.messages[demo.COMMON_ROOM].values()] == ["remember me"]


def test_a_damaged_or_foreign_file_is_named(clock: MovableClock, tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    assert load(path, clock) is None
    for content, part in (("{", "damaged"), ("{}", "damaged"), ('{"version": 99}', "another version")):
        path.write_text(content)
        with pytest.raises(SavedWorldError, match=part):
            load(path, clock)
