"""Commands: worded, told to Discord when they changed, each one call, answered privately."""

from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from bot.cards import Card
from bot.catalogue.messages import MessageCatalogue
from bot.cohorts.cohorts import SetupResult
from bot.errors import BadInput, MessengerError, NotAllowed, NotFound, NotPermitted
from bot.people import Cohort, MessageRef, Place, Platform, Workspace
from bot.platforms.discord.client import ThirdChairClient
from bot.platforms.discord.commands import worded
from bot.responses.outcomes import Invitation
from cogs.help import SECTIONS
from tests.doors.conftest import Scene
from tests.doors.stub_house import Notes

CANARY = "heron under the plum tree"

ONE_CALL: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "prompt": ("prompts.on_demand", {}, {"kind": "prompt"}),
    "vignette": ("prompts.on_demand", {}, {"kind": "vignette"}),
    "why": ("prompts.why", {}, {}),
    "pin": ("prompts.pin", {"item": "c1/i1"}, {"cohort_id": "c1", "item_id": "i1"}),
    "pause": ("moderation.pause", {"until": "2027-01-07"}, {"until": "2027-01-07"}),
    "resume": ("moderation.resume", {}, {}),
    "audit": ("moderation.audit", {}, {}),
    "posting next": ("parts.release", {}, {"posting_id": "p7"}),
    "posting lock": ("moderation.lock", {}, {"posting_id": "p7"}),
    "posting unlock": ("moderation.unlock", {}, {"posting_id": "p7"}),
    "posting close": ("moderation.close", {}, {"posting_id": "p7"}),
    "posting reopen": ("moderation.reopen", {}, {"posting_id": "p7"}),
    "session add": (
        "supervision.add",
        {"title": "Group", "every": "two weeks", "date": "2027-01-07", "time": "14:30", "minutes": 90, "where": "R 2"},
        {"title": "Group", "every": "two weeks", "date_text": "2027-01-07", "time_text": "14:30", "minutes": 90},
    ),
    "session list": ("supervision.list", {}, {}),
    "session end": ("supervision.end", {"session": "s1"}, {"session_id": "s1"}),
    "reminders": ("supervision.set_dm", {"dm": "on"}, {"wanted": True}),
    "resources": ("care.resources", {"country": "FR"}, {"country": "FR"}),
    "me country": ("privacy.set_country", {"country": "FR"}, {"text": "FR"}),
    "me language": ("privacy.set_locale", {"language": "fr"}, {"text": "fr"}),
    "me show": ("privacy.show", {}, {}),
    "me forget": ("privacy.forget_me", {}, {}),
    "privacy": ("privacy.statement", {}, {}),
    "supervisor screen-test": ("feedback.try_out", {"sentence": "a sentence"}, {"sentence": "a sentence"}),
    "supervisor screen-report": ("feedback.report", {}, {}),
    "hold raise": ("arranging.raise_hold", {"flag": "client-death"}, {"flag": "client-death"}),
    "hold lower": ("arranging.lower_hold", {"flag": "client-death"}, {"flag": "client-death"}),
    "hold show": ("arranging.arrangements", {}, {}),
    "season set": (
        "arranging.set_season",
        {"season": "break", "first": "2027-01-07", "last": "2027-01-28"},
        {"season": "break", "first_text": "2027-01-07", "last_text": "2027-01-28"},
    ),
    "season clear": ("arranging.end_season", {"season": "break"}, {"season": "break"}),
    "release": ("arranging.show_held", {"item": "c1/i1"}, {"cohort_id": "c1", "item_id": "i1"}),
    "retire": ("arranging.retire", {"item": "c1/i1"}, {"cohort_id": "c1", "item_id": "i1"}),
    "request": ("arranging.request", {"theme": "silence"}, {"theme": "silence"}),
    "curriculum start": ("curricula.start", {"sequence": "first-twelve-weeks"}, {"sequence_id": "first-twelve-weeks"}),
    "curriculum status": ("curricula.status", {}, {}),
    "curriculum skip": ("curricula.skip", {}, {}),
    "curriculum stop": ("curricula.stop", {}, {}),
    "setup show": ("cohorts.show", {"cohort": "c1"}, {"cohort_id": "c1"}),
}


def client_of(scene: Scene) -> ThirdChairClient:
    assert isinstance(scene.env.bot, ThirdChairClient)
    return scene.env.bot


@pytest.mark.parametrize("command", ONE_CALL)
async def test_a_command_makes_one_call_and_is_answered_privately(scene: Scene, notes: Notes, command: str) -> None:
    verb, options, given = ONE_CALL[command]
    notes.answers["moderation.posting_at"] = "p7"
    notes.watch = lambda: scene.env.http_requests[-1].path
    result = await scene.supervisor.slash(scene.channel, command, **options)
    assert notes.seen[0].endswith("/callback")  # acknowledged before any feature was called
    called = notes.only(verb)
    assert {name: called[name] for name in given} == given
    assert called["caller"].member.id == str(scene.supervisor.id)
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.embeds[0].description == verb


