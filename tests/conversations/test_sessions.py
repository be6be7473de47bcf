"""Supervision sessions and their reminders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversations.scene import Scene
from tests.conversations.venue import DAILY

WEEKLY: dict[str, Any] = {
    "title": "Group supervision",
    "every": "week",
    "date": "2026-11-26",
    "time": "17:00",
    "minutes": 90,
}


async def test_a_weekly_session_reminds_a_day_and_an_hour_before(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("session add", where="Room 3", **WEEKLY)
        .sees_privately("Group supervision: planned", "17:00", "Room 3")
        .then(lambda: scene.goes_to("2026-11-25 16:59"))
        .with_("Amara")
        .sees_nothing_in(DAILY, "Supervision: Group supervision")
        .then(lambda: scene.goes_to("2026-11-25 17:00"))
        .sees_in(DAILY, "Supervision: Group supervision", "It is tomorrow", "Room 3")
        .then(lambda: scene.goes_to("2026-11-26 16:00"))
        .sees_in(DAILY, "It begins in 60 minutes")
        .then(lambda: scene.goes_to("2026-12-02 17:00"))
    )
    assert _reminders(scene) == 3


async def test_a_restart_repeats_no_reminder(scene: Scene) -> None:
    await scene.with_("Ingrid").uses("session add", **WEEKLY)
    await scene.goes_to("2026-11-25 17:00")
    assert _reminders(scene) == 1
    await scene.venue.restart()
    assert _reminders(scene) == 1


async def test_reminders_by_direct_message_and_a_snooze(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("session add", **WEEKLY)
        .with_("Amara")
        .uses("reminders", dm="on")
        .sees_privately("From now on I also send you this cohort's reminders by direct message.")
        .then(lambda: scene.goes_to("2026-11-26 16:00"))
        .sees_by_dm("Supervision: Group supervision", "It begins in 60 minutes")
        .with_("Bence")
        .sees_in(DAILY, "It begins in 60 minutes")
        .presses("Remind me in 10 min")
        .sees_privately("I remind you of “Group supervision” once more at 16:10")
        .time_passes(minutes=10)
        .sees_by_dm("Group supervision", "You asked me to remind you again.")
        .with_("Amara")
        .uses("reminders", dm="off")
        .sees_privately("I no longer send you reminders by direct message.")
    )
    assert scene.venue.standing("Chioma", scene.venue.dm("Chioma")) == []


async def test_an_ended_series_reminds_no_more(scene: Scene) -> None:
    venue = scene.venue
    await scene.with_("Ingrid").uses("session add", **WEEKLY)
    ((shown, meant),) = await venue.offers("Ingrid", venue.channels[DAILY], "session end", "session", "")
    assert "Group supervision" in shown
    await (
        scene.with_("Amara")
        .uses("session list")
        .sees_privately("One session is planned.", "Group supervision")
        .uses("session end", session=meant)
        .sees_privately("That is not yours to do here.")
        .with_("Ingrid")
        .uses("session end", session=meant)
        .sees_privately("is ended, and its reminders with it")
        .then(lambda: scene.goes_to("2026-11-26 17:00"))
    )
    assert _reminders(scene) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"date": "some day"}, "I could not read the date."),
        ({"time": "tea time"}, "I could not read the time."),
        ({"date": "2020-01-01"}, "That is in the past."),
    ],
)
async def test_what_cannot_be_read_gets_the_mend(scene: Scene, wrong: dict[str, str], said: str) -> None:
    await scene.with_("Ingrid").uses("session add", **{**WEEKLY, **wrong}).sees_privately(said)


async def test_a_snooze_forged_for_another_time_leads_nowhere(scene: Scene) -> None:
    await scene.with_("Ingrid").uses("session add", **WEEKLY)
    await scene.goes_to("2026-11-25 17:00")
    await (
        scene.with_("Amara")
        .forges("tc:snooze:0123456789abcdef/1795712400/15")
        .sees_privately("That is not there any more")
        .time_passes(hours=1)
    )
    assert scene.venue.standing("Amara", scene.venue.dm("Amara")) == []


def _reminders(scene: Scene) -> int:
    seen = scene.venue.standing("Amara", scene.venue.channels[DAILY])
    return sum("Supervision: Group supervision" in message.title for message in seen)
