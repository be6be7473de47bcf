"""Habits that no linter of ours knows: who reads the environment and the clock, what may stand in a log call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MODULES = sorted(path for package in ("bot", "cogs", "rehearsal") for path in (REPOSITORY / package).rglob("*.py"))
LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log"}

MAY_READ_THE_CLOCK = {
    "bot/ports/clock.py": "it is the clock",
    "bot/commands/surveying.py": "looks at the machine as it is now",
    "bot/commands/doctor/platform.py": "compares the machine's clock with the platform's",
    "rehearsal/clock.py": "moves the real time",
    "rehearsal/__main__.py": "names the folder of what is put aside, and keeps the clock from starting in the past",
}


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_opens_with_why_it_exists(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), f"{name_of(path)} has no docstring"


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
        for path in MODULES
        if name_of(path) != "bot/settings.py"
        for node in nodes(path)
        if dotted(node) in {"os.environ", "os.getenv", "os.environb"}
    ]
    assert not readers


def test_only_a_clock_tells_the_time() -> None:
    tellers = {
        name_of(path)
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and dotted(node.func) in {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"}
    }
    assert tellers <= set(MAY_READ_THE_CLOCK), f"take a clock instead: {sorted(tellers - set(MAY_READ_THE_CLOCK))}"


def test_no_log_line_is_put_together_before_it_is_logged() -> None:
    """An f-string in a log call is past the formatter that keeps words and secrets out."""
    lines = []
    for path in MODULES:
        for node in nodes(path):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOGGING):
                continue
            if "log" not in dotted(node.func.value).lower() or not node.args:
                continue
            template = node.args[0]
            if isinstance(template, ast.JoinedStr | ast.BinOp):
                lines.append(f"{name_of(path)}:{node.lineno}")
    assert not lines


def test_nobody_prints_but_the_command_line() -> None:
    printers = {
        name_of(path)
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Call) and dotted(node.func) == "print"
    }
    assert not {name for name in printers if not name.startswith(("bot/commands/", "rehearsal/__main__"))}


def test_every_exception_to_a_lint_rule_has_its_reason() -> None:
    bare = [
        f"{name_of(path)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"# (?:noqa(?:: [A-Z0-9, ]+)?|type: ignore(?:\[[a-z-, ]+\])?)$", line.rstrip())
    ]
    assert not bare
