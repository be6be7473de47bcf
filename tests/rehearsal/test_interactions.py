"""Slash commands, buttons, menus and forms between a person and the bot, and the deadlines on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from rehearsal import demo
from rehearsal.clock import ManualStopwatch
from rehearsal.discord.door import DiscordDoor
from rehearsal.discord.errors import Refused
from tests.rehearsal.stage import AMARA, BENCE, INGRID, Bot, Watching

Watch = Callable[[int], Watching]


class Note(discord.ui.Modal, title="A note"):
    body: discord.ui.Label[Any] = discord.ui.Label(
        text="What stays with you?", component=discord.ui.TextInput(custom_id="body", max_length=100)
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        written = self.body.component
        assert isinstance(written, discord.ui.TextInput)
        await interaction.response.send_message(f"kept: {written.value}", ephemeral=True)
        await interaction.followup.send("thank you", ephemeral=True)


class Card(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Answer", custom_id="answer")
    async def answer(self, interaction: discord.Interaction[Any], _: discord.ui.Button[Any]) -> None:
        await interaction.response.send_modal(Note(custom_id="note"))

    @discord.ui.select(custom_id="mood", options=[discord.SelectOption(label=x, value=x) for x in ("calm", "tired")])
    async def mood(self, interaction: discord.Interaction[Any], menu: discord.ui.Select[Any]) -> None:
        await interaction.response.edit_message(content=f"mood: {menu.values[0]}")

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="whom")
    async def whom(self, interaction: discord.Interaction[Any], menu: discord.ui.UserSelect[Any]) -> None:
        await interaction.response.send_message(f"chose {menu.values[0].display_name}", ephemeral=True)


async def with_commands(bot: Bot) -> None:
    @bot.tree.command(description="Say something back")
    @app_commands.describe(word="What to say", times="How often")
    async def echo(interaction: discord.Interaction[Any], word: str, times: app_commands.Range[int, 1, 3] = 1) -> None:
        await interaction.response.send_message(" ".join([word] * times))

    @echo.autocomplete("word")
    async def words(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=current + end, value=current + end) for end in ("s", "ed")]

    group = app_commands.Group(name="cohort", description="Cohorts", default_permissions=discord.Permissions(8192))

    @group.command(description="Greet")
    async def greet(interaction: discord.Interaction[Any], whom: discord.Member) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"hello {whom.display_name}")

    @bot.tree.context_menu(name="Flag")
    async def flag(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await interaction.response.send_message(f"flagged {message.content}", ephemeral=True)

    bot.tree.add_command(group)
    await bot.tree.sync()


async def test_a_slash_command_is_answered_in_the_channel(bot: Bot, door: DiscordDoor, watch: Watch) -> None:
    await with_commands(bot)
    bence = watch(BENCE)
    await door.people.command(AMARA, demo.DAILY_REFLECTION, "echo", {"word": "warm", "times": 2})
    shown = await bence.until("message_create")
    assert shown["content"] == "warm warm"
    assert shown["interaction_metadata"]["user"]["id"] == str(AMARA)


async def test_autocomplete_offers_the_bots_choices(bot: Bot, door: DiscordDoor) -> None:
    await with_commands(bot)
    choices = await door.people.autocomplete(AMARA, demo.DAILY_REFLECTION, "echo", {"word": "rest"}, "word")
    assert [choice["value"] for choice in choices] == ["rests", "rested"]


async def test_a_deferred_answer_thinks_and_then_speaks_to_its_owner_alone(
    bot: Bot, door: DiscordDoor, watch: Watch
) -> None:
    await with_commands(bot)
    ingrid, amara = watch(INGRID), watch(AMARA)
    await door.people.command(INGRID, demo.DAILY_REFLECTION, "cohort", {"greet": {"whom": str(BENCE)}})
    thinking = await ingrid.until("thinking")
    shown = await ingrid.until("ephemeral_update")
    assert (shown["content"], shown["id"]) == ("hello Bence", thinking["message_id"])
    assert shown["flags"] == 64
    assert amara.kinds() == []
    assert str(demo.DAILY_REFLECTION) not in (await door.people.snapshot(AMARA))["ephemerals"]


async def test_a_command_for_supervisors_is_not_there_for_a_trainee(bot: Bot, door: DiscordDoor) -> None:
    await with_commands(bot)
    names = {command["name"] for command in (await door.people.snapshot(AMARA))["commands"]}
    assert names == {"echo", "Flag"}
    with pytest.raises(Refused):
        await door.people.command(AMARA, demo.DAILY_REFLECTION, "cohort", {"greet": {"whom": str(BENCE)}})


@pytest.mark.parametrize(
    ("options", "part"),
    [({}, "needed"), ({"word": "a", "times": 9}, "large"), ({"word": "a", "shout": 1}, "no option")],
)
async def test_options_that_do_not_fit_are_refused(bot: Bot, door: DiscordDoor, options: Any, part: str) -> None:
    await with_commands(bot)
    with pytest.raises(Refused, match=part):
        await door.people.command(AMARA, demo.DAILY_REFLECTION, "echo", options)


async def test_a_message_menu_carries_the_message(bot: Bot, door: DiscordDoor, watch: Watch) -> None:
    await with_commands(bot)
    spoken = await door.people.send(BENCE, demo.COMMON_ROOM, "hm")
    amara = watch(AMARA)
    await door.people.command(AMARA, demo.COMMON_ROOM, "Flag", target_id=spoken["id"])
    assert (await amara.until("ephemeral_create"))["content"] == "flagged hm"


async def test_a_button_opens_a_form_whose_answer_only_its_author_sees(
    bot: Bot, door: DiscordDoor, watch: Watch
) -> None:
    card = await bot.room.send("Today", view=Card())
    amara, bence = watch(AMARA), watch(BENCE)
    await door.people.press(AMARA, card.id, "answer")
    form = await amara.until("modal_open")
    assert (form["title"], form["components"][0]["label"]) == ("A note", "What stays with you?")

    with pytest.raises(Refused, match="needed"):
        await door.people.submit_modal(AMARA, form["modal_id"], {})
    with pytest.raises(Refused, match="at most 100"):
        await door.people.submit_modal(AMARA, form["modal_id"], {"body": "x" * 101})
    with pytest.raises(Refused, match="no longer open"):
        await door.people.submit_modal(BENCE, form["modal_id"], {"body": "x"})

    await door.people.submit_modal(AMARA, form["modal_id"], {"body": "silence"})
    answer, thanks = await amara.until("ephemeral_create"), await amara.until("ephemeral_create")
    assert (answer["content"], thanks["content"]) == ("kept: silence", "thank you")
    assert bence.kinds() == []
    with pytest.raises(Refused, match="gone"):
        await door.people.press(BENCE, answer["id"], "answer")
    assert [m.content async for m in bot.room.history()] == ["Today"]

    await door.people.delete(AMARA, answer["id"])
    kept = (await door.people.snapshot(AMARA))["ephemerals"][str(demo.DAILY_REFLECTION)]
    assert [message["content"] for message in kept] == ["thank you"]


async def test_a_menu_changes_its_message_for_everybody(bot: Bot, door: DiscordDoor, watch: Watch) -> None:
    card = await bot.room.send("Today", view=Card())
    bence = watch(BENCE)
    with pytest.raises(Refused, match="list"):
        await door.people.select(AMARA, card.id, "mood", ["furious"])
    await door.people.select(AMARA, card.id, "mood", ["tired"])
    assert (await bence.until("message_update"))["content"] == "mood: tired"

    amara = watch(AMARA)
    await door.people.select(AMARA, card.id, "whom", [str(INGRID)])
    assert (await amara.until("ephemeral_create"))["content"] == "chose Ingrid"


class Silent(Bot):
    """A bot that keeps interactions and answers only when a test does it."""

    async def caught(self) -> discord.Interaction[Any]:
        interaction: discord.Interaction[Any] = (await self.until("interaction"))[0]
        return interaction


async def test_three_seconds_without_an_answer_fail(
    start_bot: Callable[..., Any], door: DiscordDoor, stopwatch: ManualStopwatch, watch: Watch
) -> None:
    bot = await start_bot(Silent())
    message = await bot.room.send("press", view=discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x")))
    amara = watch(AMARA)
    pressed = await door.people.press(AMARA, message.id, "x")
    interaction = await bot.caught()
    stopwatch.pass_time(2.9)
    assert "interaction_failed" not in amara.kinds()
    stopwatch.pass_time(0.1)
    assert (await amara.until("interaction_failed")) == {"id": pressed, "reason": "This interaction failed"}
    with pytest.raises(discord.NotFound) as late:
        await interaction.response.send_message("too late")
    assert late.value.code == 10062


async def test_moving_the_bots_clock_fails_no_interaction(
    start_bot: Callable[..., Any], door: DiscordDoor, watch: Watch
) -> None:
    bot = await start_bot(Silent())
    message = await bot.room.send("press", view=discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x")))
    await door.people.press(AMARA, message.id, "x")
    interaction = await bot.caught()
    await door.world.clock.advance(timedelta(days=1))
    answered = await interaction.response.send_message("still here", ephemeral=True)
    assert answered.message_id is not None


async def test_an_interaction_is_acknowledged_once_and_its_token_ends_after_fifteen_minutes(
    start_bot: Callable[..., Any], door: DiscordDoor, stopwatch: ManualStopwatch
) -> None:
    bot = await start_bot(Silent())
    message = await bot.room.send("press", view=discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x")))
    await door.people.press(AMARA, message.id, "x")
    interaction = await bot.caught()
    await interaction.response.defer()
    again = discord.InteractionResponse(interaction)
    with pytest.raises(discord.HTTPException) as twice:
        await again.send_message("again")
    assert twice.value.code == 40060

    stopwatch.pass_time(15 * 60 - 1)
    original = await interaction.edit_original_response(content="pressed")
    assert (original.id, original.content) == (message.id, "pressed")
    stopwatch.pass_time(2)
    with pytest.raises(discord.HTTPException) as ended:
        await interaction.followup.send("hello?")
    assert ended.value.code == 50027


async def test_an_original_answer_can_be_read_changed_and_deleted(
    start_bot: Callable[..., Any], door: DiscordDoor, watch: Watch
) -> None:
    bot = await start_bot(Silent())
    message = await bot.room.send("press", view=discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x")))
    amara = watch(AMARA)
    await door.people.press(AMARA, message.id, "x")
    interaction = await bot.caught()
    await interaction.response.send_message("one", ephemeral=True)
    assert (await interaction.original_response()).content == "one"
    await interaction.edit_original_response(content="two")
    assert (await amara.until("ephemeral_update"))["content"] == "two"
    await interaction.delete_original_response()
    assert (await amara.until("ephemeral_delete"))["channel_id"] == str(demo.DAILY_REFLECTION)
    with pytest.raises(discord.NotFound) as gone:
        await interaction.edit_original_response(content="three")
    assert gone.value.code == 10008


def labelled(**changes: Any) -> dict[str, Any]:
    field = {"type": 4, "custom_id": "f", "style": 1, **changes}
    return {"type": 18, "label": "l", "component": field}


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"type": 4, "data": {"content": "x" * 2001}}, "data.content"),
        ({"type": 9, "data": {"custom_id": "c", "title": "t" * 46, "components": [labelled()]}}, "data.title"),
        (
            {"type": 9, "data": {"custom_id": "c", "title": "t", "components": [labelled() | {"label": "l" * 46}]}},
            "data.components.0.label",
        ),
        (
            {"type": 9, "data": {"custom_id": "c", "title": "t", "components": [labelled(max_length=4001)]}},
            "data.components.0.component.max_length",
        ),
        ({"type": 9, "data": {"custom_id": "c", "title": "t", "components": []}}, "data.components"),
        ({"type": 8, "data": {"choices": []}}, "type"),
        ({"type": 77}, "type"),
    ],
)
async def test_a_malformed_answer_is_named_and_the_interaction_stays_open(
    start_bot: Callable[..., Any], http: aiohttp.ClientSession, door: DiscordDoor, answer: Any, field: str
) -> None:
    bot = await start_bot(Silent())
    message = await bot.room.send("press", view=discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x")))
    await door.people.press(AMARA, message.id, "x")
    interaction = await bot.caught()
    path = f"interactions/{interaction.id}/{interaction.token}/callback"
    async with http.post(path, json=answer) as refused:
        problem = await refused.json()
    assert (refused.status, problem["code"]) == (400, 50035)
    node = problem["errors"]
    for part in field.split("."):
        node = node[part]
    assert node["_errors"]
    async with http.post(path, json={"type": 6}) as accepted:
        assert accepted.status == 204


async def test_commands_are_kept_by_name_and_checked(bot: Bot, http: aiohttp.ClientSession, watch: Watch) -> None:
    path = f"applications/{demo.APPLICATION}/guilds/{demo.GUILD}/commands"
    amara = watch(AMARA)
    async with http.put(path, json=[{"name": "why", "description": "one"}]) as first:
        (before,) = await first.json()
    await amara.until("commands_changed")
    async with http.put(
        path, json=[{"name": "why", "description": "two"}, {"name": "how", "description": "x"}]
    ) as then:
        after = {command["name"]: command for command in await then.json()}
    assert after["why"]["id"] == before["id"]
    assert after["why"]["version"] != before["version"]
    wrong = [{"name": "Big Name", "description": ""}]
    async with http.put(path, json=wrong) as refused:
        assert set((await refused.json())["errors"]["0"]) == {"name", "description"}
    options = [
        {"name": "a", "description": "a", "type": 3},
        {"name": "b", "description": "b", "type": 3, "required": True},
    ]
    async with http.post(path, json={"name": "x", "description": "x", "options": options}) as refused:
        assert set((await refused.json())["errors"]["options"]) == {"1"}
    async with http.delete(f"{path}/{before['id']}") as gone:
        assert gone.status == 204
    assert [command.name for command in await bot.tree.fetch_commands(guild=discord.Object(demo.GUILD))] == ["how"]


async def test_a_fully_deferred_update_edits_the_pressed_message_for_everybody(
    start_bot: Callable[..., Any], door: DiscordDoor, watch: Watch
) -> None:
    bot = await start_bot(Silent())
    message = await bot.room.send("press", view=discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x")))
    bence = watch(BENCE)
    await door.people.press(AMARA, message.id, "x")
    interaction = await bot.caught()
    await interaction.response.defer()
    await interaction.followup.send("for you", ephemeral=True)
    await interaction.followup.send("for all")
    assert (await bence.until("message_create"))["content"] == "for all"
    assert "ephemeral_create" not in bence.kinds()


async def test_a_token_reaches_only_its_own_messages(start_bot: Callable[..., Any], door: DiscordDoor) -> None:
    bot = await start_bot(Silent())
    other = await bot.room.send("not yours")
    message = await bot.room.send("press", view=discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x")))
    await door.people.press(AMARA, message.id, "x")
    interaction = await bot.caught()
    await interaction.response.send_message("first")
    follow_up = await interaction.followup.send("second", wait=True)
    await interaction.followup.edit_message(follow_up.id, content="changed")
    with pytest.raises(discord.NotFound):
        await interaction.followup.edit_message(other.id, content="changed")
    written = [m.content async for m in bot.room.history(limit=3)]
    assert written == ["changed", "first", "press"]


async def test_a_message_that_was_deleted_meanwhile_cannot_be_updated(
    start_bot: Callable[..., Any], door: DiscordDoor
) -> None:
    bot = await start_bot(Silent())
    message = await bot.room.send("press", view=discord.ui.View().add_item(discord.ui.Button(label="x", custom_id="x")))
    await door.people.press(AMARA, message.id, "x")
    interaction = await bot.caught()
    await message.delete()
    with pytest.raises(discord.NotFound) as gone:
        await interaction.response.edit_message(content="pressed")
    assert gone.value.code == 10008
