"""What people do on Slack alone: one form for a setup, a home in the app, notes that vanish, channels for roles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rehearsal.__main__ import slack_hints
from rehearsal.slack import demo
from rehearsal.slack.interactions import state_of
from tests.conversations import differences
from tests.conversations.on_slack import SlackVenue, on_slack
from tests.conversations.scene import Scene
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS

URGENT = "I have decided to kill myself tonight. Goodbye."
CARD = "You matter here"
WORDS = "I was late, and I said it was the traffic."


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Scene]:
    """The bot in a workspace where nobody has set it up yet."""
    async with on_slack(tmp_path) as venue:
        yield Scene(venue)


@pytest.fixture
def venue(bare: Scene) -> SlackVenue:
    """The workspace itself, for those who want to break something."""
    assert isinstance(bare.venue, SlackVenue)
    return bare.venue


def test_every_difference_is_shown_by_a_dialogue_here() -> None:
    shown = {name for difference in differences.DIFFERENCES.values() for name in difference.shown_by}
    assert shown <= set(globals())
    dialogues = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for name in differences.DIFFERENCES:
        assert f"def {name.partition('[')[0]}(" in dialogues


async def test_the_page_can_say_what_every_command_does(venue: SlackVenue) -> None:
    slack = venue.built.slack
    assert slack is not None
    hints = slack_hints(venue.built)
    assert set(hints) == slack.desk.router.commands
    assert all(hints.values())


# Setting up


async def test_a_cohort_is_set_up_in_one_form(bare: Scene, venue: SlackVenue) -> None:
    await bare.with_("Ingrid").uses("setup start", at=COMMON)
    form = venue.form("Ingrid")
    assert form is not None
    assert form.fields["channel"] == venue.channels[COMMON]
    await (
        bare.with_("Ingrid")
        .fills(**filled(venue, days=["tue", "thu"], time="18:30", alert_policy="only when the author asks"))
        .sees_privately("is set up", "tue,thu at 18:30 (Europe/London)", "Ring the desk.", "only when the author asks")
        .sees_no_form()
        .then(lambda: bare.goes_to("2026-11-24 18:29"))
        .with_("Amara")
        .sees_nothing_in(DAILY, "Who can see that it was you")
        .then(lambda: bare.goes_to("2026-11-24 18:30"))
        .sees_in(DAILY, "Who can see that it was you")
    )


async def test_the_form_speaks_her_language(bare: Scene, venue: SlackVenue) -> None:
    await (
        bare.with_("Ingrid")
        .uses("me language", at=COMMON, language="español")
        .sees_privately("Ahora te escribo en privado")
        .uses("setup start", at=COMMON)
        .sees_form_says("Canal que solo ven quienes supervisan")
        .fills(**filled(venue, country="ES", zone="Atlantic/Canary"))
        .sees_privately("está en marcha", "Idioma", "español")
        .with_("Amara")
        .sees_in(DAILY, "Cómo funciona esto aquí", "Qué significa el anonimato")
    )


async def test_a_second_cohort_is_not_offered_the_firsts_channels(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    for at, offered in ((COMMON, venue.channels[COMMON]), (SUPERVISORS, ""), (DAILY, "")):
        await bare.with_("Ingrid").uses("setup start", at=at)
        form = venue.form("Ingrid")
        assert form is not None
        assert form.fields["channel"] == offered


async def test_a_wrong_field_is_named_where_it_stands_and_the_rest_is_kept(bare: Scene, venue: SlackVenue) -> None:
    await (
        bare.with_("Ingrid")
        .uses("setup start", at=COMMON)
        .fills(**filled(venue, zone="Londn"))
        .sees_privately("I don't know the time zone “Londn”.")
        .fills(zone="europe/london")
        .sees_privately("is set up", "(Europe/London)", "Ring the desk.")
    )


async def test_nobody_becomes_a_supervisor_by_joining_an_open_channel(bare: Scene, venue: SlackVenue) -> None:
    await (
        bare.with_("Ingrid")
        .uses("setup start", at=COMMON)
        .fills(**filled(venue, supervisor_role="everybody", supervisors_channel=venue.channels[COMMON]))
        .sees_privately("is open: whoever joins it would be a supervisor")
        .fills(supervisor_role=venue.roles["supervisor"], supervisors_channel=venue.channels[SUPERVISORS])
        .sees_privately("is set up")
        .uses("setup change", at=SUPERVISORS, field="supervisor_role", value=venue.channels[COMMON])
        .sees_privately("is open: whoever joins it would be a supervisor")
    )


@pytest.mark.parametrize(
    ("lacking", "what", "mend"),
    [
        ("member", "Membership of the channel", "Write /invite and my name in #daily-reflection."),
        ("archived", "The channel is archived", "Take #daily-reflection out of the archive"),
        ("shared", "The channel is shared with another organisation", "Slack Connect"),
        ("scope", "im:write", "add the bot token scope “im:write”"),
    ],
)
async def test_what_is_missing_is_named_with_its_mend(
    bare: Scene, venue: SlackVenue, lacking: str, what: str, mend: str
) -> None:
    await bare.set_up()
    team = venue.door.world.teams[demo.TEAM]
    channel = team.channels[demo.DAILY_REFLECTION]
    match lacking:
        case "member":
            channel.members.remove(demo.BOT)
        case "archived":
            channel.is_archived = True
        case "shared":
            channel.is_ext_shared = True
        case "scope":
            team.scopes.remove("im:write")
    await bare.with_("Ingrid").uses("setup check", at=SUPERVISORS).sees_privately("Missing", f"**{what}**", mend)


# Her home in the app


async def test_a_trainee_finds_todays_item_and_her_responses_at_home(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    await bare.with_("Amara").presses("Respond anonymously").types(WORDS).sees_in_thread(WORDS)
    await venue.open_home("Amara")
    screen = "\n".join(card.text for card in venue.home("Amara"))
    assert "Second years" in screen
    assert WORDS in screen
    assert bare.alias(WORDS) in screen
    withdraw = next(card for card in venue.home("Amara") if card.button("Withdraw"))
    await venue.press("Amara", withdraw, str(withdraw.button("Withdraw")))
    assert "It is gone, here and from the thread." in "\n".join(m.text for m in venue.private("Amara"))
    await bare.with_("Bence").sees_nothing_of(WORDS)
    assert WORDS not in "\n".join(card.text for card in venue.home("Amara"))


async def test_a_supervisor_finds_at_home_what_was_flagged_and_stands(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    await bare.with_("Amara").presses("Respond anonymously").types(WORDS)
    await bare.with_("Bence").presses("Flag for a supervisor")
    await venue.open_home("Ingrid")
    screen = "\n".join(card.text for card in venue.home("Ingrid"))
    assert "Flagged, and standing" in screen
    assert bare.alias(WORDS) in screen
    assert venue.people["Bence"] not in screen
    await venue.open_home("Bence")
    assert "Flagged, and standing" not in "\n".join(card.text for card in venue.home("Bence"))
    await bare.with_("Ingrid").presses("Hide")
    await venue.open_home("Ingrid")
    assert "Flagged, and standing" not in "\n".join(card.text for card in venue.home("Ingrid"))


async def test_a_supervisor_finds_the_week_and_the_waiting_alerts_at_home(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    await bare.with_("Amara").presses("Respond anonymously").types(URGENT)
    await venue.open_home("Ingrid")
    cards = venue.home("Ingrid")
    screen = "\n".join(card.text for card in cards)
    assert "Tuesday" in screen
    assert URGENT not in screen
    first = next(number for number, card in enumerate(cards) if card.buttons)
    assert cards[first].button("I am on it"), "who waits for a person comes before all that can wait"
    await venue.open_home("Bence")
    assert "I am on it" not in str(venue.home("Bence"))


async def test_a_stranger_is_told_at_home_where_she_stands(bare: Scene, venue: SlackVenue) -> None:
    await venue.open_home("Finn")
    assert "/resources" in "\n".join(card.text for card in venue.home("Finn"))


# Notes that vanish


@pytest.mark.parametrize("way", ["form", "command"])
async def test_the_card_of_care_outlives_a_reload(bare: Scene, venue: SlackVenue, way: str) -> None:
    await bare.set_up()
    await bare.morning()
    amara = bare.with_("Amara")
    amara = amara.presses("Respond anonymously").types(URGENT) if way == "form" else amara.uses("me country " + URGENT)
    await amara.sees_privately(CARD, "999").sees_by_dm(CARD, "999")
    venue.door.people.reload(demo.TEAM, venue.people["Amara"])
    assert venue.private("Amara") == []
    await bare.with_("Amara").sees_by_dm(CARD, "999").with_("Bence").sees_nothing_of(CARD)


async def test_her_words_change_as_often_as_she_likes(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    await bare.with_("Amara").presses("Respond anonymously").types(WORDS)
    for again in range(5):
        await bare.with_("Amara").presses("Change it").types(f"{WORDS} {again}").sees_in_thread(f"{WORDS} {again}")


# Roles without user groups


async def test_on_a_free_plan_the_members_of_a_channel_are_the_role(bare: Scene, venue: SlackVenue) -> None:
    team = venue.door.world.teams[demo.TEAM]
    team.paid = False
    team.usergroups.clear()
    everybody = {"trainee_role": "everybody", "supervisor_role": "everybody"}
    await (
        bare.with_("Ingrid")
        .uses("setup start", at=DAILY)
        .fills(**filled(venue, **everybody))
        .sees_privately("is set up")
    )
    (bare.cohort,) = await venue.built.stores.cohorts.every()
    await bare.morning()
    await (
        bare.with_("Amara")
        .presses("Respond anonymously")
        .types(WORDS)
        .sees_privately("It stands in the thread as")
        .uses("preview")
        .sees_privately("That is not yours to do here.")
        .with_("Ingrid")
        .uses("preview", at=SUPERVISORS)
        .sees_privately("Why this one")
    )


# What other organisations could read


async def test_nothing_is_anonymous_where_another_organisation_reads_along(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    venue.door.world.teams[demo.TEAM].channels[demo.DAILY_REFLECTION].is_ext_shared = True
    slack = venue.built.slack
    assert slack is not None
    slack.desk.people.forget_room(demo.TEAM, demo.DAILY_REFLECTION)
    await bare.with_("Amara").presses("Respond anonymously").sees_privately("another organisation").sees_no_form()
    assert bare.in_thread() == []


# Slack says it twice, late, or not at all


async def test_a_form_that_arrives_twice_is_one_response(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    await bare.with_("Amara").presses("Respond anonymously")
    team, user = venue.door.people.person(demo.TEAM, venue.people["Amara"])
    (view,) = venue.door.views.of(team, user.id)
    state = state_of(view.payload["blocks"], {"text": WORDS})
    await asyncio.gather(*(venue.door.interactions.submit(team, user, view, state) for _ in range(2)))
    await venue.settle()
    assert sum(WORDS in said.text for said in bare.in_thread()) == 1


async def test_a_message_told_of_twice_alerts_once(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    venue.door.faults.line["duplicate_events"] = 1
    await bare.with_("Amara").writes(URGENT).sees_by_dm(CARD)
    alerts = [m for m in venue.standing("Ingrid", demo.SUPERVISORS) if "Someone here may need a person" in m.text]
    cards = [m for m in venue.standing("Amara", venue.dm("Amara")) if CARD in m.text]
    assert (len(alerts), len(cards)) == (1, 1)


async def test_a_press_that_came_too_late_for_a_form_says_so(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    venue.door.faults.add({"kind": "error", "method": "views.open", "error": "expired_trigger_id"})
    await bare.with_("Amara").presses("Respond anonymously").sees_privately("press").sees_no_form()
    await bare.with_("Amara").presses("Respond anonymously").types(WORDS).sees_in_thread(WORDS)


async def test_a_lost_answer_costs_no_second_prompt(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    venue.door.faults.add({"kind": "reset_after", "method": "chat.postMessage"})
    await bare.goes_to("2026-11-23 09:10")
    standing = venue.standing("Amara", demo.DAILY_REFLECTION)
    assert sum("Who can see that it was you" in message.text for message in standing) == 1


async def test_a_removed_app_is_told_of_nothing_and_raises_nothing(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    venue.door.world.teams[demo.TEAM].revoked = True
    await bare.goes_to("2026-11-23 12:00")
    assert venue.threads(DAILY) == []
    venue.door.world.teams[demo.TEAM].revoked = False
    await venue.pass_time(3600)
    assert len(venue.threads(DAILY)) == 1


async def test_nobody_is_mentioned_by_what_somebody_writes(bare: Scene, venue: SlackVenue) -> None:
    await bare.set_up()
    await bare.morning()
    ping = f"<!channel> <@{venue.people['Bence']}> <!here> & <b>bold</b> @everyone"
    await (
        bare.with_("Amara")
        .presses("Respond anonymously")
        .types(ping)
        .sees_privately("a mention")
        .presses("No client in it: post it")
    )
    assert venue.pinged() == set()
    await bare.with_("Bence").sees_in_thread("<!channel>", "& <b>bold</b> @everyone")


def filled(venue: SlackVenue, **changes: object) -> dict[str, object]:
    """Fill the form in, as Ingrid would."""
    return {
        "name": "Second years",
        "channel": venue.channels[DAILY],
        "supervisors_channel": venue.channels[SUPERVISORS],
        "trainee_role": venue.roles["trainee"],
        "supervisor_role": venue.roles["supervisor"],
        "zone": "Europe/London",
        "country": "GB",
        "site_protocol": "Ring the desk.",
        "on_call": "Extension 9",
        "coverage_hours": "weekdays",
        **changes,
    }
