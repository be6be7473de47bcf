"""The page in a real browser: the bot's buttons, menus, forms and commands."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from rehearsal import demo
from rehearsal.discord.interactions import ANSWER_WITHIN
from tests.page.conftest import Look, Stage
from tests.page.small_bot import SmallBot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]
AMARA, BENCE, INGRID = demo.TRAINEES["Amara"][0], demo.TRAINEES["Bence"][0], demo.SUPERVISING["Ingrid"][0]
ROOM, PROMPTS = demo.COMMON_ROOM, demo.DAILY_REFLECTION
WORDS = "I noticed the quiet in the room."


async def open_form(page: Page) -> None:
    await page.click("button:has-text('Respond anonymously')")
    await expect(page.locator("dialog h2")).to_have_text("Your anonymous response")


async def submit(page: Page) -> None:
    await page.click("dialog button[type=submit]")


async def test_a_form_is_answered_for_its_owners_eyes_only(stage: Stage, bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    amara, bence = await look(AMARA, PROMPTS), await look(BENCE, PROMPTS)
    await open_form(amara)
    await expect(bence.locator("dialog")).to_have_count(0)
    await amara.keyboard.type(WORDS)
    await submit(amara)
    note = amara.locator(".message.ephemeral")
    await expect(note).to_contain_text(f"Posted: {WORDS}")
    await expect(note).to_contain_text("Only you can see this")
    await expect(amara.locator("dialog")).to_have_count(0)
    await stage.door.people.send(INGRID, PROMPTS, "A sign that everything before it has arrived")
    await expect(bence.locator(".message")).to_have_count(2)
    await expect(bence.locator("body")).not_to_contain_text(WORDS)
    await note.get_by_text("Dismiss").click()
    await expect(note).to_have_count(0)
    await amara.reload()
    await expect(amara.locator(".message")).to_have_count(2)
    await expect(note).to_have_count(0)


async def test_a_form_in_one_window_does_not_open_in_the_persons_other_window(bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    here, there = await look(AMARA, PROMPTS), await look(AMARA, PROMPTS)
    await open_form(here)
    await here.keyboard.type(WORDS)
    await submit(here)
    await expect(there.locator(".message.ephemeral")).to_have_count(1)
    await expect(there.locator("dialog")).to_have_count(0)


async def test_a_form_says_what_is_wrong_and_keeps_the_words(stage: Stage, bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    page = await look(AMARA, PROMPTS)
    await open_form(page)
    field = page.locator("dialog textarea")
    await expect(field).to_be_focused()
    await submit(page)
    await expect(page.locator("dialog .problem")).to_contain_text(["Please write something here."])
    await field.fill("abc")
    await expect(page.locator("dialog .count").first).to_have_text("3 / 300")
    await submit(page)
    await expect(page.locator("dialog .problem")).to_contain_text(["at least 5 characters (2 more)"])
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.fill("x" * 301)
    await submit(page)
    await expect(page.locator("dialog .problem")).to_contain_text(["1 characters too long"])
    await field.fill(WORDS)
    await bot.close()
    await submit(page)
    await expect(page.locator("dialog button[type=submit]")).to_be_disabled()
    stage.stopwatch.pass_time(ANSWER_WITHIN)
    await expect(page.locator("dialog .problem").last).to_contain_text("This interaction failed.")
    await expect(field).to_have_value(WORDS)
    await expect(page.locator("dialog button[type=submit]")).to_be_enabled()


async def test_escape_does_not_throw_away_what_was_written(bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    page = await look(AMARA, PROMPTS)
    await open_form(page)
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_have_count(0)
    await open_form(page)
    await page.keyboard.type(WORDS)
    for _ in range(3):
        await page.keyboard.press("Escape")
    await expect(page.locator(".confirm")).to_contain_text("Discard what you wrote?")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog textarea")).to_have_value(WORDS)
    await page.keyboard.press("Escape")
    await page.click(".confirm .button-danger")
    await expect(page.locator("dialog")).to_have_count(0)


async def test_a_menu_in_a_form_is_filled_by_keyboard(bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    page = await look(AMARA, PROMPTS)
    await open_form(page)
    await page.keyboard.type(WORDS)
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("dialog .option")).to_have_text(["Calm", "Stirred"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog .select")).to_have_text("Stirred")
    await expect(page.get_by_role("button", name="Mood: Stirred")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".message.ephemeral")).to_have_count(1)


async def test_a_menu_under_a_message_is_used_by_keyboard(bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    page = await look(AMARA, PROMPTS)
    await page.focus(".message .select")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("End")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(".option.active")).to_contain_text("The viola")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.ephemeral .markup")).to_have_text("You play the Viola.")


async def test_a_button_nobody_answers_says_so(stage: Stage, bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    page = await look(AMARA, PROMPTS)
    button = page.locator("button:has-text('Stay silent')")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(page.locator(".failure")).to_have_count(0)
    while not stage.stopwatch.waiting:
        await page.wait_for_timeout(10)
    stage.stopwatch.pass_time(ANSWER_WITHIN)
    await expect(page.locator(".failure")).to_have_text("This interaction failed")
    await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_a_deferred_answer_is_seen_thinking(bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    bot.thought.clear()
    page = await look(AMARA, PROMPTS)
    await page.click("button:has-text('Think')")
    await expect(page.locator(".thinking")).to_have_text("Third Chair is thinking…")
    bot.thought.set()
    await expect(page.locator(".message.ephemeral .markup")).to_have_text("Thought about it.")
    await expect(page.locator(".thinking")).to_have_count(0)


async def test_buttons_look_like_what_they_do(bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    page = await look(AMARA, PROMPTS)
    link = page.locator("a.button-link")
    await expect(link).to_have_attribute("href", "https://example.org/guide")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(page.locator("button:has-text('Closed')")).to_be_disabled()
    await expect(page.locator(".button-primary:has-text('Respond')")).to_be_visible()
    await expect(page.locator(".message .badge")).to_have_text("APP")
    await expect(page.locator(".embed-title")).to_have_text("Today's prompt: the pause before answering")
    await expect(page.locator(".embed-field-2")).to_have_count(2)


async def test_a_thread_opens_from_its_message_and_counts_replies(stage: Stage, bot: SmallBot, look: Look) -> None:
    card = await bot.post_card()
    page = await look(AMARA, PROMPTS)
    link = page.locator(".thread-link")
    await expect(link).to_contain_text("1 reply · open thread")
    await stage.door.people.send(BENCE, card.id, "Me too")
    await expect(link).to_contain_text("2 replies · open thread")
    await link.click()
    await expect(page.locator("h1")).to_have_text("The pause before answering")
    await expect(page.locator(".message .markup").last).to_have_text("Me too")
    await expect(page.locator(".message .embed-title")).to_have_count(1)
    assert f"channel={card.id}" in page.url
    await open_form(page)
    await page.keyboard.press("Escape")
    thread = bot.room.get_thread(card.id)
    assert thread is not None
    await thread.edit(locked=True)
    await expect(page.locator("#input")).to_be_disabled()
    await expect(page.locator("#input")).to_have_attribute("placeholder", "This thread is locked.")
    await page.click(".crumb")
    await expect(page.locator("h1")).to_have_text("daily-reflection")
    await page.go_back()
    await expect(page.locator("h1")).to_have_text("The pause before answering")


async def test_a_channel_that_comes_and_goes_is_followed(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    made = stage.door.guilds.add_channel(stage.door.world.guilds[demo.GUILD], "night-shift")
    await page.click(".place:has-text('night-shift')")
    await expect(page.locator("h1")).to_have_text("night-shift")
    stage.door.guilds.delete_channel(made)
    await expect(page.locator(".toast")).to_contain_text("gone")
    await expect(page.locator("h1")).to_have_text("common-room")


async def test_a_slash_command_is_found_filled_and_run_without_a_mouse(bot: SmallBot, look: Look) -> None:
    page = await look(INGRID, ROOM)
    await page.focus("#input")
    await page.keyboard.type("/")
    options = page.locator(".option .option-label")
    await expect(options).to_have_text(["/pause", "/setup channel", "/setup role"])
    await page.keyboard.type("pau")
    await expect(options).to_have_text(["/pause"])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="until (needed): The first day with a prompt again")).to_be_focused()
    await page.keyboard.type("tu")
    await expect(options).to_have_text(["Tuesday"])
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("99")
    await page.keyboard.press("Enter")
    await expect(page.locator(".command .problem")).to_have_text("Give a whole number from 1 up to 30.")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("3")
    await page.keyboard.press("Tab")
    await page.keyboard.type("t")
    await expect(options).to_have_text(["True"])
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message .markup")).to_have_text("Paused until tuesday, 3 days, quietly True.")
    await expect(page.locator(".context")).to_have_text("Ingrid used /pause")
    await expect(page.locator("#input")).to_be_focused()


async def test_a_needed_option_is_asked_for_and_escape_leads_back(bot: SmallBot, look: Look) -> None:
    page = await look(INGRID, ROOM)
    await page.click("#slash")
    await page.keyboard.type("pause ")
    await expect(page.locator(".option")).to_have_count(3)
    await page.keyboard.press("Escape")
    await expect(page.locator(".option")).to_have_count(0)
    await page.click(".command-go")
    await expect(page.locator(".command .problem")).to_contain_text("“until” is needed")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page.locator(".command")).to_have_count(0)
    await expect(page.locator("#input")).to_be_focused()


async def test_subcommands_take_channels_roles_and_people(bot: SmallBot, look: Look) -> None:
    page = await look(INGRID, PROMPTS)
    await page.focus("#input")
    await page.keyboard.type("/setup cha")
    await page.keyboard.press("Tab")
    await page.keyboard.type("common")
    await expect(page.locator(".option.active")).to_have_text("#common-room")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    answers = page.locator(".message.ephemeral .markup")
    await expect(answers).to_have_text(["The cohort meets in #common-room."])
    await page.keyboard.type("/setup role ")
    await page.keyboard.type("train")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("fi")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(answers.last).to_have_text("@trainee, led by @Finn.")
    await page.click("button.mention:has-text('common-room')")
    await expect(page.locator("h1")).to_have_text("common-room")


async def test_a_command_nobody_answers_is_told_in_the_channel(stage: Stage, bot: SmallBot, look: Look) -> None:
    page = await look(INGRID, ROOM)
    await bot.close()
    await page.focus("#input")
    await page.keyboard.type("/setup channel ")
    await page.keyboard.type("common")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    while not stage.stopwatch.waiting:
        await page.wait_for_timeout(10)
    stage.stopwatch.pass_time(ANSWER_WITHIN)
    await expect(page.locator(".message.ephemeral")).to_contain_text("The application did not respond.")
    await page.click("text=Dismiss")
    await expect(page.locator(".message")).to_have_count(0)


async def test_a_messages_menu_offers_the_apps_actions(stage: Stage, bot: SmallBot, look: Look) -> None:
    await stage.door.people.send(BENCE, ROOM, "Something to flag")
    page = await look(AMARA, ROOM)
    await page.focus(".message [aria-haspopup=menu]")
    await page.keyboard.press("Enter")
    await expect(page.locator(".menu-title")).to_have_text("Apps ▸")
    await page.keyboard.press("Escape")
    await expect(page.locator(".menu")).to_have_count(0)
    await expect(page.locator(".message [aria-haspopup=menu]")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.ephemeral .markup")).to_have_text("Flagged a message of Bence.")
