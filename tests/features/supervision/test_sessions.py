"""Planning, seeing and ending sessions, each by whom it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.cards import Card
from bot.errors import BadInput, NotAllowed, NotFound
from bot.people import Caller, MemberSettings, Place, Platform, Workspace
from bot.supervision.sessions import MOST_SESSIONS
from tests.acting import AMARA, BENCE, CHANNEL, FORM, HERE, INGRID, STRANGER, SUPERVISOR, SUPERVISORS, Stage, person


async def add(at_work: Stage, caller: Caller = INGRID, token: str = "t1", **given: object) -> Card:
    values = {
        "title": "Group supervision",
        "every": "week",
        "date_text": "1 Dec 2026",
        "time_text": "18:30",
        "minutes": 90,
        "where": "Room 4",
        **given,
    }
    return await at_work.works.house.supervision.add(caller, CHANNEL, token=token, **values)  # type: ignore[arg-type]


async def only_session(at_work: Stage) -> str:
    (session,) = await at_work.stores.sessions.of_cohort(at_work.cohort.id)
    return session.id


async def test_a_supervisor_plans_a_series_and_hears_what_she_planned(at_work: Stage) -> None:
    card = await add(at_work)
    assert "Group supervision" in card.title
    for said in ("Every week", "Tuesday 1 December 2026", "18:30 (London time)", "90 minutes", "Room 4"):
        assert said in card.body
    assert "Monday 30 November 2026" in card.body  # when the first reminder goes
    (session,) = await at_work.stores.sessions.of_cohort(at_work.cohort.id)
    day = await at_work.stores.due.get(f"{session.id}-day")
    hour = await at_work.stores.due.get(f"{session.id}-hour")
    assert day is not None
    assert hour is not None
    assert day.next_run_at == datetime(2026, 11, 30, 18, 30, tzinfo=UTC)
    assert hour.next_run_at == datetime(2026, 12, 1, 17, 30, tzinfo=UTC)


async def test_the_same_event_twice_is_one_session_and_one_audit_entry(at_work: Stage) -> None:
    assert await add(at_work) == await add(at_work)
    assert len(await at_work.stores.sessions.of_cohort(at_work.cohort.id)) == 1
    acts = [entry.act for entry in await at_work.stores.audit.latest(at_work.cohort.id, 10)]
    assert acts.count("add session") == 1


async def test_the_audit_names_the_supervisor_and_the_session(at_work: Stage) -> None:
    await add(at_work)
    ident = await only_session(at_work)
    await at_work.works.house.supervision.end(INGRID, ident)
    ended, added = await at_work.stores.audit.latest(at_work.cohort.id, 2)
    assert [(e.act, e.subject, e.actor) for e in (added, ended)] == [
        ("add session", ident, INGRID.member),
        ("end session", ident, INGRID.member),
    ]


@pytest.mark.parametrize("caller", [AMARA, STRANGER, person(51, manages=True)])
async def test_nobody_but_a_supervisor_plans_or_ends(at_work: Stage, caller: Caller) -> None:
    with pytest.raises((NotAllowed, BadInput)):
        await add(at_work, caller)
    assert not await at_work.stores.sessions.of_cohort(at_work.cohort.id)
    await add(at_work)
    with pytest.raises(NotAllowed):
        await at_work.works.house.supervision.end(caller, await only_session(at_work))
    assert await only_session(at_work)


async def test_another_workspaces_supervisor_finds_nothing(at_work: Stage) -> None:
    await add(at_work)
    elsewhere = Caller(INGRID.member, Workspace(Platform.DISCORD, "1001"), frozenset({SUPERVISOR}))
    with pytest.raises(NotFound):
        await at_work.works.house.supervision.end(elsewhere, await only_session(at_work))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "   "}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"where": "x" * 201}, "where"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 10_000}, "minutes"),
        ({"every": "month"}, "every"),
        ({"date_text": "1/12/2026"}, "date"),
        ({"date_text": "2026-11-22"}, "date"),
        ({"time_text": "quarter to"}, "time"),
        ({"date_text": "today", "time_text": "08:00"}, "date"),
    ],
)
async def test_what_cannot_be_used_is_named_with_its_mend(at_work: Stage, given: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        await add(at_work, **given)
    assert refused.value.values["field"] == field
    assert at_work.works.house.words.say(refused.value.key, "en", **refused.value.values)
    assert not await at_work.stores.sessions.of_cohort(at_work.cohort.id)


async def test_a_title_is_one_line(at_work: Stage) -> None:
    card = await add(at_work, title="  Group\n supervision  ")
    assert "Group supervision" in card.title


async def test_a_session_in_half_an_hour_has_no_reminder_and_says_so(at_work: Stage) -> None:
    card = await add(at_work, every="once", date_text="today", time_text="09:30")
    assert "no reminder is left" in card.body


async def test_clock_changes_are_foreseen_when_planning(at_work: Stage) -> None:
    card = await add(at_work, date_text="2026-11-29", time_text="01:15")
    assert "Sunday 28 March 2027" in card.body
    assert "when they show 02:15" in card.body


async def test_the_list_is_for_the_cohort_and_in_order(at_work: Stage) -> None:
    supervision = at_work.works.house.supervision
    assert "No sessions" in (await supervision.list(AMARA, CHANNEL)).body
    await add(at_work, token="late", title="Late", date_text="2026-12-08", every="once")
    await add(at_work, token="soon", title="Soon", date_text="2026-11-25", every="two weeks", time_text="6pm")
    for caller in (AMARA, INGRID):
        card = await supervision.list(caller, CHANNEL)
        assert [name for name, _ in card.fields] == ["Soon", "Late"]
        assert "Every two weeks" in card.fields[0][1]
        assert "Wednesday 25 November 2026, 18:00 (London time)" in card.fields[0][1]
    with pytest.raises(NotAllowed):
        await supervision.list(STRANGER, CHANNEL)


async def test_a_series_shows_its_next_meeting_and_what_is_over_shows_no_more(at_work: Stage) -> None:
    await add(at_work, token="series", title="Series", date_text="2026-11-25")
    await add(at_work, token="single", title="Single", date_text="2026-11-25", every="once")
    at_work.clock.advance(days=2, hours=10)  # in the middle of both
    supervision = at_work.works.house.supervision
    assert [name for name, _ in (await supervision.list(AMARA, CHANNEL)).fields] == ["Series", "Single"]
    at_work.clock.advance(hours=2)
    card = await supervision.list(AMARA, CHANNEL)
    assert [name for name, _ in card.fields] == ["Series"]
    assert "Wednesday 2 December 2026" in card.fields[0][1]


async def test_choices_offer_what_is_coming_and_nothing_to_strangers(at_work: Stage) -> None:
    await add(at_work, title="T" * 80)
    supervision = at_work.works.house.supervision
    ((ident, text),) = await supervision.choices(INGRID, CHANNEL)
    assert ident == await only_session(at_work)
    assert len(text) <= 100
    assert "1 December 2026" in text
    assert not await supervision.choices(STRANGER, CHANNEL)


async def test_ending_takes_the_reminders_along(at_work: Stage) -> None:
    await add(at_work)
    ident = await only_session(at_work)
    supervision = at_work.works.house.supervision
    assert "Group supervision" in (await supervision.end(INGRID, ident)).body
    assert await at_work.stores.due.get(f"{ident}-day") is None
    with pytest.raises(NotFound):
        await supervision.end(INGRID, ident)


async def test_a_cohort_has_room_for_so_many_and_its_past_does_not_count(at_work: Stage) -> None:
    for n in range(MOST_SESSIONS):
        await add(at_work, token=f"t{n}", every="once", date_text="2026-11-24")
    with pytest.raises(BadInput, match="too_many"):
        await add(at_work, token="one more")
    at_work.clock.advance(days=3)
    await add(at_work, token="one more")
    assert await only_session(at_work)


async def test_reminders_by_direct_message_are_each_ones_own_choice(at_work: Stage) -> None:
    supervision = at_work.works.house.supervision
    await supervision.set_dm(AMARA, CHANNEL, True)
    assert await at_work.stores.members.wanting_dm(at_work.cohort.id) == [AMARA.member]
    await add(at_work)
    assert "You get reminders" in (await supervision.list(AMARA, CHANNEL)).footer
    assert "Would you like" in (await supervision.list(BENCE, CHANNEL)).footer
    await supervision.set_dm(AMARA, CHANNEL, False)
    assert not await at_work.stores.members.wanting_dm(at_work.cohort.id)
    with pytest.raises(NotAllowed):
        await supervision.set_dm(STRANGER, CHANNEL, True)


async def test_the_supervisors_channel_and_the_only_cohort_mean_the_same_cohort(at_work: Stage) -> None:
    await add(at_work)
    supervision = at_work.works.house.supervision
    for place in (SUPERVISORS, Place(HERE, "elsewhere")):
        assert (await supervision.list(INGRID, place)).fields


async def test_in_two_cohorts_the_channel_must_tell(at_work: Stage) -> None:
    other = replace(FORM, name="First years", channel="5", supervisors_channel="6")
    await at_work.works.house.cohorts.setup(INGRID, other, "setup-2")
    await add(at_work)
    with pytest.raises(BadInput):
        await at_work.works.house.supervision.list(INGRID, Place(HERE, "elsewhere"))
    assert not (await at_work.works.house.supervision.list(INGRID, Place(HERE, "5"))).fields


async def test_a_language_that_is_not_there_falls_back(at_work: Stage) -> None:
    await at_work.stores.members.save(MemberSettings(AMARA.member, locale="de"))
    await add(at_work)
    assert (await at_work.works.house.supervision.list(AMARA, CHANNEL)).fields