async def test_preview_shows_a_card_a_day(scene: Scene, notes: Notes) -> None:
    notes.answers["prompts.preview"] = [Card("monday"), Card("tuesday")]
    result = await scene.supervisor.slash(scene.channel, "preview")
    shown = [found for found in (result.response, *result.followups) if found]
    assert [found.embeds[0].description for found in shown] == ["monday", "tuesday"]
    assert all(found.ephemeral for found in shown)


def test_everything_that_people_read_in_commands_is_worded_and_fits(scene: Scene, words: MessageCatalogue) -> None:
    tree = client_of(scene).tree
    for command in tree.get_commands():
        _check(worded(command.to_dict(tree), words))


def _check(payload: dict[str, Any]) -> None:
    if payload.get("type", 1) in (2, 3):
        return
    assert 1 <= len(payload["description"]) <= 100
    for choice in payload.get("choices") or ():
        assert 1 <= len(choice["name"]) <= 100
    for option in payload.get("options") or ():
        _check({**option, "type": 1})


def test_discord_is_given_the_words_of_every_language(scene: Scene, words: MessageCatalogue) -> None:
    tree = client_of(scene).tree
    payloads = {command.name: worded(command.to_dict(tree), words) for command in tree.get_commands()}
    assert payloads["help"]["description_localizations"]["es-419"] == words.say(
        "discord.command.help.description", "es"
    )
    field = next(option for option in payloads["setup"]["options"] if option["name"] == "change")["options"][0]
    named = {choice["value"]: choice["name_localizations"]["es-ES"] for choice in field["choices"]}
    assert named["language"] == "Idioma"
    menu = words.say("discord.menu.flag")
    assert payloads[menu]["name_localizations"]["es-ES"] == words.say("discord.menu.flag", "es")


def test_only_what_needs_no_cohort_is_offered_in_direct_messages(scene: Scene) -> None:
    anywhere = {command.name for command in client_of(scene).tree.get_commands() if not command.guild_only}
    assert anywhere == {"resources", "help", "me", "privacy"}


async def test_discord_is_told_of_commands_only_when_they_changed(scene: Scene, new_client, words) -> None:
    told = [entry for entry in scene.env.http_requests if entry.method == "PUT" and entry.path.endswith("/commands")]
    assert len(told) == 1
    await scene.env.restart_bot(new_client())
    again = [entry for entry in scene.env.http_requests if entry.method == "PUT" and entry.path.endswith("/commands")]
    assert len(again) == len(told)


def test_help_knows_every_command(scene: Scene) -> None:
    tree = client_of(scene).tree
    there = {
        command.qualified_name
        for command in tree.walk_commands()
        if not isinstance(command, discord.app_commands.Group)
    }
    assert {name for section in SECTIONS.values() for name in section} == there


@pytest.mark.parametrize(("who", "sees"), [("trainee", False), ("manager", True)])
async def test_help_shows_a_role_its_own_commands(scene: Scene, who: str, sees: bool) -> None:
    result = await getattr(scene, who).slash(scene.channel, "help")
    assert result.response is not None
    fields = " ".join(field.value or "" for field in result.response.embeds[0].fields)
    assert ("/setup start" in fields) is sees
    assert "/resources" in fields


async def test_resources_works_in_direct_messages(scene: Scene, notes: Notes, simcord_env: simcord.Env) -> None:
    result = await simcord_env.create_user("solo").slash("resources")
    called = notes.only("care.resources")
    assert called["place"] is None
    assert called["caller"].workspace == Workspace(Platform.DISCORD, "@me")
    assert called["caller"].roles == frozenset()
    assert not called["caller"].manages_workspace
    assert result.response is not None


async def test_in_a_thread_the_thread_is_the_place_and_its_channel_the_room(scene: Scene, notes: Notes) -> None:
    thread = await _thread(scene)
    await scene.trainee.slash(thread, "why")
    await scene.trainee.slash(thread, "resources")
    workspace = Workspace(Platform.DISCORD, str(scene.guild.id))
    assert notes.only("prompts.why")["place"] == Place(workspace, str(thread.id))
    assert notes.only("care.resources")["place"] == Place(workspace, str(scene.channel.id))


MENUS = [("moderate", "moderation.menu"), ("flag", "moderation.flag_message"), ("bring", "bringing.bring")]


