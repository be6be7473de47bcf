"""The command line as an operator meets it: one sentence for what went wrong, and an exit code that means something."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app, main
from bot.commands.terminal import ExitCode
from bot.settings import names

REPOSITORY = Path(__file__).resolve().parents[2]
CANARY = "seven violet herons at dusk"
COMMANDS = {
    "run",
    "rehearse",
    "doctor",
    "check-content",
    "screen",
    "migrate",
    "backup",
    "restore",
    "forget",
    "version",
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but a data folder of the test's own, and no .env in sight."""
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command line in this process; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["bot", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_help_names_every_command_in_whole_words() -> None:
    said = CliRunner().invoke(app, ["--help"]).output
    listed = re.findall(r"^  ([a-z-]+) {2,}(\S.*)$", said.partition("Commands:")[2], re.MULTILINE)
    assert {name for name, _ in listed} == COMMANDS
    assert not [name for name, words in listed if words.endswith("...")]


def test_an_expected_error_is_one_sentence_and_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "run") == ExitCode.TO_MEND
    said = capsys.readouterr()
    assert said.err.startswith("✖ DISCORD_TOKEN is not set: copy .env.example to .env")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def test_a_wrongly_written_command_is_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "bakcup") == 2
    assert call(monkeypatch, "forget", "somebody", "--yes") == 2
    assert "discord:123456789012345678" in capsys.readouterr().err


def test_an_unexpected_error_is_a_reference_and_no_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("bot.commands.content.survey", broken)
    configured: list[bool] = []
    lines: list[str] = []
    monkeypatch.setattr("bot.observing.logs.configure", lambda: configured.append(True))
    monkeypatch.setattr("logging.Logger.critical", lambda _, line, *args, **__: lines.append(line % args))
    assert call(monkeypatch, "check-content") == ExitCode.UNEXPECTED
    said = capsys.readouterr().err
    (reference,) = re.findall(r"under the reference ([0-9a-f]{8})", said)
    assert lines == [f"unexpected, reference {reference}"]
    assert CANARY not in said
    assert "Traceback" not in said


def test_an_unexpected_error_reaches_the_log_without_its_words() -> None:
    script = (
        "import sys\n"
        "sys.argv = ['bot', 'check-content']\n"
        "import bot.commands.content as content\n"
        f"def broken(*_): raise RuntimeError({CANARY!r})\n"
        "content.survey = broken\n"
        "from bot.__main__ import main\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert ended.returncode == ExitCode.UNEXPECTED
    assert "RuntimeError" in ended.stderr
    assert "in check_content" in ended.stderr
    assert CANARY not in ended.stderr + ended.stdout


def test_migrate_backup_restore_and_forget(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = str(tmp_path / "kept.backup")
    assert call(monkeypatch, "migrate") == 0
    assert "went from revision none" in capsys.readouterr().out
    assert call(monkeypatch, "migrate") == 0
    assert "already" in capsys.readouterr().out
    assert call(monkeypatch, "backup", target) == 0
    assert "keys are not in it" in capsys.readouterr().out
    assert call(monkeypatch, "backup", target) == ExitCode.TO_MEND
    assert call(monkeypatch, "restore", target) == 0
    assert "is kept as" in capsys.readouterr().out
    assert call(monkeypatch, "restore", str(tmp_path / "none")) == ExitCode.TO_MEND


def test_doctor_prints_a_line_a_check_and_ends_with_1_if_something_must_be_mended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(monkeypatch, "doctor", "--offline") == 0
    assert all(line[0] in "✔!" for line in capsys.readouterr().out.splitlines())
    monkeypatch.setenv("CONTENT_DIR", str(tmp_path / "nowhere"))
    assert call(monkeypatch, "doctor", "--offline", "--json") == ExitCode.TO_MEND
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"mark", "about", "said", "mend"} == set(rows[0])
    assert [row["about"] for row in rows if row["mark"] == "mend"] == [
        "Items",
        "Messages",
        "Crisis screen",
        "Help lines",
    ]


def test_doctor_without_a_token_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(monkeypatch, "doctor") == ExitCode.TO_MEND
    assert "✖ Token: DISCORD_TOKEN is not set" in capsys.readouterr().out


def test_doctor_masks_a_password_wherever_it_comes_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:s3cret-word@127.0.0.1:1/tc")
    assert call(monkeypatch, "doctor", "--offline", "--json") == ExitCode.TO_MEND
    assert "s3cret-word" not in capsys.readouterr().out


def test_our_content_can_be_used(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(monkeypatch, "check-content") == 0
    said = capsys.readouterr().out
    assert said.endswith("✔ The content can be used.\n")
    assert "help lines wait for a person" in said
    assert call(monkeypatch, "check-content", "--all") == 0
    assert "last_checked_live" in capsys.readouterr().out


def test_each_kind_of_broken_content_is_named_by_file_and_field(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import shutil

    folder = tmp_path / "content"
    shutil.copytree(REPOSITORY / "content", folder)
    item = next((folder / "prompts").rglob("*.yaml"))
    item.write_text(item.read_text(encoding="utf-8").replace("intensity:", "intensty:"), encoding="utf-8")
    (folder / "crisis" / "resources" / "AT.yaml").write_text("country: AT\nname: Austria\n", encoding="utf-8")
    (folder / "messages" / "en" / "care.yaml").write_text("care: [", encoding="utf-8")
    next((folder / "crisis" / "rules").rglob("*.yaml")).write_text("rules: 7", encoding="utf-8")
    (folder / "crisis" / "cards.en.yaml").unlink()
    assert call(monkeypatch, "check-content", str(folder), "--json") == ExitCode.TO_MEND
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    broken = [row for row in rows if row["mark"] == "mend"]
    assert any(row["field"] == "intensty" and row["file"].endswith(item.name) for row in broken)
    assert any("AT.yaml" in row["file"] and row["field"] == "emergency" for row in broken)
    assert any("care.yaml" in row["message"] for row in broken)
    assert any("crisis/rules" in row["file"] for row in broken)
    assert len(broken) >= 5


def test_a_card_that_says_what_no_card_may_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import shutil

    folder = tmp_path / "content"
    shutil.copytree(REPOSITORY / "content", folder)
    card = folder / "crisis" / "cards.en.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("sounds very heavy", "is selfish"), encoding="utf-8")
    assert call(monkeypatch, "check-content", str(folder)) == 0
    assert "cards.en.yaml: cards.urgent.body: says 'selfish'" in capsys.readouterr().out


def test_version_is_the_one_in_pyproject(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["bot", "version"])
    with pytest.raises(SystemExit):
        main()
    written = re.search(r'^version = "(.*)"$', (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    assert written is not None
    assert capsys.readouterr().out.startswith(f"Third Chair {written[1]} on Python ")


def test_rehearse_hands_everything_on(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[Any] = []
    monkeypatch.setattr("os.execv", lambda *given: handed.append(given))
    assert call(monkeypatch, "rehearse", "--port", "0", "--help") == 0
    assert handed == [(sys.executable, [sys.executable, "-m", "rehearsal", "--port", "0", "--help"])]
