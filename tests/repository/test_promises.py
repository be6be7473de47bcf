"""What the repository promises about itself: documents, licences, sizes, and nothing of anybody's machine in it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CODE = {".py", ".js", ".css", ".html"}
LONGEST = 400

LONG_FOR_A_REASON = {
    "tests/rules/test_rotation.py": "one stage and its many small cases, easier to compare in one place",
    "rehearsal/page/static/messages.css": "style rules in the order of the page: what overrides what stays in sight",
    "rehearsal/page/static/controls.css": "as above",
    "rehearsal/page/static/layout.css": "as above",
}

DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE",
    "content/LICENSE",
    "docs/operating.md",
    ".env.example",
)


def _files() -> list[Path]:
    """Every file that is, or is about to be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    paths = (REPOSITORY / name for name in listed.stdout.decode().split("\0") if name)
    return sorted(path for path in paths if path.is_file())


FILES = _files()


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_documents_are_there_and_say_something(document: str) -> None:
    assert len(text_of(REPOSITORY / document)) > 500


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in (file for file in FILES if file.suffix == ".md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", text_of(path)):
            file, _, anchor = target.partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            there = (path.parent / file).resolve() if file else path
            if not there.exists() or (anchor and anchor not in _anchors(text_of(there))):
                broken.append(f"{name_of(path)}: {target}")
    assert not broken


def _anchors(markdown: str) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    changelog = text_of(REPOSITORY / "CHANGELOG.md")
    assert re.search(r"^## Unreleased$", changelog, re.MULTILINE)
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert versions == sorted(versions, key=lambda v: [int(part) for part in v.split(".")], reverse=True)


def test_the_licences_that_the_project_names_are_there() -> None:
    project = tomllib.loads(text_of(REPOSITORY / "pyproject.toml"))["project"]
    for name in project["license-files"]:
        assert text_of(REPOSITORY / name), name
    assert project["license"] == "MIT"
    assert text_of(REPOSITORY / "LICENSE").startswith("MIT License")


def test_decisions_are_numbered_and_short() -> None:
    decisions = sorted((REPOSITORY / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    assert len(decisions) >= 3
    for path in decisions:
        assert text_of(path).startswith(f"# {int(path.name[:4])}. "), path.name
        assert len(text_of(path).splitlines()) <= 25, f"{path.name}: ten lines or so"


# What must not be in it


MACHINE = re.compile(
    r"(?<![\w.$~:-])/(?:work|farm|opt|root|home/[a-z]+)/"  # absolute paths of somebody's machine
    r"|(?:extra-)?index-(?:url)[ =]\S"
    r"|--find-(?:links)"
    r"|files\.pythonhosted\.org|//pypi\.org|//test\.pypi\.org|registry\.npmjs\.org"
    r'|"resolved": *"http'
)


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = []
    for path in FILES:
        if path == Path(__file__).resolve():
            continue
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if MACHINE.search(line) and "--no-emit-index-url" not in line:
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert not found


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_locks_hold_hashes_and_no_addresses(lock: str) -> None:
    lines = text_of(REPOSITORY / lock).splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    pinned = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]
    assert len(pinned) > 20
    assert all("==" in line and line.endswith("\\") for line in pinned), "every package is pinned, with hashes below it"


def test_every_dependency_is_in_the_lock() -> None:
    project = tomllib.loads(text_of(REPOSITORY / "pyproject.toml"))
    for lock, wanted in (
        ("requirements.txt", project["project"]["dependencies"]),
        ("requirements-dev.txt", project["dependency-groups"]["dev"]),
    ):
        locked = {line.partition("==")[0].partition("[")[0] for line in text_of(REPOSITORY / lock).splitlines()}
        names = {re.split(r"[\[<>=~! ]", each)[0].lower() for each in wanted}
        names = {re.sub(r"[-_.]+", "-", name) for name in names}
        assert names <= {name.lower() for name in locked}, lock


def test_nothing_private_can_be_committed_by_accident() -> None:
    for name in (".env", "data/third-chair.db", "data/keys/x.key", "rehearsal-data/world.json"):
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=REPOSITORY, check=False)
        assert ignored.returncode == 0, f"{name} is not ignored"
    assert not [name_of(path) for path in FILES if path.name == ".env" or path.suffix in {".db", ".key"}]


# Size and shape


def test_files_stay_short_enough_to_be_read() -> None:
    lengths = {name_of(path): len(text_of(path).splitlines()) for path in FILES if path.suffix in CODE}
    long = {name for name, length in lengths.items() if length >= LONGEST}
    assert long <= set(LONG_FOR_A_REASON), (
        f"split them by the question they answer: {sorted(long - set(LONG_FOR_A_REASON))}"
    )
    assert long == set(LONG_FOR_A_REASON), "some are short again: take them off the list"


def test_nothing_is_called_utils() -> None:
    vague = {"utils", "util", "helpers", "common", "misc"}
    assert not [name_of(path) for path in FILES if path.stem in vague and path.suffix in CODE]


def test_ci_and_make_can_be_run() -> None:
    script = REPOSITORY / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    makefile = text_of(REPOSITORY / "Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE), f"make {target} does not say what it does"
