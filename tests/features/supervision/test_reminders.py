"""Reminders going out: on time, late, once, to those who want them, and never after the beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cards import Card
from bot.errors import NotAllowed, NotFound, NotPermitted, OutcomeUnknown, PlaceGone, TryLater
from bot.storage.database import Database
from bot.wiring import build
from tests.acting import (
    AMARA,
    BENCE,
    CHANNEL,
    CHIOMA,
    INGRID,
    STRANGER,
    SUPERVISOR,
    SUPERVISORS,
    TRAINEE,
    Died,
    MovedClock,
    Stage,
    contents,
    stage,
)
from tests.features.supervision.test_sessions import add, only_session

START = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def planned(at_work: Stage) -> Stage:
    """A weekly session, first on 1 December at 18:30 in London, and a cohort whose daily prompts rest."""
    at_work.messenger.roles = {m.member: {TRAINEE} for m in (AMARA, BENCE, CHIOMA)}
    at_work.messenger.roles[INGRID.member] = {SUPERVISOR}
    await quiet(at_work)
    await add(at_work)
    return at_work


async def quiet(at_work: Stage) -> None:
    """Let the cohort's daily prompts rest."""
    daily = await at_work.stores.due.get(f"daily-{at_work.cohort.id}")
    assert daily is not None
    await at_work.stores.due.put(replace(daily, next_run_at=None))


async def go(at_work: Stage, instant: datetime) -> None:
    at_work.clock.advance(seconds=(instant - at_work.clock.now()).total_seconds())
    await at_work.works.rounds.go_round()


def in_channel(at_work: Stage) -> list[Card]:
    return [m.card for m in at_work.messenger.in_place(CHANNEL)]


async def test_a_day_and_an_hour_before_each_once(planned: Stage) -> None:
    await go(planned, START - timedelta(days=1, minutes=1))
    assert not in_channel(planned)
    await go(planned, START - timedelta(days=1))
    await go(planned, START - timedelta(days=1) + timedelta(minutes=1))
    (day,) = in_channel(planned)
    assert day.title == "Supervision: Group supervision"
    assert "It is tomorrow, Tuesday 1 December 2026, at 18:30 (London time)." in day.body
    assert "90 minutes" in day.body
    assert "Room 4" in day.body
    assert "later than it should" not in day.body
    await go(planned, START - HOUR)
    _, hour = in_channel(planned)
    assert "It begins in 60 minutes, at 18:30 (London time)." in hour.body
    assert [button.label for button in hour.buttons] == ["Remind me in 10 min", "Remind me in 30 min"]
    assert [b.subject.rsplit("/", 1)[1] for b in day.buttons] == ["10", "30", "60"]
    assert all(len(button.custom_id) <= 100 for button in day.buttons)
    await go(planned, START + HOUR)
    assert len(in_channel(planned)) == 2


@pytest.mark.parametrize("sunday", [datetime(2027, 3, 21, 12, tzinfo=UTC), datetime(2027, 10, 24, 12, tzinfo=UTC)])
async def test_the_series_keeps_its_wall_time_through_both_clock_changes(planned: Stage, sunday: datetime) -> None:
    await go(planned, sunday)
    assert not in_channel(planned)
    while (due := await planned.stores.due.next_due()) and due < sunday + timedelta(weeks=3):
        await go(planned, due)
    said = [card.body for card in in_channel(planned)]
    assert len(said) == 6
    assert all("18:30 (London time)" in body for body in said)
    assert not any("later than it should" in body for body in said)
    assert all("tomorrow, Tuesday" in body for body in said[::2])
    assert all("in 60 minutes" in body for body in said[1::2])


async def test_after_downtime_the_day_before_is_sent_late_and_says_so(planned: Stage) -> None:
    await go(planned, START - timedelta(hours=9))
    (card,) = in_channel(planned)
    assert "It is today, Tuesday 1 December 2026" in card.body
    assert "comes later than it should" in card.body


async def test_within_the_last_hour_the_late_hour_reminder_speaks_alone(planned: Stage) -> None:
    await go(planned, START - timedelta(minutes=20))
    (card,) = in_channel(planned)
    assert "It begins in 20 minutes" in card.body
    assert "comes later than it should" in card.body
    assert [button.label for button in card.buttons] == ["Remind me in 10 min"]


async def test_weeks_of_downtime_end_with_one_reminder_for_the_meeting_to_come(planned: Stage) -> None:
    await go(planned, START + timedelta(weeks=3) - timedelta(minutes=30))
    (card,) = in_channel(planned)
    assert "It begins in 30 minutes" in card.body


