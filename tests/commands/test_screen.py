"""`screen`: one line in, one object out, whatever the line is."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.commands.screening import LONGEST_LINE, answers
from bot.crisis.assessment import NOTHING, Action, Assessment, Span, Subject

REPOSITORY = Path(__file__).resolve().parents[2]
CANARY = "seven violet herons at dusk"
FOUND = Assessment(Action.B, ("b-wish",), (Span(2, 5),), Subject.SELF, ("folded",), ("c-client:past",))


def assess(text: str) -> Assessment:
    if text == "breaks":
        raise RuntimeError(CANARY)
    return FOUND if "end" in text else NOTHING


def told(lines: bytes, **options: bool) -> list[dict[str, Any]]:
    return list(answers(io.BytesIO(lines), assess, **options))


def test_plain_lines_and_json_lines_may_be_mixed() -> None:
    rows = told(b'hello\n{"text": "the end"}\r\n"quoted end"\n')
    assert rows == [
        {"action": "N", "rules": [], "spans": []},
        {"action": "B", "rules": ["b-wish"], "spans": [[2, 5]]},
        {"action": "B", "rules": ["b-wish"], "spans": [[2, 5]]},
    ]


def test_every_line_gets_one_answer_in_its_place_empty_ones_too() -> None:
    assert [row["action"] for row in told("\ufeff\n\nend".encode())] == ["N", "N", "B"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b'{"text": "cut', "opens like JSON but is none"),
        (b"{" * 5000, "opens like JSON but is none"),
        (b'{"words": "x"}', 'has no "text" that is a string'),
        (b'{"text": 7}', 'has no "text" that is a string'),
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * (LONGEST_LINE * 2 + 7), "too long"),
        (b"breaks", "the screen failed (RuntimeError)"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_rest_goes_on(line: bytes, sentence: str) -> None:
    first, second = told(line + b"\nthe end\n")
    assert sentence in first["error"]
    assert first["line"] == 1
    assert CANARY not in json.dumps(first)
    assert second["action"] == "B"


def test_plain_takes_braces_as_words() -> None:
    assert told(b'{"text": the end\n', plain=True)[0]["action"] == "B"


def test_explain_says_whose_risk_and_what_was_silenced() -> None:
    (row,) = told(b"the end", explain=True)
    assert (row["subject"], row["modifiers"], row["suppressed"]) == ("self", ["folded"], ["c-client:past"])


def run_screen(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "screen", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, cwd=REPOSITORY, timeout=150)


def test_it_reads_a_file_and_ends_well_unless_it_is_to_be_strict(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"text": "How do I bring this to supervision?"}\n{broken\n', encoding="utf-8")
    ended = run_screen(str(file))
    assert ended.returncode == 0, ended.stderr
    first, second = map(json.loads, ended.stdout.splitlines())
    assert first == {"action": "N", "rules": [], "spans": []}
    assert second["line"] == 2
    assert run_screen("--strict", str(file)).returncode == 1
    missing = run_screen(str(tmp_path / "missing"))
    assert missing.returncode == 1
    assert "cannot be read" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_whoever_writes_through_a_pipe_gets_each_answer_before_the_next_line() -> None:
    command = [sys.executable, "-m", "bot", "screen"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("I want to kill myself tonight, I have the pills.", "See you on Monday."):
            process.stdin.write(json.dumps({"text": text}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert answer["action"] == ("A" if "pills" in text else "N")
        process.stdin.close()
        assert process.wait(timeout=150) == 0


def test_it_starts_without_the_rest_of_the_house_and_leaves_nothing_behind(tmp_path: Path) -> None:
    script = (
        "import io, sys\n"
        "sys.argv = ['bot', 'screen']\n"
        f"sys.stdin = io.TextIOWrapper(io.BytesIO({CANARY!r}.encode()))\n"
        "import runpy\n"
        "try:\n    runpy.run_module('bot', run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'discord', 'sqlalchemy', 'aiohttp', 'apscheduler', 'alembic', 'cryptography'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["action"] == "N"
    assert CANARY not in ended.stdout + ended.stderr
    assert list(tmp_path.iterdir()) == []
