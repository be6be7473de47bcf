"""Supervisors' hand on what stands there, members' flags, and what nobody's role allows."""

from __future__ import annotations

import pytest

from bot.ports.responses import AnonymousResponse, ResponseState
from tests.conversations.dialogue import THREAD
from tests.conversations.scene import Scene
from tests.conversations.venue import DAILY, SUPERVISORS

WORDS = "I was late, and I said it was the traffic."
NOT_YOURS = "That is not yours to do here."
GONE = "That is not there any more"


@pytest.fixture
async def answered(scene: Scene) -> Scene:
    """A posting with one response, by Amara."""
    await scene.morning()
    await scene.with_("Amara").presses("Respond anonymously").types(WORDS).sees_in_thread(WORDS)
    return scene


async def response_of(scene: Scene) -> AnonymousResponse:
    """The posting's only response."""
    (response,) = await scene.venue.built.stores.responses.of_posting((await scene.posting()).id)
    return response


async def test_a_flag_reaches_the_supervisors_and_names_nobody(answered: Scene) -> None:
    await (
        answered.with_("Bence")
        .presses("Flag for a supervisor")
        .sees_privately("Your supervisors will look at it. They don't learn who asked.")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "A response was flagged", answered.alias(WORDS))
        .sees_nothing_of(str(answered.venue.people["Bence"]))
        .with_("Bence")
        .presses("Flag for a supervisor")
        .sees_privately("You have flagged this one already")
        .with_("Chioma")
        .uses_menu("Flag for a supervisor", on=WORDS)
        .sees_privately("Your supervisors will look at it.")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "2 members have asked you")
        .with_("Amara")
        .sees_nothing_of("A response was flagged")
    )


async def test_what_is_brought_to_supervision_names_nobody(answered: Scene) -> None:
    await (
        answered.with_("Bence")
        .uses_menu("Bring to supervision", on=WORDS)
        .sees_privately("It stands before your supervisors, for a session.")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "Someone would like to bring this to supervision", answered.alias(WORDS))
        .sees_nothing_of(str(answered.venue.people["Bence"]))
        .with_("Chioma")
        .uses_menu("Bring to supervision", on=WORDS)
        .sees_privately("It stands before your supervisors already.")
    )
    cards = answered.venue.standing("Ingrid", answered.venue.channels[SUPERVISORS])
    assert sum("bring this to supervision" in card.text for card in cards) == 1


async def test_hidden_restored_and_deleted_from_the_flag(answered: Scene) -> None:
    await (
        answered.with_("Bence")
        .presses("Flag for a supervisor")
        .with_("Joaquín")
        .presses("Hide")
        .sees_privately("Hidden. Its place in the thread says so")
        .with_("Bence")
        .sees_nothing_of(WORDS)
        .sees_in_thread("A supervisor has taken this response out of sight.")
        .with_("Amara")
        .presses("My responses")
        .sees_privately(WORDS, "Out of sight: a supervisor has hidden it.")
        .with_("Joaquín")
        .presses("Restore", on="A member asks you")
        .sees_privately("It is back in the thread.")
        .with_("Bence")
        .sees_in_thread(WORDS)
        .with_("Joaquín")
        .presses("Delete for good")
        .sees_privately("Deleted, in the thread and in my store.")
        .with_("Bence")
        .sees_nothing_of(WORDS)
        .with_("Amara")
        .presses("My responses")
        .sees_privately("You have not answered this posting.")
        .with_("Ingrid")
        .uses("audit", at=SUPERVISORS)
        .sees_privately("hide", "restore", "delete", str(answered.venue.people["Joaquín"]))
    )


async def test_a_supervisor_moderates_from_the_message_itself(answered: Scene) -> None:
    await (
        answered.with_("Ingrid")
        .uses_menu("Moderate response", on=WORDS)
        .sees_privately("Whatever you do, its author stays unknown.")
        .presses("Hide")
        .sees_privately("Hidden.")
        .with_("Bence")
        .sees_nothing_of(WORDS)
        .uses_menu("Moderate response", on="out of sight")
        .sees_privately(NOT_YOURS)
    )


async def test_what_an_author_changes_while_hidden_stays_hidden(answered: Scene) -> None:
    response = await response_of(answered)
    await (
        answered.with_("Ingrid")
        .forges(f"tc:hide:{response.id}")
        .sees_privately("Hidden.")
        .with_("Amara")
        .presses("Change it")
        .types("I said nothing at all about it.")
        .sees_privately("Your new words are kept.")
        .with_("Bence")
        .sees_nothing_of("nothing at all about it", WORDS)
    )


