"""Slack cannot lock a thread: a note in it says that it is closed, in the cohort's own language."""

from __future__ import annotations

from rehearsal import play
from tests.doors.slack.conftest import Bench


async def test_the_note_is_in_the_cohorts_language(bench: Bench) -> None:
    await bench.morning()
    ingrid = play._ingrid_on_slack()
    cohorts = bench.built.house.cohorts
    cohort = (await cohorts.in_workspace(ingrid))[0]
    await cohorts.change(ingrid, None, cohort.channel, "language", "es")
    await bench.command("Ingrid", "posting lock")
    (note,) = bench.standing(replies=True)
    assert "Este hilo está cerrado" in note.text
    await bench.command("Ingrid", "posting unlock")
    assert not bench.standing(replies=True)
