"""The log: postings, levels and outcomes, and never a member's words.

Our own lines and other libraries' go through one formatter. Ours are trusted to name ids and outcomes, though an
exception in them is described, not quoted. Others' are not: see `bot.observing.discretion`. Below INFO they are not
heard at all, since that is where libraries log whole requests.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.observing.discretion import HIDDEN, describe, masker, message_of, trace
from bot.settings import LogFormat, LogLevel

OURS = ("bot", "cogs", "rehearsal")

_TALKATIVE = {
    "aiohttp.access": logging.WARNING,  # one line a request, with addresses
    "aiosqlite": logging.WARNING,
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,  # one line a tick
    "slack_bolt": logging.ERROR,  # logs bodies of events
    "slack_sdk": logging.ERROR,
    "sqlalchemy": logging.WARNING,
}
_TEMPLATED = ("aiohttp", "alembic", "apscheduler", "discord")
"""Libraries whose lines without arguments are known to be constants; other such lines are not shown."""

_NEVER = frozenset({"author", "body", "content", "draft", "member", "name", "text", "user", "words"})
"""Keys that a line of ours must not have; should one slip in, its value stays out of the log."""

_EXTRAS = structlog.stdlib.ExtraAdder()
_log = logging.getLogger(__name__)


class DiscreetHandler(logging.StreamHandler[TextIO]):
    """Writes lines, and does not print a record's arguments when one cannot be written, as logging would."""

    def handleError(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):
            self.stream.write(f"a line of {record.name} could not be logged ({record.filename}:{record.lineno})\n")


def configure(
    level: LogLevel = LogLevel.INFO,
    form: LogFormat = LogFormat.CONSOLE,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send everything that is logged, and every uncaught exception, to `stream` (stderr), discreetly."""
    handler = DiscreetHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(form, secrets, colors=(stream or sys.stderr).isatty()))
    handler.addFilter(_is_heard)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.INFO, level.value, key=_number))
    for name in OURS:
        logging.getLogger(name).setLevel(level.value)
    for name, least in _TALKATIVE.items():
        logging.getLogger(name).setLevel(max(least, _number(level.value)))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    sys.excepthook = _on_uncaught
    threading.excepthook = lambda failed: _log.critical("A thread ended unexpectedly", exc_info=failed.exc_value)
    sys.unraisablehook = lambda failed: _log.error("An error could not be raised", exc_info=failed.exc_value)


def _formatter(form: LogFormat, secrets: Iterable[str], *, colors: bool) -> logging.Formatter:
    mask = masker(secrets)
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)
        if form is LogFormat.JSON
        else structlog.dev.ConsoleRenderer(colors=colors, sort_keys=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, _say],
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _describe_exceptions,
            _keep_out,
            renderer,
            lambda _logger, _method, line: mask(str(line)),
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )


def _is_heard(record: logging.LogRecord) -> bool:
    """Some libraries set their own loggers' levels; below INFO they are still not heard."""
    if record.name == "discord.client" and "voice will NOT be supported" in str(record.msg):
        return False  # true, and of no use to anybody here
    return record.levelno >= logging.INFO or _is_ours(record.name)


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS


def _say(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put a standard-library record into words: ours as it is, others' as far as it is harmless."""
    record: logging.LogRecord = event["_record"]
    args = event.pop("positional_args", ())
    if _is_ours(record.name):
        event["event"] = _fill(record.msg, args)
        return _EXTRAS(_logger, _method, event)
    shy = not args and not record.name.startswith(_TEMPLATED)
    said = message_of(record.msg, args, shy=shy)
    if said == HIDDEN and record.name == "asyncio" and isinstance(record.msg, str):
        said = record.msg.partition("\n")[0]  # its further lines print the task, and with it the exception
    if said == HIDDEN:
        said = f"a message that may hold words, from {Path(record.pathname).name}:{record.lineno}"
    event["event"] = said
    event.pop("stack_info", None)
    return event


def _fill(template: object, args: object) -> str:
    text = str(_spoken(template))
    if isinstance(args, Mapping) and args:
        return text % {key: _spoken(value) for key, value in args.items()}
    if isinstance(args, tuple) and args:
        return text % tuple(_spoken(value) for value in args)
    return text


def _describe_exceptions(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    described = {key: _spoken(value) for key, value in event.items()}
    if isinstance(error, BaseException):
        described["exception"] = trace(error)
    return described


def _keep_out(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: HIDDEN if key in _NEVER else value for key, value in event.items()}


def _spoken(value: object) -> object:
    return describe(value) if isinstance(value, BaseException) else value


def _on_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("Ended by an unexpected error", exc_info=error.with_traceback(traceback))


def _number(level: int | str) -> int:
    return level if isinstance(level, int) else logging.getLevelNamesMapping()[level]
