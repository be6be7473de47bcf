"""Faults on the wire in the middle of dialogues: nothing lost, nothing doubled, nobody left without her card."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

import bot.wiring
from bot.platforms.discord.client import ThirdChairClient
from tests.acting import contents
from tests.conversations.on_rehearsal import RehearsalVenue, on_rehearsal
from tests.conversations.scene import Scene
from tests.conversations.venue import DAILY, SUPERVISORS
from tests.rehearsal.stage import eventually

WORDS = "The silence went on, and I filled it."
URGENT = "I have decided to kill myself tonight. Goodbye."
CARD, ALERT = "You matter here", "Someone here may need a person"
PROMPT = "Who can see that it was you"
MESSAGES, THREADS, CALLBACK = "/messages$", "/threads$", "/callback$"


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py wait out its retries, and the time between two sessions, in no time."""

    class Hurried:
        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio, name)

        async def sleep(self, _: float) -> None:
            await asyncio.sleep(0)

    async def at_once(*_: Any, **__: Any) -> None:
        """Identify again without the five seconds that Discord asks for."""

    monkeypatch.setattr("discord.http.asyncio", Hurried())
    monkeypatch.setattr("discord.webhook.async_.asyncio", Hurried())
    monkeypatch.setattr(ThirdChairClient, "before_identify_hook", at_once)
    monkeypatch.setattr(bot.wiring, "read_contents", lambda _: contents())
    monkeypatch.setattr(bot.wiring, "PUBLISH_WAITING_EVERY", 0.2)


@pytest.fixture
async def venue(tmp_path: Path) -> AsyncIterator[RehearsalVenue]:
    async with on_rehearsal(tmp_path) as opened:
        yield opened


@pytest.fixture
async def scene(venue: RehearsalVenue) -> Scene:
    scene = Scene(venue)
    await scene.set_up()
    return scene


Break = Callable[..., None]


@pytest.fixture
def breaks(venue: RehearsalVenue) -> Break:
    """Break the next requests that match."""

    def add(kind: str, route: str, *, method: str = "POST", **fields: Any) -> None:
        venue.door.faults.add({"kind": kind, "method": method, "route": route, **fields})

    return add


@pytest.fixture
def strikes(venue: RehearsalVenue) -> Callable[..., Any]:
    """Break the gateway."""

    async def strike(kind: str, **fields: Any) -> None:
        await venue.door.control.add([{"kind": kind, **fields}])

    return strike


def postings(scene: Scene) -> int:
    """How many postings stand in the channel."""
    return sum(PROMPT in m.text for m in scene.venue.standing("Amara", scene.venue.channels[DAILY]))


def in_thread(scene: Scene, words: str) -> int:
    """How often these words stand in the newest thread."""
    return sum(words in m.text for m in scene.venue.standing("Bence", scene.thread()))


async def test_words_in_a_form_that_could_not_be_answered_are_met_directly(
    scene: Scene, venue: RehearsalVenue, breaks: Break
) -> None:
    await scene.morning()
    await scene.with_("Amara").presses("Respond anonymously")
    breaks("reset_before", CALLBACK, count=50)
    await scene.with_("Amara").types(URGENT).sees_by_dm(CARD, "999").with_("Ingrid").sees_in(SUPERVISORS, ALERT)
    venue.door.faults.clear()


FAULTS: dict[str, tuple[dict[str, Any], ...]] = {
    "the connection breaks before the effect": ({"kind": "reset_before"},),
    "the connection breaks after the effect": ({"kind": "reset_after"},),
    "it breaks twice": ({"kind": "reset_after"}, {"kind": "reset_after"}),
    "too many requests here": ({"kind": "429_local", "seconds": 0.01, "count": 3},),
    "too many requests everywhere": ({"kind": "429_global", "seconds": 0.01},),
    "too many for all retries": ({"kind": "429_local", "seconds": 0.01, "count": 5},),
    "a bad gateway": ({"kind": "status", "status": 502},),
    "five bad gateways": ({"kind": "status", "status": 502, "count": 5},),
    "overloaded": ({"kind": "status", "status": 503},),
    "a slow answer": ({"kind": "slow", "seconds": 0.3, "after": True},),
}


