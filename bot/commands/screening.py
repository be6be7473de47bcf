"""`screen`: try the crisis screen on text of one's own. Nothing is stored, logged or sent anywhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

if TYPE_CHECKING:
    from bot.crisis.assessment import Assessment

LONGEST_LINE = 1_000_000  # bytes; far above what a platform lets anybody write


def screen(
    file: Annotated[
        Path | None, typer.Argument(help="JSON Lines with a text each, or plain lines; - or nothing reads from stdin.")
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Take every line as it is, even one that opens with {.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say also whose risk, and what silenced a rule.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with exit code 1 if a line could not be read.")] = False,
) -> None:
    """Try the crisis screen on lines of text.

    Each gets one JSON object: how the bot would meet its writer (A urgent, B supportive, C tell a supervisor, N
    nothing), by which rules, and where they spoke. Nothing is stored or sent.
    """
    from bot.commands.terminal import ExitCode, tell
    from bot.crisis.screening import Screen
    from bot.errors import ThirdChairError
    from bot.settings import load

    assess = Screen.load(load().content_dir).assess
    from_stdin = file is None or str(file) == "-"
    if from_stdin and sys.stdin.isatty():
        tell("Write a line and press Enter to see how it would be met; Ctrl-D ends. Nothing is kept.")
    try:
        source: BinaryIO = sys.stdin.buffer if from_stdin or file is None else file.open("rb")
    except OSError as error:
        raise ThirdChairError(f"{file} cannot be read ({error.strerror}): check the path.") from None
    troubles = 0
    with source:
        for answer in answers(source, assess, plain=plain, explain=explain):
            troubles += "error" in answer
            # Whoever writes to us through a pipe may wait for each answer before the next line.
            print(json.dumps(answer), flush=from_stdin)
    if strict and troubles:
        tell(f"{troubles} of the lines could not be read.")
        raise typer.Exit(ExitCode.TO_MEND)


def answers(
    lines: BinaryIO, assess: Callable[[str], Assessment], *, plain: bool = False, explain: bool = False
) -> Iterator[dict[str, Any]]:
    """Give one answer a line, in order; a line that cannot be read gets one with `error` and its number."""
    for number, line in enumerate(_lines(lines), 1):
        try:
            text = _text(line, plain=plain)
        except ValueError as error:
            yield {"error": str(error), "line": number}
            continue
        try:
            yield _told(assess(text), explain=explain)
        except Exception as error:
            # Its message may quote the text. One line that breaks the screen must not hide what the others show.
            yield {"error": f"the screen failed ({type(error).__name__})", "line": number}


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Each line, or None for one that is too long, whose rest is passed over."""
    while line := source.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := source.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _text(line: bytes | None, *, plain: bool) -> str:
    """The text to assess; raises ValueError with a sentence that quotes nothing of it."""
    if line is None:
        raise ValueError("the line is too long")
    try:
        written = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("the line is not UTF-8 text") from None
    if plain or not written.lstrip().startswith("{"):
        return written
    try:
        row = json.loads(written)
    except (ValueError, RecursionError):
        raise ValueError("the line opens like JSON but is none") from None
    text = row.get("text")
    if not isinstance(text, str):
        raise ValueError('the object has no "text" that is a string')
    return text


def _told(assessment: Assessment, *, explain: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "action": assessment.action.value,
        "rules": list(assessment.rules),
        "spans": [list(span) for span in assessment.spans],
    }
    if explain:
        told["subject"] = assessment.subject.value
        told["modifiers"] = list(assessment.modifiers)
        told["suppressed"] = list(assessment.suppressed)
    return told