@pytest.mark.parametrize("button", [False, True], ids=["command", "forged button"])
async def test_locked_closed_and_reopened(answered: Scene, button: bool) -> None:
    posting = await answered.posting()

    def act(name: str) -> str:
        return f"tc:{name}:{posting.id}"

    ingrid = answered.with_("Ingrid")
    ingrid = ingrid.forges(act("lock")) if button else ingrid.uses("posting lock")
    await (
        ingrid.sees_privately("Locked: no new responses")
        .with_("Bence")
        .sees_button("Respond anonymously", there=False)
        .forges(act("respond"))
        .sees_privately("A supervisor has locked this posting for now")
        .with_("Amara")
        .presses("Change it")
        .types("I was late; it was not the traffic.")
        .sees_in_thread("it was not the traffic")
    )
    assert not answered.venue.takes_words(answered.thread())
    ingrid = answered.with_("Ingrid")
    ingrid = ingrid.forges(act("close")) if button else ingrid.uses("posting close", at=THREAD)
    await (
        ingrid.sees_privately("Closed. Its key is destroyed")
        .with_("Amara")
        .presses("Change it", on="It stands in the thread as")
        .sees_privately(GONE)
        .sees_no_form()
    )
    ingrid = answered.with_("Ingrid")
    ingrid = ingrid.forges(act("reopen")) if button else ingrid.uses("posting reopen", at=THREAD)
    await (
        ingrid.sees_privately("Open again, under a new key.")
        .with_("Amara")
        .presses("My responses")
        .sees_privately("You have not answered this posting.")
        .presses("Respond anonymously")
        .types("Once more.")
        .sees_in_thread("Once more.")
    )
    assert answered.venue.takes_words(answered.thread())


ABOUT_RESPONSE = ("edit", "withdraw", "choose-publish", "choose-private", "choose-safe", "choose-name")
OF_SUPERVISORS = ("hide", "restore", "delete")
ABOUT_POSTING = ("lock", "unlock", "close", "reopen")


@pytest.mark.parametrize("who", ["Bence", "Ingrid", "Finn"], ids=["trainee", "supervisor", "stranger"])
async def test_nobody_touches_anothers_response_with_a_forged_button(answered: Scene, who: str) -> None:
    response = await response_of(answered)
    if who == "Finn":
        await answered.venue.set_roles("Finn")
    for action in ABOUT_RESPONSE:
        await answered.with_(who).forges(f"tc:{action}:{response.id}").sees_no_form()
    forged = f"tc:resubmit:{response.id}"
    await (
        answered.with_(who)
        .forges_form(forged, {"text": "not hers"})
        .with_("Amara")
        .sees_in_thread(WORDS)
        .sees_nothing_of("not hers")
    )
    assert (await response_of(answered)) == response


@pytest.mark.parametrize("who", ["Amara", "Bence", "Finn"], ids=["author", "trainee", "stranger"])
async def test_nobody_moderates_whose_role_does_not_allow_it(answered: Scene, who: str) -> None:
    posting, response = await answered.posting(), await response_of(answered)
    if who == "Finn":
        await answered.venue.set_roles("Finn")
    for action in OF_SUPERVISORS:
        await answered.with_(who).forges(f"tc:{action}:{response.id}").sees_privately(NOT_YOURS)
    for action in ABOUT_POSTING:
        await answered.with_(who).forges(f"tc:{action}:{posting.id}").sees_privately(NOT_YOURS)
    for command, options in {
        "posting close": {},
        "pause": {"until": "2026-12-01"},
        "resume": {},
        "audit": {},
        "preview": {},
        "setup show": {},
        "setup change": {"field": "name", "value": "Mine"},
        "session add": {"title": "Mine", "every": "week", "date": "2026-12-01", "time": "10:00"},
    }.items():
        await answered.with_(who).uses(command, **options).sees_privately(NOT_YOURS)
    assert (await response_of(answered)).state is ResponseState.PUBLISHED
    assert (await answered.posting()) == posting


async def test_a_stranger_takes_no_part(answered: Scene) -> None:
    await answered.venue.set_roles("Finn")
    posting = await answered.posting()
    await (
        answered.with_("Finn")
        .presses("Respond anonymously")
        .sees_privately(NOT_YOURS)
        .sees_no_form()
        .forges_form(f"tc:submit:{posting.id}", {"text": "from outside"})
        .sees_privately("Anonymous responses are for")
        .presses("Flag for a supervisor")
        .sees_privately(NOT_YOURS)
        .uses("prompt")
        .sees_privately(NOT_YOURS)
        .with_("Amara")
        .sees_nothing_of("from outside")
    )


NOWHERE = (
    "tc:hide:0000000000000000",
    "tc:respond:0000000000000000",
    "tc:respond:",
    "tc:nonsense:1",
    "tc:snooze:1/2",
    "tc:snooze:1/99999999999999999999/5",
    "tc:swap:nothing",
    "tc:contact-name:-/x",
    "tc:contact-name:unknown/x",
    "tc:choose-nothing:0000000000000000",
    "tc:ack:0000000000000000",
    "tc:open:0000000000000000",
    "tc:lines:" + "x" * 60,
    "tc:setup-save:0000",
)