@pytest.mark.parametrize("route", [MESSAGES, THREADS], ids=["message", "thread"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_prompt_stands_once_whatever_befalls_it(
    scene: Scene, venue: RehearsalVenue, breaks: Break, route: str, fault: str
) -> None:
    for rule in FAULTS[fault]:
        breaks(route=route, **rule)
    await scene.goes_to("2026-11-23 09:00")
    for _ in range(4):
        await scene.venue.pass_time(900)
    assert postings(scene) == 1
    assert len(scene.venue.threads(DAILY)) == 1
    venue.door.faults.clear()  # the second of two may never have been needed
    await scene.with_("Amara").presses("Respond anonymously").types(WORDS).sees_privately("It stands in the thread as")


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_response_stands_once_whatever_befalls_it(scene: Scene, breaks: Break, fault: str) -> None:
    posting = await scene.morning()
    assert posting.thread is not None
    for rule in FAULTS[fault]:
        breaks(route=f"/channels/{posting.thread.id}/messages$", **rule)
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(WORDS)
        .sees_privately("as **")  # it stands there, or it will as soon as the channel lets it
        .with_("Bence")
        .sees_nothing_of("as soon as the channel lets me")
    )
    await eventually(lambda: in_thread(scene, WORDS))
    await asyncio.sleep(0.5)  # and the bot looks again whether anything waits
    assert in_thread(scene, WORDS) == 1


@pytest.mark.parametrize("kind", ["op7", "drop_socket", "close", "op9"])
async def test_a_line_that_breaks_in_the_middle_of_a_form_loses_nothing(
    scene: Scene, strikes: Callable[..., Any], kind: str
) -> None:
    await scene.morning()
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .then(lambda: strikes(kind), f"{kind} strikes")
        .then(scene.venue.settle)
        .types(WORDS)
        .sees_privately("It stands in the thread as")
        .with_("Bence")
        .sees_in_thread(WORDS)
    )
    assert in_thread(scene, WORDS) == 1


@pytest.mark.parametrize("kind", ["op7", "drop_socket", "op9"])
async def test_what_is_said_while_the_line_is_down_is_heard_afterwards(
    scene: Scene, venue: RehearsalVenue, strikes: Callable[..., Any], kind: str
) -> None:
    await scene.morning()
    await scene.with_("Bence").writes("Good morning, all.")
    await strikes(kind)
    # Not through the dialogue: that would wait until the line stands again.
    await venue.door.people.send(venue.people["Amara"], venue.channels[DAILY], URGENT)
    await venue.door.people.send(venue.people["Chioma"], scene.thread(), URGENT)
    await venue.settle()
    await (
        scene.with_("Amara")
        .sees_by_dm(CARD)
        .with_("Chioma")
        .sees_by_dm(CARD)
        .with_("Bence")
        .sees_nothing_of(CARD)
        .with_("Ingrid")
        .sees_in(SUPERVISORS, ALERT, str(venue.people["Amara"]))
        .sees_in(SUPERVISORS, ALERT, str(venue.people["Chioma"]))
    )
    alerts = [m for m in venue.standing("Ingrid", venue.channels[SUPERVISORS]) if ALERT in m.text]
    assert len(alerts) == 2


async def test_events_that_come_twice_happen_once(
    scene: Scene, venue: RehearsalVenue, strikes: Callable[..., Any]
) -> None:
    await scene.morning()
    await strikes("duplicate_events", n=1)
    await scene.with_("Amara").presses("Respond anonymously")
    await strikes("duplicate_events", n=1)
    await scene.with_("Amara").types(WORDS)
    await strikes("duplicate_events", n=1)
    await scene.with_("Bence").presses("Flag for a supervisor")
    await strikes("duplicate_events", n=1)
    await scene.with_("Chioma").writes(URGENT).sees_by_dm(CARD)
    assert in_thread(scene, WORDS) == 1
    told = venue.standing("Ingrid", venue.channels[SUPERVISORS])
    assert sum("was flagged" in m.title for m in told) == 1
    assert sum(ALERT in m.title for m in told) == 1
    assert sum(CARD in m.text for m in venue.standing("Chioma", venue.dm("Chioma"))) == 1


