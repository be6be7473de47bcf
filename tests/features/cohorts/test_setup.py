"""Setting a cohort up: every field has its mend, nothing is lost, and only those who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.cohorts.reading import read_country, read_days, read_time, read_zone
from bot.errors import BadInput, NotAllowed, NotFound, PlaceGone
from bot.people import Caller, Member, Platform, Workspace
from tests.acting import AMARA, CHANNEL, FORM, INGRID, STRANGER, SUPERVISOR, TRAINEE, Stage, contents


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("zone", "Europe/Lundon", "Use a name like Europe/London"),
        ("zone", "London", "Europe/London"),
        ("days", "someday", "mon,tue"),
        ("days", "", "mon,tue"),
        ("time", "25:00", "09:00"),
        ("time", "noonish", "09:00"),
        ("country", "Atlantis", "two-letter code"),
        ("alert_policy", "shout", "notice only"),
        ("supervisors_channel", FORM.channel, "another one"),
        ("trainee_role", FORM.supervisor_role, "two different roles"),
        ("name", "", "give the cohort a name"),
        ("name", "x" * 500, "at most 60"),
    ],
)
async def test_a_bad_field_is_named_with_its_mend(at_work: Stage, field: str, value: str, mend: str) -> None:
    with pytest.raises(BadInput) as caught:
        await at_work.works.house.cohorts.change(INGRID, at_work.cohort.id, CHANNEL, field, value)
    assert caught.value.values["field"] == field
    assert mend in contents().words.say(caught.value.key, "en", **caught.value.values)
    assert await at_work.stores.cohorts.get(at_work.cohort.id) == at_work.cohort


async def test_a_change_holds_for_the_next_posting(at_work: Stage) -> None:
    await at_work.works.house.cohorts.change(INGRID, at_work.cohort.id, CHANNEL, "time", "11:30")
    at_work.clock.advance(hours=1)
    await at_work.works.rounds.go_round()
    assert at_work.messenger.in_place(CHANNEL) == []
    at_work.clock.advance(hours=2)
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(CHANNEL)) == 1


@pytest.mark.parametrize(("channel", "role"), [("channel", "trainee_role"), ("supervisors_channel", "supervisor_role")])
async def test_a_role_that_is_a_channels_membership_moves_with_it(at_work: Stage, channel: str, role: str) -> None:
    change, cohort = at_work.works.house.cohorts.change, at_work.cohort
    moved = (await change(INGRID, cohort.id, CHANNEL, channel, "2020")).cohort
    assert getattr(moved, role) == getattr(cohort, role)
    await change(INGRID, cohort.id, CHANNEL, role, getattr(moved, channel).id)
    moved = (await change(INGRID, cohort.id, CHANNEL, channel, "2021")).cohort
    assert (getattr(moved, role), getattr(moved, channel).id) == ("2021", "2021")


async def test_a_change_does_not_swallow_what_is_due(at_work: Stage) -> None:
    at_work.clock.advance(minutes=1)
    await at_work.works.house.cohorts.change(INGRID, at_work.cohort.id, CHANNEL, "country", "IE")
    await at_work.works.rounds.go_round()
    assert len(at_work.messenger.in_place(CHANNEL)) == 1


async def test_setting_up_twice_by_one_event_is_one_cohort(at_work: Stage) -> None:
    await at_work.works.house.cohorts.setup(INGRID, FORM, "setup-1")
    assert len(await at_work.stores.cohorts.every()) == 1


async def test_a_channel_belongs_to_one_cohort(at_work: Stage) -> None:
    with pytest.raises(BadInput):
        await at_work.works.house.cohorts.setup(INGRID, FORM, "setup-2")
    other = replace(FORM, name="Third years", channel="2011", supervisors_channel="2012")
    await at_work.works.house.cohorts.setup(INGRID, other, "setup-3")
    assert len(await at_work.stores.cohorts.every()) == 2


async def test_who_may(at_work: Stage) -> None:
    cohorts = at_work.works.house.cohorts
    other = replace(FORM, channel="2011", supervisors_channel="2012")
    for caller in (AMARA, STRANGER):
        with pytest.raises(NotAllowed):
            await cohorts.setup(caller, other, "setup-2")
        with pytest.raises(NotAllowed):
            await cohorts.setup(caller, replace(other, supervisor_role=TRAINEE, trainee_role=SUPERVISOR), "setup-2")
        with pytest.raises((NotAllowed, BadInput)):
            await cohorts.change(caller, at_work.cohort.id, CHANNEL, "name", "Mine")
        with pytest.raises((NotAllowed, BadInput)):
            await cohorts.show(caller, at_work.cohort.id, CHANNEL)
    elsewhere = Caller(
        Member(Platform.DISCORD, "1"),
        Workspace(Platform.DISCORD, "999"),
        frozenset({SUPERVISOR}),
        manages_workspace=True,
    )
    with pytest.raises(NotFound):
        await cohorts.remove(elsewhere, at_work.cohort.id, CHANNEL)


async def test_a_channel_that_is_gone_is_named(at_work: Stage) -> None:
    at_work.messenger.faults.append(("troubles", PlaceGone(), False))
    result = await at_work.works.house.cohorts.check(INGRID, at_work.cohort.id, CHANNEL)
    assert CHANNEL.id in result.troubles[0].what


def test_forgiving_reading() -> None:
    assert read_zone("europe/london") == "Europe/London"
    assert read_zone("America/New York") == "America/New_York"
    assert read_days("Monday, wed; 4") == frozenset({0, 2, 4})
    assert read_time("6:30pm") == time(18, 30)
    assert read_time("9.05") == time(9, 5)
    assert read_country("United Kingdom") == read_country("uk") == read_country("gb") == "GB"
