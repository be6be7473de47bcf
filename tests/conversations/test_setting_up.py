"""A supervisor sets her cohort up, in one command or step by step, and mends what was wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversations.scene import Scene
from tests.conversations.venue import COMMON, DAILY, SUPERVISORS, channel, role

NOT_YOURS = "That is not yours to do here."


def quick(**changes: Any) -> dict[str, Any]:
    """All that `/setup quick` needs."""
    return {
        "name": "Second years",
        "channel": channel(DAILY),
        "supervisors_channel": channel(SUPERVISORS),
        "trainee_role": role("trainee"),
        "supervisor_role": role("supervisor"),
        "zone": "Europe/London",
        "country": "GB",
        **changes,
    }


async def test_set_up_in_one_command_and_the_prompt_comes(bare: Scene) -> None:
    await (
        bare.with_("Ingrid")
        .uses("setup quick", at=SUPERVISORS, **quick())
        .sees_privately("is set up", "mon,tue,wed,thu,fri at 09:00 (Europe/London)")
        .sees_nothing_of("Missing before I can work")
        .then(lambda: bare.goes_to("2026-11-23 09:00"))
        .with_("Amara")
        .sees_in(DAILY, "Who can see that it was you")
        .sees_nothing_of("is set up")
    )


async def test_set_up_step_by_step(bare: Scene) -> None:
    await (
        bare.with_("Ingrid")
        .uses("setup start", at=COMMON, name="Second years", zone="Europe/London", country="GB")
        .sees_privately("A new cohort: where and who (1 of 2)")
        .chooses("setup-channel", channel(DAILY))
        .chooses("setup-supervisors_channel", channel(SUPERVISORS))
        .chooses("setup-trainee_role", role("trainee"))
        .chooses("setup-supervisor_role", role("supervisor"))
        .presses("Next")
        .sees_privately("A new cohort: when, and what if (2 of 2)")
        .chooses("setup-days", "tue", "thu")
        .chooses("setup-alert_policy", "only when the author asks")
        .presses("Site protocol, on call")
        .fills(site_protocol="Ring the desk.", on_call="Extension 9", coverage_hours="weekdays")
        .sees_privately("Ring the desk.", "Extension 9")
        .presses("Name, time, country")
        .fills(time="18:30")
        .presses("Save")
        .sees_privately("is set up", "tue,thu at 18:30 (Europe/London)", "Ring the desk.", "only when the author asks")
        .then(lambda: bare.goes_to("2026-11-24 18:29"))
        .with_("Amara")
        .sees_nothing_in(DAILY, "Who can see that it was you")
        .then(lambda: bare.goes_to("2026-11-24 18:30"))
        .sees_in(DAILY, "Who can see that it was you")
    )


async def test_a_wrong_field_is_named_and_the_rest_is_kept(bare: Scene) -> None:
    await (
        bare.with_("Ingrid")
        .uses("setup start", at=COMMON, name="Second years", zone="Londn", country="GB")
        .chooses("setup-channel", channel(DAILY))
        .chooses("setup-supervisors_channel", channel(SUPERVISORS))
        .chooses("setup-trainee_role", role("trainee"))
        .chooses("setup-supervisor_role", role("supervisor"))
        .presses("Next")
        .presses("Save")
        .sees_privately("I don't know the time zone “Londn”.", "Second years")
        .presses("Name, time, country")
        .fills(zone="europe/london")
        .presses("Save")
        .sees_privately("is set up", "(Europe/London)")
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zone": "Middle/Earth"}, "I don't know the time zone “Middle/Earth”."),
        ({"zone": "London"}, "Did you mean: Europe/London"),
        ({"time": "quarter past"}, "I can't read “quarter past” as a time."),
        pytest.param({"days": "someday"}, "I can't read “someday” as days.", id="days"),
        ({"country": "Atlantis"}, "I don't know the country “Atlantis”."),
        ({"supervisors_channel": channel(DAILY)}, "The supervisors' channel must be another one"),
        ({"supervisor_role": role("trainee")}, "Trainees and supervisors need two different roles"),
    ],
)
async def test_what_cannot_be_used_gets_one_sentence_with_the_mend(
    bare: Scene, wrong: dict[str, Any], said: str
) -> None:
    await bare.with_("Ingrid").uses("setup quick", **quick(**wrong)).sees_privately(said)
    assert await bare.venue.built.stores.cohorts.every() == []


async def test_a_channel_belongs_to_one_cohort(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("setup quick", **quick(name="Again"))
        .sees_privately("That channel belongs to the cohort “Second years” already.")
    )


async def test_a_trainee_sets_nothing_up(bare: Scene) -> None:
    await (
        bare.with_("Amara")
        .uses("setup quick", **quick(supervisors_channel=channel(COMMON)))
        .sees_privately(NOT_YOURS)
        .uses("setup start", name="Mine", zone="Europe/London", country="GB")
        .sees_privately(NOT_YOURS)
    )
    assert await bare.venue.built.stores.cohorts.every() == []


async def test_settings_are_seen_changed_and_obeyed(scene: Scene) -> None:
    await (
        scene.with_("Ingrid")
        .uses("setup show", at=SUPERVISORS)
        .sees_privately("The settings of", "09:00 (Europe/London)", "Ring the duty desk.")
        .uses("setup change", at=SUPERVISORS, field="time", value="10:15")
        .sees_privately("Changed.", "10:15 (Europe/London)")
        .uses("setup change", at=SUPERVISORS, field="zone", value="Mars/Base")
        .sees_privately("I don't know the time zone “Mars/Base”.")
        .then(lambda: scene.goes_to("2026-11-23 10:14"))
        .with_("Amara")
        .sees_nothing_in(DAILY, "Who can see that it was you")
        .then(lambda: scene.goes_to("2026-11-23 10:15"))
        .sees_in(DAILY, "Who can see that it was you")
    )


async def test_zones_and_countries_are_offered_while_typing(bare: Scene) -> None:
    offers = bare.venue.offers
    place = bare.venue.channels[DAILY]
    assert ("Europe/London", "Europe/London") in await offers("Ingrid", place, "setup quick", "zone", "lond")
    assert ("Germany (DE)", "DE") in await offers("Ingrid", place, "setup start", "country", "germ")


async def test_a_removed_cohort_is_gone_after_a_second_look(scene: Scene) -> None:
    assert scene.cohort is not None
    await (
        scene.with_("Ingrid")
        .uses("setup remove", at=SUPERVISORS, cohort=scene.cohort.id)
        .sees_privately("Remove this cohort?")
        .presses("Remove it for good")
        .sees_privately("is removed")
        .then(lambda: scene.goes_to("2026-11-23 12:00"))
        .with_("Amara")
        .sees_nothing_in(DAILY, "Who can see that it was you")
    )


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        ("send_messages", "Send Messages"),
        ("embed_links", "Embed Links"),
        ("create_public_threads", "Create Public Threads"),
        ("send_messages_in_threads", "Send Messages in Threads"),
        ("read_message_history", "Read Message History"),
        ("manage_threads", "Manage Threads"),
    ],
)
async def test_a_missing_permission_is_named_with_its_mend(bare: Scene, permission: str, name: str) -> None:
    await bare.venue.permit(DAILY, permission, False)
    await (
        bare.with_("Ingrid")
        .uses("setup quick", at=SUPERVISORS, **quick())
        .sees_privately("Missing before I can work", f"**{name}**", "Permissions, choose my role and allow")
        .then(lambda: bare.venue.permit(DAILY, permission, True))
        .uses("setup check", at=SUPERVISORS)
        .sees_privately("This is how")
    )
    assert "Missing before I can work" not in bare.venue.private("Ingrid")[-1].text


async def test_a_revoked_permission_is_told_and_once_mended_the_prompt_comes(scene: Scene) -> None:
    await scene.venue.permit(DAILY, "send_messages", False)
    await scene.goes_to("2026-11-23 09:00")
    await (
        scene.with_("Ingrid")
        .sees_in(SUPERVISORS, "I lack a permission.", scene.venue.not_let_in)
        .with_("Amara")
        .sees_nothing_in(DAILY, "Who can see that it was you")
        .then(lambda: scene.venue.permit(DAILY, "send_messages", True))
        .time_passes(hours=1)
        .sees_in(DAILY, "Who can see that it was you")
    )
    told = [m for m in scene.venue.standing("Ingrid", scene.venue.channels[SUPERVISORS]) if "lack" in m.text]
    assert len(told) == 1
    assert len(scene.venue.threads(DAILY)) == 1


async def test_a_deleted_channel_is_told_and_another_one_takes_the_prompt(scene: Scene) -> None:
    await scene.venue.delete_channel(DAILY)
    await scene.goes_to("2026-11-23 09:00")
    await (
        scene.with_("Ingrid")
        .sees_in(SUPERVISORS, "is gone, or I cannot see it. Choose a channel with /setup change.")
        .uses("setup change", at=SUPERVISORS, field="channel", value=f"<#{scene.venue.channels[COMMON]}>")
        .sees_privately("Changed.")
        .time_passes(hours=1)
        .with_("Amara")
        .sees_in(COMMON, "Who can see that it was you")
    )
    assert len(scene.venue.threads(COMMON)) == 1


async def test_deleted_supervisors_channel_costs_nobody_her_card(scene: Scene) -> None:
    await scene.morning()
    await scene.venue.delete_channel(SUPERVISORS)
    await (
        scene.with_("Amara")
        .presses("Respond anonymously")
        .types("I have decided to kill myself tonight. Goodbye.")
        .sees_privately("You matter here", "999", "I could not reach your supervisors just now")
    )
