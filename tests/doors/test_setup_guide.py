"""The guide through setup: every choice kept, every mend shown where it belongs, nothing saved before "save"."""

from __future__ import annotations

from typing import Any

import simcord

from bot.cards import Card
from bot.catalogue.messages import MessageCatalogue
from bot.cohorts.cohorts import SetupResult
from bot.errors import BadInput
from bot.people import Cohort
from bot.platforms.discord.setup_guide import DAYS
from tests.doors.conftest import Scene
from tests.doors.stub_house import Notes

BASICS = {"name": "Second years", "zone": "Europe/London", "time": "09:30", "country": "GB", "subdivision": "ENG"}
CONTACTS = {
    "site_protocol": "Ring the duty desk",
    "on_call": "Duty desk, 020",
    "coverage_hours": "Mon to Fri, 9 to 17",
    "escalate_after": "20",
}


async def start(scene: Scene) -> simcord.InteractionResult:
    return await scene.manager.slash(
        scene.channel, "setup start", name="Second years", zone="Europe/London", country="GB"
    )


def parts(shown: simcord.ResponseMessage) -> dict[str, dict[str, Any]]:
    """Return the components on a page by what they are for."""
    found = (child for row in shown.components for child in row["components"])
    return {child["custom_id"].split(":")[1].removeprefix("setup-"): child for child in found}


