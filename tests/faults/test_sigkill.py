"""A dozen real kills; `python -m tests.faults.kill --times 200` does the whole number."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.doors import OnDiscord, OnSlack
from tests.faults.kill import Death, Round

DEATHS = [
    Death("prompt", "claim_due after"),
    Death("prompt", "lease after"),
    Death("prompt", "plan after"),
    Death("prompt", "post before"),
    Death("prompt", "post after"),
    Death("prompt", "open_thread after"),
    Death("prompt", "opened before"),
    Death("prompt", "finish before"),
    Death("response", "add after"),
    Death("response", "post after"),
    Death("response", "published before"),
    Death("prompt", "post after", lost=True),
    Death("response", "post after", lost=True),
    Death("response"),
]


@pytest.mark.parametrize("on", [OnDiscord, OnSlack])
async def test_a_bot_that_is_killed_in_the_middle_loses_and_doubles_nothing(
    tmp_path: Path, on: type[OnDiscord] | type[OnSlack]
) -> None:
    tally = await Round(tmp_path, on=on).run(DEATHS)
    assert tally.kills == tally.postings == len(DEATHS)
    assert tally.responses >= 3
    assert set(map(str, DEATHS)) - set(tally.ways) <= {"response, at any moment"}
