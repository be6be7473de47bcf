"""Each import that the plan of the house forbids is planted once, and must break just its contract.

The plants go into a graph of the real code rather than into files, which takes milliseconds; one plant, and the
house as it stands, also go through the very command that `make check` runs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from configparser import ConfigParser
from copy import deepcopy
from pathlib import Path

import grimp
import pytest
from importlinter.application.use_cases import _register_contract_types, read_user_options
from importlinter.configuration import configure
from importlinter.domain.contract import registry

REPOSITORY = Path(__file__).resolve().parents[2]
CONFIG = REPOSITORY / ".importlinter"
PACKAGES = ("bot", "cogs", "rehearsal")

PLANTS = [
    # each is the contract that it breaks, who imports, and what
    ("floors", "bot.people", "bot.ports.clock"),
    ("floors", "bot.settings", "bot.ports.clock"),
    ("floors", "bot.ports.clock", "bot.prompts.item"),
    ("floors", "bot.responses.responses", "bot.house"),
    ("floors", "bot.crisis.screening", "bot.storage.stores"),
    ("floors", "bot.house", "bot.catalogue.load"),
    ("floors", "bot.storage.stores", "bot.platforms.switch"),
    ("floors", "bot.platforms.switch", "bot.storage.stores"),
    ("floors", "bot.scheduling.wakeups", "bot.observing.logs"),
    ("floors", "bot.catalogue.load", "bot.wiring"),
    ("floors", "bot.wiring", "bot.commands.terminal"),
    ("floors", "bot.commands.terminal", "bot.__main__"),
    ("circles", "bot.crisis.assessment", "bot.responses.responses"),
    ("circles", "bot.storage.trouble", "bot.storage.stores"),
    ("circles", "rehearsal.clock", "rehearsal.discord.gateway"),
    ("houses", "bot.platforms.discord.client", "cogs.responses"),
    ("houses", "bot.commands.running", "rehearsal.server"),
    ("houses", "cogs.responses", "rehearsal.clock"),
    ("features", "bot.prompts.rotation", "discord"),
    ("features", "bot.responses.responses", "slack_sdk"),
    ("features", "bot.moderation.moderation", "sqlalchemy"),
    ("features", "bot.supervision", "apscheduler"),
    ("features", "bot.crisis.screening", "aiohttp"),
    ("features", "bot.ports.stores", "alembic"),
    ("features", "bot.people", "discord"),
    ("databases", "bot.platforms.discord.messenger", "sqlalchemy"),
    ("databases", "bot.scheduling.wakeups", "aiosqlite"),
    ("databases", "bot.catalogue.load", "sqlite3"),
    ("sdks", "bot.storage.stores", "discord"),
    ("sdks", "bot.observing.health", "discord"),
    ("scheduler", "bot.platforms.discord.client", "apscheduler"),
    ("scheduler", "bot.storage.due", "apscheduler"),
    ("platforms", "bot.platforms.switch", "bot.platforms.discord.messenger"),
    ("platforms", "bot.platforms.discord.messenger", "bot.platforms.switch"),
    ("cogs", "cogs.responses", "bot.storage.stores"),
    ("cogs", "cogs.responses", "bot.scheduling.wakeups"),
    ("cogs", "cogs.responses", "bot.wiring"),
    ("cogs", "cogs.responses", "bot.catalogue.load"),
    ("cogs", "cogs.responses", "bot.settings"),
    ("cogs", "cogs.responses", "sqlalchemy"),
    ("single-cogs", "cogs.responses", "cogs.prompts"),
    ("environment", "bot.platforms.discord.client", "bot.settings"),
    ("environment", "bot.prompts.rotation", "bot.settings"),
    ("slack", "bot.observing.health", "bot.platforms.slack.door"),
    ("slack", "bot.__main__", "bot.platforms.slack.opening"),
    ("platforms", "bot.platforms.discord.messenger", "bot.platforms.slack.messenger"),
    ("platforms", "bot.platforms.slack.messenger", "bot.platforms.discord.messenger"),
    ("sdks", "bot.observing.health", "slack_sdk"),
    ("keys", "bot.crisis.screening", "bot.ports.keys"),
    ("keys", "bot.platforms.discord.client", "bot.ports.keys"),
    ("wire", "rehearsal.discord.gateway", "bot.people"),
    ("wire", "rehearsal.server", "cogs.responses"),
]


@pytest.fixture(scope="module", autouse=True)
def import_linter() -> None:
    configure()
    _register_contract_types(read_user_options(str(CONFIG)))


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def broken(graph: grimp.ImportGraph) -> set[str]:
    """The ids of the contracts that `graph` breaks."""
    options = read_user_options(str(CONFIG))
    found = set()
    for each in options.contracts_options:
        contract = registry.get_contract_class(each["type"])(each["name"], options.session_options, each)
        if not contract.check(deepcopy(graph), verbose=False).kept:  # a check takes ignored imports out of its graph
            found.add(each["id"])
    return found


@pytest.mark.parametrize(("contract", "importer", "imported"), PLANTS)
def test_a_forbidden_import_breaks_its_contract(
    graph: grimp.ImportGraph, contract: str, importer: str, imported: str
) -> None:
    planted = deepcopy(graph)
    for module in {importer, imported} - planted.modules:
        planted.add_module(module, is_squashed=module == imported and module.partition(".")[0] not in PACKAGES)
    planted.add_import(importer=importer, imported=imported, line_number=1, line_contents="planted")
    assert contract in broken(planted)


def test_every_contract_is_broken_once_on_purpose() -> None:
    config = ConfigParser()
    config.read(CONFIG, encoding="utf-8")
    ids = {section.rpartition(":")[2] for section in config.sections() if ":contract:" in section}
    assert ids == {contract for contract, _, _ in PLANTS}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code alone, in a place where files may be planted."""
    root = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(REPOSITORY / package, root / package, ignore=_all_but_code)
    shutil.copy(CONFIG, root)
    return root


def _all_but_code(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "__pycache__" or ("." in name and not name.endswith(".py"))]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)


def test_the_house_as_it_stands_keeps_every_contract(copy: Path) -> None:
    ended = lint(copy)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_command_fails_for_a_planted_file(copy: Path) -> None:
    file = copy / "bot" / "prompts" / "rotation.py"
    before = file.read_text(encoding="utf-8")
    file.write_text(before + "\nimport discord\n", encoding="utf-8")
    ended = lint(copy)
    file.write_text(before, encoding="utf-8")
    assert ended.returncode != 0
    assert "bot.prompts.rotation -> discord" in ended.stdout


@pytest.mark.parametrize("module", ["bot/novelty.py", "bot/platforms/novelty.py"])
def test_a_new_module_must_be_given_its_place(copy: Path, module: str) -> None:
    (copy / module).write_text("", encoding="utf-8")
    ended = lint(copy)
    (copy / module).unlink()
    assert ended.returncode != 0
    assert "novelty" in ended.stdout
