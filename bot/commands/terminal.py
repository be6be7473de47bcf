"""How commands speak: results on stdout, everything else on stderr, one sentence an error."""

from __future__ import annotations

import sys
from enum import IntEnum, StrEnum
from typing import TextIO


class ExitCode(IntEnum):
    """What a command's end means to whoever called it."""

    DONE = 0
    TO_MEND = 1
    """Something that a person can mend; the sentence says how."""
    UNEXPECTED = 70
    """A fault of ours; the log has it under the reference that was printed."""
    INTERRUPTED = 130


class Mark(StrEnum):
    """How a line stands: good, worth a look, or to be mended."""

    GOOD = "✔"
    LOOK = "!"
    MEND = "✖"


_COLOURS = {Mark.GOOD: "green", Mark.LOOK: "yellow", Mark.MEND: "bold red"}


def say(text: str, mark: Mark | None = None) -> None:
    """Print a result."""
    _print(sys.stdout, text, mark)


def tell(text: str, mark: Mark | None = None) -> None:
    """Print something about the command rather than its result."""
    _print(sys.stderr, text, mark)


def _print(file: TextIO, text: str, mark: Mark | None) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, highlight=False, markup=False)
    line = Text.assemble((f"{mark} ", _COLOURS[mark]), text) if mark else Text(text)
    # A sentence may be searched for or pasted: where nobody sees it in a window, it stays in one piece.
    console.print(line, soft_wrap=not console.is_terminal)