async def test_once_begun_it_is_not_announced(planned: Stage) -> None:
    await go(planned, START)
    assert not in_channel(planned)
    await go(planned, START + timedelta(days=6))
    (card,) = in_channel(planned)
    assert "tomorrow, Tuesday 8 December" in card.body


async def test_a_pause_keeps_reminders_in(planned: Stage) -> None:
    await planned.set(paused_until=START - timedelta(hours=12))
    await go(planned, START - timedelta(days=1))
    assert not in_channel(planned)
    await go(planned, START - HOUR)
    assert len(in_channel(planned)) == 1


async def test_an_ended_session_is_silent(planned: Stage) -> None:
    await planned.works.house.supervision.end(INGRID, await only_session(planned))
    await go(planned, START - HOUR)
    assert not in_channel(planned)


async def test_copies_go_to_those_who_asked_and_only_to_them(planned: Stage) -> None:
    for caller in (AMARA, CHIOMA):
        await planned.works.house.supervision.set_dm(caller, CHANNEL, True)
    planned.messenger.closed_doors = {CHIOMA.member}
    await go(planned, START - timedelta(days=1))
    ((member, card),) = planned.messenger.directs
    assert member == AMARA.member
    assert "tomorrow" in card.body
    assert "/reminders" in card.footer
    assert not card.buttons
    await go(planned, START - HOUR)
    assert [who for who, _ in planned.messenger.directs] == [AMARA.member, AMARA.member]
    assert len(in_channel(planned)) == 2


async def test_who_has_left_gets_no_copy_and_is_no_longer_on_the_list(planned: Stage) -> None:
    await planned.works.house.supervision.set_dm(AMARA, CHANNEL, True)
    planned.messenger.roles[AMARA.member] = set()
    await go(planned, START - timedelta(days=1))
    assert not planned.messenger.directs
    assert not await planned.stores.members.wanting_dm(planned.cohort.id)


async def test_one_mailbox_that_fails_for_a_while_neither_delays_nor_doubles_the_others(planned: Stage) -> None:
    for caller in (AMARA, BENCE, CHIOMA):
        await planned.works.house.supervision.set_dm(caller, CHANNEL, True)
    planned.messenger.faults = [("direct", TryLater(60), False)]
    await go(planned, START - HOUR)
    assert len(planned.messenger.directs) == 2
    await go(planned, START - timedelta(minutes=55))
    assert sorted(who for who, _ in planned.messenger.directs) == sorted(c.member for c in (AMARA, BENCE, CHIOMA))
    assert len(in_channel(planned)) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_an_unknown_outcome_is_looked_up_before_it_is_repeated(planned: Stage, after: bool) -> None:
    planned.messenger.faults = [("post", OutcomeUnknown(), after)]
    await go(planned, START - HOUR)
    await go(planned, START - timedelta(minutes=50))
    assert len(in_channel(planned)) == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotPermitted("Send Messages"), "Send Messages"),
        (PlaceGone(), "/setup change"),
        (RuntimeError("secret"), "go on trying"),
    ],
)
async def test_supervisors_are_told_once_and_it_goes_out_when_mended(
    planned: Stage, error: Exception, said: str
) -> None:
    planned.messenger.faults = [("post", error, False)]
    if isinstance(error, RuntimeError):  # it must last before anybody is told
        planned.messenger.faults += [("find", error, False)] * 2
    at = START - HOUR
    for _ in range(8):
        await go(planned, at)
        at += timedelta(minutes=1)
    told = [m.card for m in planned.messenger.in_place(SUPERVISORS)]
    assert len(told) == 1
    assert said in told[0].body
    assert "secret" not in told[0].body
    assert "Group supervision" in told[0].body
    assert len(in_channel(planned)) == 1


async def test_a_snooze_comes_to_her_alone_at_its_time(planned: Stage) -> None:
    await go(planned, START - HOUR)
    supervision = planned.works.house.supervision
    ident = await only_session(planned)
    card = await supervision.snooze(AMARA, ident, int(START.timestamp()), 30)
    assert "18:00 (London time)" in card.body
    await go(planned, START - timedelta(minutes=31))
    assert not planned.messenger.directs
    await go(planned, START - timedelta(minutes=30))
    await go(planned, START - timedelta(minutes=29))
    ((member, sent),) = planned.messenger.directs
    assert member == AMARA.member
    assert "It begins in 30 minutes" in sent.body
    assert "asked me to remind you again" in sent.footer
    assert len(in_channel(planned)) == 1