@pytest.mark.parametrize(("menu", "verb"), MENUS)
async def test_menus_on_a_message_pass_the_message_on(
    scene: Scene, notes: Notes, words: MessageCatalogue, menu: str, verb: str
) -> None:
    message = await scene.post(("tc:flag:r1", "Flag"))
    result = await scene.supervisor.context_menu(scene.channel, words.say(f"discord.menu.{menu}"), message)
    place = Place(Workspace(Platform.DISCORD, str(scene.guild.id)), str(scene.channel.id))
    assert notes.only(verb)["message"] == MessageRef(place, str(message.id))
    assert result.ephemeral


async def test_what_is_typed_is_heeded_before_anything_else(scene: Scene, notes: Notes) -> None:
    notes.answers["care.typed"] = Card("a card of care")
    options = {"title": "Group", "every": "once", "date": "2027-01-07", "time": "14:30"}
    result = await scene.supervisor.slash(scene.channel, "session add", **options)
    assert [given["text"] for given in notes.of("care.typed")] == ["Group", "2027-01-07", "14:30"], "not fixed choices"
    assert result.response is not None
    assert result.response.embeds[0].description == "a card of care"
    shown = [each.embeds[0].description for each in result.followups]
    assert shown == ["a card of care", "a card of care", "supervision.add"]


async def test_every_text_that_a_command_takes_is_heeded_but_a_screen_test(
    scene: Scene, notes: Notes, cohort: Cohort
) -> None:
    notes.answers["cohorts.change"] = SetupResult(cohort, Card("changed"), [])
    options = {
        "setup start": {"name": "Second", "zone": "Europe/London", "country": "GB"},
        "setup show": {"cohort": "c1"},
        "setup change": {"field": "name", "value": "Third"},
        "setup remove": {"cohort": "c2"},
        "pin": {"item": "c1/i1"},
        "release": {"item": "c1/i2"},
        "retire": {"item": "c1/i3"},
        "library show": {"item": "c1/i4"},
        "request": {"theme": "silence"},
        "curriculum start": {"sequence": "twelve"},
        "season set": {"season": "break", "first": "one day", "last": "another"},
        "pause": {"until": "never"},
        "session end": {"session": "s1"},
        "resources": {"country": "FR"},
        "me country": {"country": "IE"},
        "me language": {"language": "fr"},
        "supervisor screen-test": {"sentence": CANARY},
    }
    for command, given in options.items():
        await scene.manager.slash(scene.channel, command, **given)
    heeded = {given["text"] for given in notes.of("care.typed")}
    planned = {"c1/i1", "c1/i2", "c1/i3", "c1/i4", "silence", "twelve", "one day", "another"}
    assert heeded == {"Second", "Europe/London", "GB", "c1", "Third", "c2", "never", "s1", "FR", "IE", "fr", *planned}
    taken = {
        each.qualified_name
        for each in client_of(scene).tree.walk_commands()
        if isinstance(each, app_commands.Command)
        and any(p.type is discord.AppCommandOptionType.string and not p.choices for p in each.parameters)
    }
    # Two open a form first, and are heeded with it or with what went wrong (tests/conversations/test_library.py).
    with_a_form = {"library add", "suggest"}
    known = {*options, *with_a_form, "session add", "setup quick", "setup check"}
    assert taken == known, "a new one belongs into this test"


async def test_words_in_a_form_that_leads_nowhere_are_heeded_once(scene: Scene, notes: Notes) -> None:
    notes.answers |= {
        "responses.begin": Invitation("t", "l", "p", 4000),
        "responses.submit": NotFound("gone"),
        "care.typed": Card("a card of care"),
    }
    message = await scene.post(("tc:respond:p1", "Respond"))
    opened = await scene.trainee.click(message, custom_id="tc:respond:p1")
    result = await scene.trainee.submit_modal(opened, {"text": CANARY})
    assert notes.only("care.typed")["text"] == CANARY
    assert result.response is not None
    shown = [
        each.embeds[0].description if each.embeds else each.content for each in (result.response, *result.followups)
    ]
    assert shown[0] == "a card of care"
    assert CANARY in str(shown[-1]), "and given back"


async def test_a_missed_message_is_told_by_its_menu(scene: Scene, notes: Notes, words: MessageCatalogue) -> None:
    message = await scene.post(("tc:flag:r1", "Flag"))
    await scene.trainee.context_menu(scene.channel, words.say("discord.menu.missed"), message)
    given = notes.only("feedback.missed")
    assert (given["message"].id, given["text"]) == (str(message.id), "a card")