def page_of(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    return result.response


async def choose(scene: Scene, page: simcord.ResponseMessage, name: str, *values: Any) -> None:
    await scene.manager.select(page, custom_id=parts(page)[name]["custom_id"], values=list(values))


async def press(scene: Scene, page: simcord.ResponseMessage, name: str) -> simcord.InteractionResult:
    return await scene.manager.click(page, custom_id=parts(page)[name]["custom_id"])


async def test_the_whole_way_through_fills_the_whole_form(scene: Scene, notes: Notes, cohort: Cohort) -> None:
    notes.answers["cohorts.setup"] = SetupResult(cohort, Card("ready"), [])
    other = scene.guild.create_text_channel("supervisors")
    page = page_of(await start(scene))
    assert page.ephemeral
    await choose(scene, page, "channel", scene.channel)
    await choose(scene, page, "supervisors_channel", other)
    await choose(scene, page, "trainee_role", scene.trainee_role)
    await choose(scene, page, "supervisor_role", scene.supervisor_role)
    await press(scene, page, "next")
    await choose(scene, page, "days", "mon", "thu")
    await choose(scene, page, "alert_policy", "with text")
    third = scene.guild.create_text_channel("on-call")
    await choose(scene, page, "escalation_channel", third)
    await scene.manager.submit_modal(await press(scene, page, "basics"), BASICS)
    await scene.manager.submit_modal(await press(scene, page, "contacts"), CONTACTS)
    assert notes.of("cohorts.setup") == []
    await press(scene, page, "save")
    form = notes.only("cohorts.setup")["form"]
    assert (form.channel, form.supervisors_channel) == (str(scene.channel.id), str(other.id))
    assert (form.trainee_role, form.supervisor_role) == (str(scene.trainee_role.id), str(scene.supervisor_role.id))
    assert form.escalation_channel == str(third.id)
    assert (form.days, form.alert_policy) == ("mon,thu", "with text")
    assert {name: getattr(form, name) for name in BASICS | CONTACTS} == BASICS | CONTACTS
    assert page.embeds[0].description == "ready"


async def test_what_was_chosen_is_shown_again_on_the_way_back(scene: Scene) -> None:
    page = page_of(await start(scene))
    await choose(scene, page, "trainee_role", scene.trainee_role)
    await press(scene, page, "next")
    await press(scene, page, "back")
    known = parts(page)
    assert [str(value["id"]) for value in known["trainee_role"]["default_values"]] == [str(scene.trainee_role.id)]
    assert [str(value["id"]) for value in known["channel"]["default_values"]] == [str(scene.channel.id)]


async def test_a_field_to_mend_is_named_on_its_own_page_and_the_rest_is_kept(
    scene: Scene, notes: Notes, words: MessageCatalogue
) -> None:
    notes.answers["cohorts.setup"] = BadInput("cohorts.bad.supervisor_role", field="supervisor_role")
    page = page_of(await start(scene))
    await choose(scene, page, "trainee_role", scene.trainee_role)
    await press(scene, page, "next")
    await choose(scene, page, "days", *DAYS)
    await press(scene, page, "save")
    assert page.content == words.say("cohorts.bad.supervisor_role")
    assert "supervisor_role" in parts(page)
    notes.answers["cohorts.setup"] = BadInput("cohorts.bad.time", field="time", given="noonish")
    await press(scene, page, "next")
    await press(scene, page, "save")
    assert page.content == words.say("cohorts.bad.time", given="noonish")
    assert "days" in parts(page)
    form = notes.of("cohorts.setup")[-1]["form"]
    assert (form.trainee_role, form.days) == (str(scene.trainee_role.id), ",".join(DAYS))


async def test_saving_twice_is_one_cohort_by_its_token(scene: Scene, notes: Notes) -> None:
    notes.answers["cohorts.setup"] = BadInput("cohorts.bad.channel", field="time")
    page = page_of(await start(scene))
    await press(scene, page, "next")
    await press(scene, page, "save")
    await press(scene, page, "save")
    first, second = notes.of("cohorts.setup")
    assert first["token"] == second["token"]


async def test_a_form_holds_what_is_known_and_what_is_typed_there_is_heeded(scene: Scene, notes: Notes) -> None:
    page = page_of(await start(scene))
    await press(scene, page, "next")
    opened = await press(scene, page, "basics")
    assert opened.modal is not None
    values = {row["component"]["custom_id"]: row["component"].get("value") for row in opened.modal["components"]}
    assert (values["name"], values["zone"], values["time"]) == ("Second years", "Europe/London", "09:00")
    notes.calls.clear()
    notes.answers["care.typed"] = Card("a card of care")
    result = await scene.manager.submit_modal(opened, BASICS)
    assert {given["text"] for given in notes.of("care.typed")} == set(BASICS.values())
    assert "a card of care" in [shown.embeds[0].description for shown in result.followups]


async def test_nobody_else_can_press_somebodys_guide(scene: Scene, notes: Notes, words: MessageCatalogue) -> None:
    page = page_of(await start(scene))
    message = await scene.post((parts(page)["next"]["custom_id"], "x"))
    result = await scene.supervisor.click(message, label="x")
    assert page_of(result).content == words.say("discord.setup.forgotten")
    assert page_of(result).ephemeral
    assert scene.channel.last_message is not None
    assert scene.channel.last_message.content == "a card"  # what stands in the channel is never replaced


async def test_a_guide_from_before_a_restart_says_to_begin_again(
    scene: Scene, notes: Notes, words: MessageCatalogue, new_client: Any
) -> None:
    page = page_of(await start(scene))
    await scene.env.restart_bot(new_client())
    result = await press(scene, page, "next")
    assert [shown.content for shown in result.followups] == [words.say("discord.setup.forgotten")]
    assert page.embeds  # what she had chosen can still be read there


async def test_only_managers_and_supervisors_are_guided(scene: Scene, notes: Notes, words: MessageCatalogue) -> None:
    result = await scene.trainee.slash(scene.channel, "setup start", name="x", zone="UTC", country="GB")
    _ = scene.env.errors
    assert page_of(result).content == words.say("discord.error.not_allowed")


async def test_what_was_typed_into_a_forgotten_guide_is_screened(
    scene: Scene, notes: Notes, words: MessageCatalogue, new_client: Any
) -> None:
    page = page_of(await start(scene))
    await press(scene, page, "next")
    opened = await press(scene, page, "contacts")
    await scene.env.restart_bot(new_client())
    notes.calls.clear()
    await scene.manager.submit_modal(opened, CONTACTS)
    assert {given["text"] for given in notes.of("care.typed")} == set(CONTACTS.values())
