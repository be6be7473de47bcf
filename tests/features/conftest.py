"""Feature tests run on SQLite; that PostgreSQL keeps the same promises is the contract suites' business."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.acting import Stage, stage
from tests.databases import *  # noqa: F403  fixtures


@pytest.fixture
async def at_work(sqlite: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    """A house with one cohort, seconds before its daily prompt."""
    async with stage(sqlite, tmp_path) as built:
        yield built
