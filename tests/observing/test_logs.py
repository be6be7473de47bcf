"""A canary phrase is planted where members' words could reach the log, and must be found in no line of it."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sqlite3
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import discord
import pytest
import structlog
from discord import app_commands
from sqlalchemy.exc import IntegrityError

from bot.errors import BadInput, NotFound
from bot.observing import logs
from bot.people import Member, Platform
from bot.settings import LogFormat, LogLevel

CANARY = "seven violet herons at dusk"
MEMBER_ID = 941234567890123456
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789ab"
PASSWORD = 'pass"word\\with-quotes'


@pytest.fixture(params=list(LogFormat))
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Configure logging as the bot does, at its most talkative; put everything back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook)
    levels = {name: logging.getLogger(name).level for name in (*logs.OURS, *logs._TALKATIVE)}
    stream = io.StringIO()
    logs.configure(LogLevel.DEBUG, request.param, (TOKEN, PASSWORD), stream)
    yield stream
    root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def command_invoke_error() -> BaseException:
    """discord.py's own wrapper, which repeats the original's message in its text."""

    async def callback(interaction: discord.Interaction) -> None:
        """Do nothing."""

    command = app_commands.Command(name="prompt", description="today's prompt", callback=callback)
    return app_commands.CommandInvokeError(command, ValueError(CANARY))


def nested() -> BaseException:
    try:
        try:
            {}[CANARY]
        except KeyError as first:
            raise RuntimeError(f"could not handle {CANARY}") from first
    except RuntimeError as second:
        second.add_note(CANARY)
        return second


def while_handling() -> BaseException:
    try:
        try:
            raise ValueError(CANARY)
        except ValueError:
            raise LookupError("innocent")  # noqa: B904  # the context is what is tried here
    except LookupError as error:
        return error


def circular() -> BaseException:
    error = ValueError(CANARY)
    error.__cause__ = RuntimeError(CANARY)
    error.__cause__.__cause__ = error
    return error


NASTY = [
    pytest.param(command_invoke_error, id="command-invoke-error"),
    pytest.param(nested, id="nested"),
    pytest.param(while_handling, id="context"),
    pytest.param(circular, id="circular"),
    pytest.param(lambda: ExceptionGroup(CANARY, [ValueError(CANARY), ExceptionGroup(CANARY, [nested()])]), id="group"),
    pytest.param(lambda: IntegrityError(CANARY, {"text": CANARY}, sqlite3.IntegrityError(CANARY)), id="database"),
    pytest.param(lambda: FileNotFoundError(2, CANARY, CANARY), id="os-error"),
    pytest.param(lambda: OSError(CANARY), id="os-error-of-a-library"),
    pytest.param(lambda: UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY), id="unicode"),
    pytest.param(lambda: asyncio.CancelledError(CANARY), id="cancelled"),
]


@pytest.mark.parametrize("make", NASTY)
@pytest.mark.parametrize("logger", ["bot.duties.rounds", "cogs.responses", "discord.client", "aiohttp.server", "x.y"])
def test_an_exception_is_told_by_class_and_place_alone(log: io.StringIO, make: Any, logger: str) -> None:
    error = make()
    speaker = logging.getLogger(logger)
    speaker.error("Ignoring exception in %r", error, exc_info=error)
    speaker.error("it failed: %s", error)
    speaker.error(error)
    speaker.warning("it failed", exc_info=(type(error), error, error.__traceback__))
    assert CANARY not in log.getvalue()
    assert type(error).__qualname__ in log.getvalue()


@pytest.mark.parametrize("make", NASTY)
def test_structured_lines_of_ours_describe_their_exceptions(log: io.StringIO, make: Any) -> None:
    error = make()
    speaker = structlog.get_logger("bot.responses")
    try:
        raise error
    except BaseException:
        speaker.exception("could not publish", posting="p-17", cause=error)
        speaker.error("could not publish", exc_info=True, posting="p-17")
    assert CANARY not in log.getvalue()
    assert "p-17" in log.getvalue()
    assert "test_logs.py:" in log.getvalue()


def test_causes_and_groups_are_all_named(log: io.StringIO) -> None:
    inner = while_handling()
    logging.getLogger("bot").error("failed", exc_info=ExceptionGroup("two", [nested(), inner]))
    for name in ("ExceptionGroup", "RuntimeError", "KeyError", "LookupError", "ValueError"):
        assert name in log.getvalue()
    assert "in while_handling" in log.getvalue()


def test_our_own_errors_speak_and_vendors_codes_are_named(log: io.StringIO) -> None:
    speaker = logging.getLogger("bot.moderation")
    speaker.warning("refused: %s", NotFound("the posting was closed"))
    speaker.warning("refused: %s", BadInput("zone.unknown", typed=CANARY))
    refusal = sqlite3.OperationalError(CANARY)
    refusal.sqlite_errorname = "SQLITE_BUSY"
    speaker.warning("refused: %s", refusal)
    for said in ("the posting was closed", "zone.unknown", "SQLITE_BUSY"):
        assert said in log.getvalue()
    assert CANARY not in log.getvalue()


def test_other_libraries_keep_their_templates_and_lose_their_values(log: io.StringIO) -> None:
    speaker = logging.getLogger("discord.gateway")
    speaker.info("Shard ID %s has connected to Gateway (Session ID: %s).", 3, CANARY)
    speaker.warning(
        "We are being rate limited. %s %s responded with 429. Retrying in %.2f seconds.", "POST", CANARY, 1.5
    )
    speaker.warning("A member %(who)s wrote %(what)s", {"who": MEMBER_ID, "what": CANARY})
    assert "Shard ID 3 has connected" in log.getvalue()
    assert "Retrying in 1.50 seconds" in log.getvalue()
    assert CANARY not in log.getvalue()
    assert str(MEMBER_ID) not in log.getvalue()


@pytest.mark.parametrize("logger", ["bot.duties", "discord.gateway"])
def test_a_broken_template_does_not_print_its_arguments(
    log: io.StringIO, capsys: pytest.CaptureFixture[str], logger: str
) -> None:
    record = logging.LogRecord(logger, logging.ERROR, __file__, 7, "two of %s %s", (CANARY,), None)
    handler = next(each for each in logging.getLogger().handlers if isinstance(each, logs.DiscreetHandler))
    handler.handle(record)
    assert "test_logs.py:7" in log.getvalue()
    assert CANARY not in log.getvalue() + capsys.readouterr().err


def test_a_line_that_a_library_formatted_itself_is_only_located(log: io.StringIO) -> None:
    logging.getLogger("slack_sdk.web").error(f"Unhandled request: {CANARY}")
    logging.getLogger("slack_bolt.AsyncApp").warning(f"Unhandled request: {CANARY}")
    logging.getLogger("somebody").error(f"Unhandled request: {CANARY}", stack_info=True)
    assert CANARY not in log.getvalue()
    assert log.getvalue().count("may hold words, from test_logs.py:") == 2


def test_below_info_other_libraries_are_not_heard(log: io.StringIO) -> None:
    for name in ("discord.http", "aiosqlite", "slack_sdk", "sqlalchemy.engine"):
        speaker = logging.getLogger(name)
        speaker.setLevel(logging.DEBUG)  # as a careless library does for itself
        speaker.debug("POST with %s", CANARY)
    logging.getLogger("bot.prompts").debug("chose %s", "p-boundaries-001")
    assert CANARY not in log.getvalue()
    assert log.getvalue().count("\n") == 1
    assert "p-boundaries-001" in log.getvalue()


async def test_a_task_nobody_waited_for_is_reported_without_its_exception(log: io.StringIO) -> None:
    async def fails() -> None:
        raise ValueError(CANARY)

    task = asyncio.ensure_future(fails())
    await asyncio.wait([task])
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "future": task, "exception": task.exception()}
    )
    assert CANARY not in log.getvalue()
    assert "Task exception was never retrieved" in log.getvalue()
    assert "ValueError" in log.getvalue()


def test_what_nobody_caught_is_reported_without_its_words(log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    error = nested()
    sys.excepthook(type(error), error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(CANARY), None)
    thread = threading.Thread(target=lambda: {}[CANARY])
    thread.start()
    thread.join()
    assert CANARY not in log.getvalue() + capsys.readouterr().err
    assert "Ended by an unexpected error" in log.getvalue()
    assert "A thread ended unexpectedly" in log.getvalue()


def test_secrets_are_masked_wherever_they_stand(log: io.StringIO) -> None:
    speaker = structlog.get_logger("bot.wiring")
    speaker.info(f"connecting with {TOKEN}", password=PASSWORD, deep={"of": [TOKEN, PASSWORD]})
    logging.getLogger("bot.wiring").info("postgresql://me:hunter2@db/tc and https://h/api/webhooks/123/aBc-d?wait=1")
    other = TOKEN.replace("G", "H")  # a token that is not in the settings is still a token
    logging.getLogger("bot.wiring").info("what about %s", other)
    for secret in (TOKEN, PASSWORD, json.dumps(PASSWORD)[1:-1], "hunter2", "aBc-d", other):
        assert secret not in log.getvalue()
    assert "[secret]" in log.getvalue()


def test_keys_that_name_people_or_words_are_kept_out(log: io.StringIO) -> None:
    structlog.get_logger("bot.responses").info("submitted", posting="p-17", text=CANARY, member=str(MEMBER_ID))
    logging.getLogger("bot.responses").info("submitted", extra={"posting": "p-18", "words": CANARY})
    logging.getLogger("bot.responses").info("submitted by %s", Member(Platform.DISCORD, str(MEMBER_ID)))
    assert CANARY not in log.getvalue()
    assert str(MEMBER_ID) not in log.getvalue()
    assert "p-17" in log.getvalue()
    assert "p-18" in log.getvalue()


@pytest.mark.parametrize("log", [LogFormat.JSON], indirect=True)
def test_json_is_one_object_a_line_even_for_an_exception(log: io.StringIO) -> None:
    logging.getLogger("bot.duties").warning("given back", exc_info=nested())
    structlog.get_logger("cogs").info("said", outcome="posted")
    rows = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [row["level"] for row in rows] == ["warning", "info"]
    assert rows[0]["logger"] == "bot.duties"
    assert "KeyError" in rows[0]["exception"]
    assert rows[1]["outcome"] == "posted"
    assert rows[1]["timestamp"].endswith("Z")


def test_no_warning_is_raised_by_formatting(log: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        logging.getLogger("bot").error("failed", exc_info=nested())
    assert "failed" in log.getvalue()
