"""An alert that nobody takes is heard in the second channel, whatever became of it in the first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from rehearsal.slack import blocks, demo
from rehearsal.slack.model import Channel
from tests.doors.slack.conftest import Bench

ON_CALL = "C0ONCALL0"
HEAVY = "I am going to kill myself tonight, I have the pills here."


async def alerted(bench: Bench) -> None:
    """Open a second channel and let Amara write openly."""
    bench.team.channels[ON_CALL] = Channel(ON_CALL, "on-call", is_private=True, members=[demo.BOT])
    bench.team.messages[ON_CALL] = {}
    changing = f"setup change escalation_channel <#{ON_CALL}|on-call>"
    assert "Changed." in await bench.command("Ingrid", changing, demo.SUPERVISORS)
    await bench.door.people.send(demo.TEAM, bench.id_of("Amara"), demo.DAILY_REFLECTION, HEAVY, None)
    await bench.settle()


async def later(bench: Bench, minutes: int) -> None:
    await bench.clock.advance(timedelta(minutes=minutes))
    await bench.built.wakeups.poke()
    await bench.settle()


def alerts(bench: Bench, channel: str) -> list[str]:
    return [m.text for m in bench.standing(channel) if "may need a person" in m.text]


async def test_it_notifies_whoever_is_there(bench: Bench) -> None:
    await alerted(bench)
    await later(bench, 16)
    for channel in (demo.SUPERVISORS, ON_CALL):
        message = bench.standing(channel)[-1]
        assert blocks.pings(message.text, message.blocks) == {"channel"}


async def deleted(bench: Bench) -> None:
    del bench.team.messages[demo.SUPERVISORS][bench.standing(demo.SUPERVISORS)[-1].ts]


async def talked_over(bench: Bench) -> None:
    for number in range(101):
        await bench.door.people.send(demo.TEAM, bench.id_of("Ingrid"), demo.SUPERVISORS, f"line {number}", None)
    await bench.settle()


@pytest.mark.parametrize("lose", [deleted, talked_over])
async def test_an_alert_that_is_not_found_is_posted_again_once_and_goes_on(
    bench: Bench, lose: Callable[[Bench], Awaitable[None]]
) -> None:
    await alerted(bench)
    await lose(bench)
    before = len(alerts(bench, demo.SUPERVISORS))
    await later(bench, 16)
    assert (len(alerts(bench, demo.SUPERVISORS)) - before, len(alerts(bench, ON_CALL))) == (1, 0)
    for _ in range(3):
        await later(bench, 16)
    assert (len(alerts(bench, demo.SUPERVISORS)) - before, len(alerts(bench, ON_CALL))) == (1, 1)
