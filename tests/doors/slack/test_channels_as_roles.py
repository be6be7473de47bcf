"""On a free plan a role is the membership of a channel, also after the cohort has moved to another one."""

from __future__ import annotations

from rehearsal.slack import demo
from rehearsal.slack.model import Channel
from tests.doors.slack.conftest import Bench

ELSEWHERE = "C0ELSEWH0"


def another(bench: Bench, *members: str, is_private: bool) -> None:
    """Open another channel, with the bot in it."""
    ids = [bench.id_of(name) for name in members]
    bench.team.channels[ELSEWHERE] = Channel(ELSEWHERE, "elsewhere", is_private=is_private, members=[*ids, demo.BOT])
    bench.team.messages[ELSEWHERE] = {}


async def test_who_is_in_the_new_supervisors_channel_is_a_supervisor_and_nobody_else(bench: Bench) -> None:
    another(bench, "Ingrid", "Finn", is_private=True)
    moving = f"setup change supervisors_channel <#{ELSEWHERE}|elsewhere>"
    assert "Changed." in await bench.command("Ingrid", moving, demo.SUPERVISORS)
    assert "That is not yours to do here." in await bench.command("Joaquín", "preview")
    assert "That is not yours to do here." not in await bench.command("Finn", "preview")


async def test_it_is_moved_to_no_channel_that_anybody_can_join(bench: Bench) -> None:
    another(bench, "Ingrid", is_private=False)
    said = await bench.command("Ingrid", f"setup change supervisors_channel {ELSEWHERE}", demo.SUPERVISORS)
    assert "is open: whoever joins it would be a supervisor" in said


async def test_who_left_the_channel_still_gets_through_her_card(bench: Bench) -> None:
    posting = await bench.morning()
    await bench.responds("Amara", posting, "I am going to kill myself tonight, I have the pills here.")
    (copy,) = bench.dm("Amara")
    bench.team.channels[demo.DAILY_REFLECTION].members.remove(bench.id_of("Amara"))
    assert bench.built.slack is not None
    bench.built.slack.desk.people.forget_members(demo.TEAM, demo.DAILY_REFLECTION)
    await bench.press("Amara", copy, "contact-name")
    assert "Your supervisors now know" in bench.shown("Amara")
    assert "Amara would like to hear" in bench.standing(demo.SUPERVISORS)[-1].text
