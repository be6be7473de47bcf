"""`run` as a service manager sees it: a process of its own against a Discord on this machine, until a signal."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from rehearsal import demo
from rehearsal.clock import MovableClock
from rehearsal.discord.door import DiscordDoor
from rehearsal.server import RehearsalServer

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 150.0  # seconds; a cold start on a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def discord_url() -> AsyncIterator[str]:
    now = datetime.now(UTC)
    server = RehearsalServer([DiscordDoor(demo.demo_world(MovableClock(real_now=lambda: now)))])
    yield await server.start()
    await server.stop()


@asynccontextmanager
async def bot(settings: Mapping[str, str], *command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a command of the bot's; kill it if the test did not end it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *command,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **settings},
        cwd=settings["DATA_DIR"],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until(process: asyncio.subprocess.Process, words: str) -> str:
    """Read the log up to the line that holds `words`; return all that was read."""
    assert process.stderr is not None
    read = ""
    while words not in read:
        line = (await process.stderr.readline()).decode()
        assert line, f"the bot ended before it said {words!r}: {read}"
        read += line
    return read


def settings_for(url: str, folder: Path, **more: str) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": demo.BOT_TOKEN,
        "DISCORD_API_BASE": f"{url}/api/v10",
        "DISCORD_GATEWAY": url.replace("http", "ws", 1) + "/gateway",
        "DATA_DIR": str(folder),
        **more,
    }


async def test_it_works_is_healthy_and_ends_well_on_a_signal(discord_url: str, tmp_path: Path) -> None:
    port = free_port()
    settings = settings_for(discord_url, tmp_path, HEALTH_PORT=str(port), LOG_FORMAT="json")
    async with bot(settings, "run") as process, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        log = await until(process, "the bot is at work")
        assert demo.BOT_TOKEN not in log
        async with session.get("/livez") as answer:
            assert answer.status == 200
        async with session.get("/readyz") as answer:
            said = await answer.json()
            assert (said["gateway"], said["database"]) == (True, True)
        async with session.get("/metrics") as answer:
            assert "third_chair_oldest_unclaimed_seconds 0.0" in await answer.text()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert (tmp_path / "third-chair.db").is_file()


async def test_a_token_that_discord_refuses_is_one_sentence(discord_url: str, tmp_path: Path) -> None:
    settings = settings_for(discord_url, tmp_path, DISCORD_TOKEN="not.the.token")
    async with bot(settings, "run") as process:
        log = await until(process, "✖")
        assert await process.wait() == 1
    assert "does not accept the token" in log
    assert "Traceback" not in log
    assert "not.the.token" not in log


async def test_a_health_port_that_is_taken_is_one_sentence(discord_url: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        async with bot(settings_for(discord_url, tmp_path, HEALTH_PORT=port), "run") as process:
            log = await until(process, "✖")
            assert await process.wait() == 1
    assert f"HEALTH_PORT {port} is in use by another program" in log
    assert "Traceback" not in log


async def test_a_person_is_forgotten_with_and_without_a_line_to_discord(discord_url: str, tmp_path: Path) -> None:
    who = f"discord:{demo.TRAINEES['Amara'][0]}"
    for settings in (settings_for(discord_url, tmp_path), {"DATA_DIR": str(tmp_path)}):
        async with bot(settings, "forget", who, "--yes") as process:
            out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        assert out.strip()
        assert who.partition(":")[2] not in (out + err).decode()
