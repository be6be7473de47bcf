"""Members are told what supervisors learn, before a policy that shows more takes effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import BadInput, NotPermitted, TryLater
from bot.people import AlertPolicy, Place
from tests.acting import CHANNEL, FORM, HERE, INGRID, SUPERVISORS, Stage

SECOND = replace(FORM, name="Third years", channel="2011", supervisors_channel="2012", trainee_role="3011")
THEIRS = Place(HERE, "2011")


async def policy(at_work: Stage, value: str) -> AlertPolicy:
    done = await at_work.works.house.cohorts.change(INGRID, at_work.cohort.id, CHANNEL, "alert_policy", value)
    return done.cohort.alert_policy


def told(at_work: Stage, place: Place = CHANNEL) -> list[str]:
    return [repr(standing.card) for standing in at_work.messenger.in_place(place)]


async def test_a_new_cohort_is_told_once_how_it_works(at_work: Stage) -> None:
    for _ in range(2):
        await at_work.works.house.cohorts.setup(INGRID, SECOND, "setup-2")
    (card,) = told(at_work, THEIRS)
    for said in ("no words, no name", "Nobody watches", "weekdays", "/resources", "/privacy", "What anonymity means"):
        assert said in card


async def test_members_read_of_every_change_of_the_policy(at_work: Stage) -> None:
    for value, said in (
        ("with text", "see the words"),
        ("notice only", "no words, no name"),
        ("only when the author asks", "told nothing"),
    ):
        at_work.clock.advance(minutes=1)
        await policy(at_work, value)
        assert said in told(at_work)[-1]
    assert len(told(at_work)) == 3
    await at_work.works.house.cohorts.change(INGRID, at_work.cohort.id, CHANNEL, "time", "10:00")
    assert len(told(at_work)) == 3, "other settings are nobody else's news"


@pytest.mark.parametrize("error", [NotPermitted("Send Messages"), TryLater()])
async def test_what_members_cannot_be_told_does_not_begin(at_work: Stage, error: Exception) -> None:
    at_work.messenger.faults.append(("post", error, False))
    with pytest.raises(BadInput, match="not_told"):
        await policy(at_work, "with text")
    kept = await at_work.stores.cohorts.get(at_work.cohort.id)
    assert kept is not None
    assert kept.alert_policy is AlertPolicy.NOTICE_ONLY


async def test_a_policy_that_shows_less_holds_even_if_nobody_can_be_told(at_work: Stage) -> None:
    at_work.messenger.faults.append(("post", NotPermitted("Send Messages"), False))
    done = await at_work.works.house.cohorts.change(
        INGRID, at_work.cohort.id, CHANNEL, "alert_policy", "only when the author asks"
    )
    assert done.cohort.alert_policy is AlertPolicy.ON_REQUEST
    assert any("could not post" in trouble.mend for trouble in done.troubles)


async def test_a_cohort_that_could_not_be_told_does_not_begin_with_text(at_work: Stage) -> None:
    at_work.messenger.faults.append(("post", NotPermitted("Send Messages"), False))
    form = replace(SECOND, alert_policy="with text")
    done = await at_work.works.house.cohorts.setup(INGRID, form, "setup-2")
    assert done.cohort.alert_policy is AlertPolicy.NOTICE_ONLY
    assert done.troubles


async def test_another_channel_is_told_what_holds_in_it(at_work: Stage) -> None:
    await policy(at_work, "with text")
    await at_work.works.house.cohorts.change(INGRID, at_work.cohort.id, CHANNEL, "channel", "2020")
    (card,) = told(at_work, Place(HERE, "2020"))
    assert "see the words" in card


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("escalate_after", "4", "escalate_after"),
        ("escalate_after", "121", "escalate_after"),
        ("escalate_after", "soon", "escalate_after"),
        ("escalation_channel", CHANNEL.id, "same_channel"),
        ("escalation_channel", THEIRS.id, "escalation_taken"),
    ],
)
async def test_an_escalation_that_cannot_be_is_named(at_work: Stage, field: str, value: str, mend: str) -> None:
    await at_work.works.house.cohorts.setup(INGRID, SECOND, "setup-2")
    with pytest.raises(BadInput, match=mend) as caught:
        await at_work.works.house.cohorts.change(INGRID, at_work.cohort.id, CHANNEL, field, value)
    assert caught.value.values["field"] == field


async def test_escalation_is_shown_and_changed(at_work: Stage) -> None:
    cohorts = at_work.works.house.cohorts
    await cohorts.change(INGRID, at_work.cohort.id, CHANNEL, "escalate_after", "45 minutes")
    await cohorts.change(INGRID, at_work.cohort.id, CHANNEL, "escalation_channel", "2003")
    card = repr(await cohorts.show(INGRID, at_work.cohort.id, SUPERVISORS))
    assert "after 45 minutes it is repeated in <#2003>" in card
    back = await cohorts.change(INGRID, at_work.cohort.id, CHANNEL, "escalation_channel", "none")
    assert back.cohort.escalation_channel is None
    assert back.cohort.escalate_after == 45