@pytest.mark.parametrize(
    ("error", "key", "values"),
    [
        (NotAllowed(), "discord.error.not_allowed", {}),
        (BadInput("cohorts.none"), "cohorts.none", {}),
        (BadInput("moderation.pause_date", given="soon"), "moderation.pause_date", {"given": "soon"}),
        (NotPermitted("Manage Threads"), "discord.error.not_permitted", {"permission": "Manage Threads"}),
    ],
)
async def test_each_refusal_is_one_sentence_with_the_mend(
    scene: Scene, notes: Notes, words: MessageCatalogue, error: Exception, key: str, values: dict[str, str]
) -> None:
    notes.answers["moderation.resume"] = error
    result = await scene.supervisor.slash(scene.channel, "resume")
    _ = scene.env.errors  # the tree hands every refusal to our handler; here it is what was asked for
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.content == words.say(key, **values)


async def test_the_unexpected_is_logged_without_words_and_told_with_a_reference(
    scene: Scene, notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    notes.answers["moderation.resume"] = ValueError(CANARY)
    result = await scene.supervisor.slash(scene.channel, "resume")
    _ = scene.env.errors
    assert result.response is not None
    reference = result.response.content.rstrip(".").rsplit(" ", 1)[-1]
    assert reference in caplog.text
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text
    assert str(scene.supervisor.id) not in caplog.text


async def test_a_messenger_error_of_no_special_kind_is_told_too(scene: Scene, notes: Notes) -> None:
    notes.answers["moderation.resume"] = MessengerError("Discord refused with status 400, code 50035")
    result = await scene.supervisor.slash(scene.channel, "resume")
    _ = scene.env.errors
    assert result.response is not None
    assert "reference" in result.response.content


async def test_items_sessions_zones_and_countries_are_offered_while_typing(scene: Scene, notes: Notes) -> None:
    notes.answers["prompts.find_items"] = [("c1/i1", "When the thank-you lands")]
    notes.answers["supervision.choices"] = [("s1", "Group on Tuesdays"), ("s2", "Case seminar")]
    supervisor, channel = scene.supervisor, scene.channel
    assert [o["value"] for o in await supervisor.autocomplete(channel, "pin", "item", "thank")] == ["c1/i1"]
    assert [o["value"] for o in await supervisor.autocomplete(channel, "session end", "session", "case")] == ["s2"]
    zones = [o["value"] for o in await supervisor.autocomplete(channel, "setup start", "zone", "lond")]
    assert zones == ["Europe/London"]
    countries = await supervisor.autocomplete(channel, "me country", "country", "fran")
    assert countries == [{"name": "France (FR)", "value": "FR"}]


async def test_a_failing_offer_is_an_empty_offer(scene: Scene, notes: Notes) -> None:
    notes.answers["prompts.find_items"] = BadInput("cohorts.none")
    assert await scene.trainee.autocomplete(scene.channel, "pin", "item", "x") == []


async def test_setting_up_in_one_command_fills_the_whole_form(scene: Scene, notes: Notes, cohort: Cohort) -> None:
    notes.answers["cohorts.setup"] = SetupResult(cohort, Card("ready"), [])
    other = scene.guild.create_text_channel("supervisors")
    await scene.manager.slash(
        scene.channel,
        "setup quick",
        name="Second years",
        channel=scene.channel,
        supervisors_channel=other,
        trainee_role=scene.trainee_role,
        supervisor_role=scene.supervisor_role,
        zone="Europe/London",
        country="GB",
        alert_policy="with text",
    )
    form = notes.only("cohorts.setup")["form"]
    assert (form.name, form.channel, form.supervisors_channel) == ("Second years", str(scene.channel.id), str(other.id))
    assert (form.trainee_role, form.supervisor_role) == (str(scene.trainee_role.id), str(scene.supervisor_role.id))
    assert (form.zone, form.country, form.alert_policy) == ("Europe/London", "GB", "with text")


async def test_changing_a_setting_takes_a_mention_for_its_id(scene: Scene, notes: Notes, cohort: Cohort) -> None:
    notes.answers["cohorts.change"] = SetupResult(cohort, Card("changed"), [])
    await scene.manager.slash(scene.channel, "setup change", field="channel", value=f"<#{scene.channel.id}>")
    given = notes.only("cohorts.change")
    assert (given["field"], given["value"]) == ("channel", str(scene.channel.id))


async def test_removing_asks_first(scene: Scene, notes: Notes) -> None:
    asked = await scene.manager.slash(scene.channel, "setup remove", cohort="c1")
    assert notes.of("cohorts.remove") == []
    assert asked.response is not None
    await scene.manager.click(asked.response, custom_id="tc:setup-remove:c1")
    assert notes.only("cohorts.remove")["cohort_id"] == "c1"


async def _thread(scene: Scene) -> simcord.ChannelHandle:
    message = await scene.post(("tc:respond:p1", "Respond"))
    await message.create_thread(name="today")
    return scene.channel.threads[0]