@pytest.mark.parametrize("who", ["Amara", "Ingrid"])
async def test_a_custom_id_that_leads_nowhere_gets_a_sentence(answered: Scene, who: str) -> None:
    for custom_id in NOWHERE:
        before = len(answered.venue.private(who))
        await answered.with_(who).forges(custom_id)
        notes = answered.venue.private(who)
        assert len(notes) > before, f"{custom_id} was not answered"
        assert "Something went wrong on my side" not in notes[-1].text, custom_id


async def test_nobody_says_in_anothers_name_that_she_is_safe(answered: Scene) -> None:
    await answered.with_("Amara").writes("I have decided to kill myself tonight. Goodbye.")
    card, custom_id = answered.newest_with("Amara", "I'm safe / this was not about me")
    assert card.by_bot
    cohort_id, _, key = custom_id.removeprefix("tc:contact-safe:").partition("/")
    forged = f"tc:contact-safe:{cohort_id}/{key[::-1]}"
    await (
        answered.with_("Bence")
        .forges(forged)
        .with_("Ingrid")
        .sees_nothing_of("the writer says that they are safe")
        .with_("Amara")
        .presses("I'm safe / this was not about me")
        .with_("Ingrid")
        .sees_in(SUPERVISORS, "the writer says that they are safe")
    )


async def test_two_cohorts_on_a_server_keep_apart(scene: Scene) -> None:
    venue, first = scene.venue, scene.cohort
    for name in ("first-years", "first-years-supervisors"):
        venue.add_channel(name)
    for name in ("first year", "first years' supervisor"):
        venue.add_role(name)
    await scene.set_up(
        name="First years",
        channel=str(venue.channels["first-years"]),
        supervisors_channel=str(venue.channels["first-years-supervisors"]),
        trainee_role=str(venue.roles["first year"]),
        supervisor_role=str(venue.roles["first years' supervisor"]),
    )
    await venue.set_roles("Finn", "first year")
    await venue.set_roles("Joaquín", "first years' supervisor")
    scene.cohort = first
    posting = await scene.morning()
    assert len(venue.threads("first-years")) == len(venue.threads(DAILY)) == 1
    seen = venue.standing("Amara", venue.channels[DAILY])
    hers = next(message.title for message in seen if message.button("Respond anonymously"))
    await scene.with_("Amara").presses("Respond anonymously", on=hers).types(WORDS)
    response = await response_of(scene)
    await (
        scene.with_("Finn")
        .forges(f"tc:respond:{posting.id}")
        .sees_privately(NOT_YOURS)
        .forges_form(f"tc:submit:{posting.id}", {"text": "from the other cohort"})
        .sees_privately("Anonymous responses are for")
        .with_("Joaquín")
        .forges(f"tc:close:{posting.id}")
        .sees_privately(NOT_YOURS)
        .forges(f"tc:hide:{response.id}")
        .sees_privately(NOT_YOURS)
        .uses("preview", at=DAILY)
        .sees_privately(NOT_YOURS)
        .uses("preview", at="first-years")
        .sees_privately("Why this one")
        .with_("Amara")
        .sees_nothing_of("from the other cohort")
    )


async def test_a_pause_keeps_quiet_and_ends_early(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("pause", until="2026-11-30")
        .sees_privately("Everything I do by myself rests until")
        .then(lambda: scene.goes_to("2026-11-25 10:00"))
        .with_("Amara")
        .sees_nothing_in(DAILY, "Who can see that it was you")
        .with_("Ingrid")
        .uses("resume")
        .sees_privately("I am back.")
        .then(lambda: scene.goes_to("2026-11-26 09:00"))
        .with_("Amara")
        .sees_in(DAILY, "Who can see that it was you")
        .uses("resources")
        .sees_privately("People you can talk to")
    )
    assert len(scene.venue.threads(DAILY)) == 1


async def test_a_pause_ends_by_itself_on_its_day(scene: Scene) -> None:
    await scene.with_("Ingrid").uses("pause", until="2026-11-25")
    await scene.goes_to("2026-11-24 12:00")
    assert scene.venue.threads(DAILY) == []
    await scene.goes_to("2026-11-25 09:00")
    assert len(scene.venue.threads(DAILY)) == 1


@pytest.mark.parametrize(("until", "said"), [("soon", "I can't read"), ("2020-01-01", "A pause ends on a day to come")])
async def test_a_pause_that_cannot_be_read_gets_the_mend(scene: Scene, until: str, said: str) -> None:
    await scene.with_("Ingrid").uses("pause", until=until).sees_privately(said)
