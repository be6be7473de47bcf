"""Every dialogue is held three times: over the wires of the rehearsed Discord and Slack, and in simcord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

import bot.wiring
from tests.acting import contents
from tests.conversations.differences import held_elsewhere
from tests.conversations.on_rehearsal import on_rehearsal
from tests.conversations.on_simcord import on_simcord
from tests.conversations.on_slack import on_slack
from tests.conversations.scene import Scene
from tests.conversations.venue import Venue

VENUES: dict[str, Callable[[Path], AbstractAsyncContextManager[Venue]]] = {
    "rehearsal": on_rehearsal,
    "simcord": on_simcord,
    "slack": on_slack,
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hold on Slack what Slack has; `differences.py` says why the rest has dialogues of its own."""
    elsewhere = [item for item in items if "[slack" in item.name and held_elsewhere(item.name) is not None]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is the same in all dialogues: it is read once a worker."""
    monkeypatch.setattr(bot.wiring, "read_contents", lambda _: contents())


@pytest.fixture(params=VENUES)
async def bare(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    """The bot on a server where nobody has set it up yet, on a Monday at half past eight."""
    async with VENUES[request.param](tmp_path) as venue:
        yield Scene(venue)


@pytest.fixture
async def scene(bare: Scene) -> Scene:
    """A cohort that was set up, half an hour before its prompt."""
    await bare.set_up()
    return bare
