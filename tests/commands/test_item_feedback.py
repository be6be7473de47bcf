"""`check-content --feedback`: what members said against items, over all cohorts and from five on."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.ports.library import Take, Takes
from bot.settings import names
from bot.storage.database import Database
from bot.storage.migration import upgrade
from bot.storage.stores import Stores
from tests.contracts.examples import with_posting


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


async def _said(folder: Path, *counts: tuple[str, Take, int]) -> None:
    async with Database.open(f"sqlite+aiosqlite:///{folder}/data/third-chair.db") as database:
        await upgrade(database)
        stores = Stores.on(database)
        for cohort, take, times in counts:
            await with_posting(stores, f"p-{cohort}-{take.value}", cohort)
            for number in range(times):
                said = Takes(cohort, "p-silence-001", take, 0)
                await stores.opinions.add(f"p-{cohort}-{take.value}", f"tag-{number}", said)


def test_counts_of_all_cohorts_together_in_steps_of_five(tmp_path: Path) -> None:
    asyncio.run(_said(tmp_path, ("c1", Take.MISSED, 4), ("c2", Take.MISSED, 4), ("c1", Take.STEREOTYPE, 4)))
    said = CliRunner().invoke(app, ["check-content", "--feedback", "--json"])
    rows = [json.loads(line) for line in said.output.splitlines() if '"said"' in line]
    assert rows == [{"item": "p-silence-001", "said": "missed", "at_least": 5}]
    assert "c1" not in str(rows)


def test_too_few_are_not_shown(tmp_path: Path) -> None:
    asyncio.run(_said(tmp_path, ("c1", Take.MISSED, 4)))
    assert "Nothing was said of any item" in CliRunner().invoke(app, ["check-content", "--feedback"]).output