async def test_events_that_overtake_one_another_harm_nobody(
    scene: Scene, venue: RehearsalVenue, strikes: Callable[..., Any]
) -> None:
    await scene.morning()
    for name in ("Amara", "Bence"):
        await scene.with_(name).presses("Respond anonymously")
    await strikes("reorder_events", n=1)
    people = venue.door.people
    for name in ("Amara", "Bence"):
        modal = venue._modal(name)
        await people.submit_modal(venue.people[name], modal.id, {"text": f"{WORDS} {name} was here."})
    await eventually(lambda: in_thread(scene, "was here.") == 2)
    assert in_thread(scene, "Amara was here.") == in_thread(scene, "Bence was here.") == 1
    assert scene.alias("Amara was here.") != scene.alias("Bence was here.")


async def _stands(scene: Scene, words: str) -> None:
    await eventually(lambda: words in scene.screen("Ingrid"))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_slow_supervisors_channel_keeps_nobody_from_her_card(
    scene: Scene, venue: RehearsalVenue, breaks: Break, after: bool
) -> None:
    await scene.morning()
    breaks("slow", f"/channels/{venue.channels[SUPERVISORS]}/messages$", seconds=3.5, after=after)
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .sees_privately(CARD, "999")
        .then(lambda: _stands(scene, ALERT), "the alert arrives")
        .time_passes(minutes=5)
        .with_("Ingrid")
        .sees_nothing_of("Nobody has taken this alert yet.")
    )
    alerts = [m for m in venue.standing("Ingrid", venue.channels[SUPERVISORS]) if ALERT in m.text]
    assert len(alerts) == 1


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_an_alert_whose_outcome_is_unknown_stands_once(
    scene: Scene, venue: RehearsalVenue, breaks: Break, kind: str
) -> None:
    await scene.morning()
    breaks(kind, f"/channels/{venue.channels[SUPERVISORS]}/messages$")
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types(URGENT)
        .sees_privately(CARD)
        .time_passes(minutes=2)
        .with_("Ingrid")
        .sees_in(SUPERVISORS, ALERT)
        .sees_nothing_of("Nobody has taken this alert yet.")
    )
    alerts = [m for m in venue.standing("Ingrid", venue.channels[SUPERVISORS]) if ALERT in m.text]
    assert len(alerts) == 1


@pytest.mark.parametrize("kind", ["reset_before", "429_local", "status"])
async def test_a_card_that_cannot_be_sent_directly_is_sent_or_owed(
    scene: Scene, venue: RehearsalVenue, breaks: Break, kind: str
) -> None:
    extra = {"status": 502, "count": 5} if kind == "status" else {"count": 5, "seconds": 0.01} if "429" in kind else {}
    breaks(kind, f"/channels/{venue.dm('Amara')}/messages$", **extra)
    await scene.with_("Amara").writes(URGENT).uses("resources").uses("resources")
    seen = [*venue.private("Amara"), *venue.standing("Amara", venue.dm("Amara"))]
    assert sum(CARD in m.text for m in seen) == 1


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_an_acknowledgement_that_is_lost_loses_no_response(scene: Scene, breaks: Break, kind: str) -> None:
    await scene.morning()
    await scene.with_("Amara").presses("Respond anonymously")
    breaks(kind, CALLBACK)
    await scene.with_("Amara").types(WORDS)
    assert in_thread(scene, WORDS) <= 1
    if not in_thread(scene, WORDS):
        await scene.with_("Amara").presses("Respond anonymously").types(WORDS)
    assert in_thread(scene, WORDS) == 1
