"""The content: items, messages, the crisis rules, and how fresh the help lines are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from bot.care.self_test import try_screen
from bot.catalogue.load import load
from bot.catalogue.messages import BrokenMessages, MessageCatalogue
from bot.catalogue.report import ContentError
from bot.commands.doctor.check import Check, good, look, mend
from bot.crisis import resources
from bot.crisis.assessment import Action
from bot.crisis.screening import Screen
from bot.errors import ThirdChairError

HINT = "Run `python -m bot check-content` for each file and field."


def library(content_dir: Path, today: date) -> Iterator[Check]:
    """Look at everything that the bot reads from its content folder."""
    yield _read("Items", lambda: _items(content_dir))
    yield _read("Messages", lambda: _messages(content_dir))
    yield _read("Crisis screen", lambda: _screen(content_dir))
    yield _read("Help lines", lambda: _lines(content_dir, today))


def _read(about: str, look_at: Callable[[], Check]) -> Check:
    try:
        return look_at()
    except ContentError as error:
        count = len(error.findings)
        return mend(about, f"{count} {'problem' if count == 1 else 'problems'}, first {error.findings[0]}", HINT)
    except (ThirdChairError, BrokenMessages) as error:
        return mend(about, f"{str(error).rstrip('.')}.", HINT)
    except OSError as error:
        return mend(
            about, f"{content_dir_of(error)} cannot be read.", "Restore the content folder, or set CONTENT_DIR."
        )


def content_dir_of(error: OSError) -> str:
    """The path that an error is about."""
    return str(error.filename or "the content folder")


def _items(content_dir: Path) -> Check:
    return good("Items", f"{len(load(content_dir).items)} load")


def _messages(content_dir: Path) -> Check:
    return good("Messages", f"load in {', '.join(MessageCatalogue(content_dir).locales)}")


def _screen(content_dir: Path) -> Check:
    screen = Screen.load(content_dir)
    tried = try_screen(screen)
    said = f"{len(screen.book.rules)} rules load; two sentences were answered {tried.urgent} and {tried.calm}"
    if tried.calm is not Action.N:
        return look(
            "Crisis screen",
            f"{said}, and the second is ordinary clinical talk.",
            "Undo the latest change in content/crisis/rules: it raises false alarms.",
        )
    return good("Crisis screen", f"{said} in {tried.milliseconds:.1f} ms")


def _lines(content_dir: Path, today: date) -> Check:
    countries = resources.HelpLines.load(content_dir).countries
    lines = [line for country in countries.values() for line in country.lines]
    stale = sum(not line.is_fresh(today) for line in lines)
    said = f"{len(lines)} lines in {len(countries) - 1} countries"
    if stale:
        return look(
            "Help lines",
            f"{said}, {stale} of them not checked by a person within {resources.FRESH_FOR.days} days.",
            "Until then cards lead with the emergency number; `python -m bot check-content --all` names each line.",
        )
    return good("Help lines", f"{said}, all checked")