async def test_snoozing_again_replaces_the_snooze(planned: Stage) -> None:
    await go(planned, START - timedelta(days=1))
    supervision = planned.works.house.supervision
    ident = await only_session(planned)
    for minutes in (10, 60):
        await supervision.snooze(AMARA, ident, int(START.timestamp()), minutes)
    await go(planned, START - timedelta(hours=23, minutes=30))
    assert not planned.messenger.directs
    await go(planned, START - timedelta(hours=23))
    assert len(planned.messenger.directs) == 1


async def test_a_snooze_never_outlasts_the_beginning(planned: Stage) -> None:
    await go(planned, START - timedelta(minutes=40))
    supervision = planned.works.house.supervision
    ident = await only_session(planned)
    assert "18:25" in (await supervision.snooze(AMARA, ident, int(START.timestamp()), 60)).body
    planned.clock.advance(minutes=36)
    card = await supervision.snooze(BENCE, ident, int(START.timestamp()), 10)
    assert "nothing left to put off" in card.body


async def test_a_snooze_that_comes_too_late_or_for_an_ended_session_is_not_sent(planned: Stage) -> None:
    await go(planned, START - HOUR)
    supervision = planned.works.house.supervision
    ident = await only_session(planned)
    await supervision.snooze(AMARA, ident, int(START.timestamp()), 30)
    await supervision.snooze(BENCE, ident, int((START + timedelta(weeks=1)).timestamp()), 30)
    await go(planned, START + timedelta(minutes=1))
    assert [who for who, _ in planned.messenger.directs] == [BENCE.member]
    await supervision.snooze(BENCE, ident, int((START + timedelta(weeks=1)).timestamp()), 30)
    await supervision.end(INGRID, ident)
    await go(planned, START + HOUR)
    assert len(planned.messenger.directs) == 1


@pytest.mark.parametrize(
    ("epoch", "minutes"),
    [(int(START.timestamp()) + 60, 10), (int(START.timestamp()), 11), (10**30, 10), (-(10**12), 30)],
)
async def test_forged_snoozes_find_nothing(planned: Stage, epoch: int, minutes: int) -> None:
    with pytest.raises(NotFound):
        await planned.works.house.supervision.snooze(AMARA, await only_session(planned), epoch, minutes)


async def test_strangers_snooze_nothing(planned: Stage) -> None:
    with pytest.raises(NotAllowed):
        await planned.works.house.supervision.snooze(STRANGER, await only_session(planned), int(START.timestamp()), 10)


async def test_no_log_line_names_whom_a_personal_reminder_is_for(
    planned: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bot")
    await planned.works.house.supervision.set_dm(AMARA, CHANNEL, True)
    planned.messenger.faults = [("direct", TryLater(1), False)]
    await go(planned, START - HOUR)
    planned.messenger.closed_doors = {AMARA.member}
    await go(planned, START - timedelta(minutes=50))
    assert "a personal snooze" in caplog.text
    assert AMARA.member.id not in caplog.text
    assert "copy-" not in caplog.text


@pytest.mark.parametrize("step", range(1, 13))
async def test_death_at_any_call_to_the_platform_loses_and_doubles_nothing(
    sqlite: Database, tmp_path: Path, step: int
) -> None:
    clock = MovedClock()
    async with stage(sqlite, tmp_path, clock) as at_work:
        messenger = at_work.messenger
        messenger.roles = {m.member: {TRAINEE} for m in (AMARA, BENCE)}
        await quiet(at_work)
        await add(at_work)
        for caller in (AMARA, BENCE):
            await at_work.works.house.supervision.set_dm(caller, CHANNEL, True)
        clock.advance(seconds=(START - HOUR - clock.now()).total_seconds())
        messenger.calls, messenger.die_at = 0, step
        deaths = 0
        for _ in range(4):
            works = build(contents(), at_work.stores, at_work.keys, clock, messenger)
            try:
                await works.rounds.go_round()
            except Died:
                deaths += 1
                messenger.die_at = None
            clock.advance(minutes=5)
        assert len(messenger.in_place(CHANNEL)) == 1
        # A private message cannot be looked for: if the process dies just after one, it may come twice. None is lost.
        got = [who for who, _ in messenger.directs]
        assert set(got) == {AMARA.member, BENCE.member}
        assert len(got) <= 2 + deaths
