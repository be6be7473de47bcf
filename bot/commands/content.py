"""Every kind of content through its own reader, and what each objects to in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.catalogue.check import check
from bot.catalogue.messages import BrokenMessages, MessageCatalogue
from bot.commands.terminal import Mark
from bot.crisis import resources
from bot.crisis.care_cards import CardLibrary
from bot.crisis.content import BrokenContent
from bot.crisis.safe_messaging import check_cards
from bot.crisis.screening import Screen


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing to mend. `is_routine` marks the help lines that only wait for a person to check them again."""

    mark: Mark
    file: str
    field: str
    message: str
    mend: str
    is_routine: bool = False

    def __str__(self) -> str:
        where = f"{self.file}: {self.field}" if self.field else self.file
        return f"{where}: {self.message} {self.mend}".rstrip()


def survey(content_dir: Path, today: date) -> list[Objection]:
    """List everything that the readers of `content_dir` object to, what would refuse the start first."""
    found = [
        Objection(Mark.MEND if f.is_error else Mark.LOOK, f.file, f.field, f"{f.message} ({f.rule})", f.mend)
        for f in check(content_dir, today)
    ]
    found += _refusals(lambda: MessageCatalogue(content_dir))
    found += _refusals(lambda: CardLibrary.load(content_dir))
    found += _refusals(lambda: found.extend(_cards_that_harm(content_dir)))
    found += _refusals(lambda: Screen.load(content_dir))
    found += _refusals(lambda: found.extend(_help_lines(content_dir, today)))
    return sorted(found, key=lambda each: (each.mark is not Mark.MEND, each.is_routine))


def _cards_that_harm(content_dir: Path) -> Iterator[Objection]:
    for f in check_cards(content_dir):
        yield Objection(Mark.LOOK, f.file, f.field, f"{f.message}.", f"{f.mend}.")


def _help_lines(content_dir: Path, today: date) -> Iterator[Objection]:
    for f in resources.check(content_dir, today):
        yield Objection(
            Mark.LOOK, f.file, f.field, f"{f.message}.", f"{f.mend}.", f.field.endswith("last_checked_live")
        )


def _refusals(read: Callable[[], object]) -> list[Objection]:
    try:
        read()
    except BrokenContent as error:
        return [Objection(Mark.MEND, error.file, error.field, f"{error.problem}.", "")]
    except BrokenMessages as error:
        return [Objection(Mark.MEND, "messages", "", str(error), "")]
    except OSError as error:
        return [Objection(Mark.MEND, str(error.filename), "", "it cannot be read.", "Restore it from the release.")]
    return []
