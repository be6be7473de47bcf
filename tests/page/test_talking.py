"""The page in a real browser: whose eyes one has, reading and writing."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from rehearsal import demo
from tests.page.conftest import Look, Stage
from tests.page.small_bot import SmallBot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]
AMARA, BENCE, INGRID = demo.TRAINEES["Amara"][0], demo.TRAINEES["Bence"][0], demo.SUPERVISING["Ingrid"][0]
ROOM, PROMPTS, SUPERVISORS = demo.COMMON_ROOM, demo.DAILY_REFLECTION, demo.SUPERVISORS

FOCUSED = """(() => {
    const node = document.activeElement;
    return node.id || node.getAttribute("aria-label") || node.textContent;
})()"""


async def say(page: Page, text: str) -> None:
    await page.fill("#input", text)
    await page.keyboard.press("Enter")


async def become(page: Page, name: str) -> None:
    await page.click(f".persona:has-text('{name}')")
    await expect(page.locator("#who")).to_contain_text(f"You are {name}")


async def test_switching_persona_changes_eyes_frame_and_address(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    frame = "getComputedStyle(document.querySelector('#main')).borderLeft"
    await expect(page.locator("#who")).to_have_text("You are Amaratrainee")
    await expect(page.locator(".place-name")).to_have_text(["common-room", "daily-reflection", "Third Chair"])
    as_trainee = await page.evaluate(frame)
    await become(page, "Ingrid")
    await expect(page.locator(".place-name")).to_have_text(
        ["common-room", "daily-reflection", "supervisors", "Third Chair"]
    )
    assert await page.evaluate(frame) != as_trainee
    await expect(page).to_have_url(re.compile(rf"as={INGRID}&channel={ROOM}"))
    await page.reload()
    await expect(page.locator("#who")).to_contain_text("You are Ingrid")
    await page.goto(stage.url)
    await expect(page.locator("#who")).to_contain_text("You are Ingrid")


async def test_a_link_to_a_place_one_may_not_see_says_so(look: Look) -> None:
    page = await look(AMARA, SUPERVISORS)
    await expect(page.locator(".toast")).to_contain_text("Amara cannot see that place.")
    await expect(page.locator("h1")).to_have_text("common-room")


async def test_a_message_reaches_other_screens_at_once(stage: Stage, look: Look) -> None:
    amara, bence = await look(AMARA, ROOM), await look(BENCE, ROOM)
    await say(amara, "Good morning **all**")
    for page in (amara, bence):
        await expect(page.locator(".message .markup")).to_have_text(["Good morning all"])
        await expect(page.locator(".message strong")).to_have_text("all")
    await expect(amara.locator("#input")).to_have_value("")
    await expect(bence.locator("#announcer")).to_contain_text("Amara: Good morning all")
    await expect(amara.locator("#announcer")).not_to_contain_text("Good morning")


async def test_what_is_new_elsewhere_is_marked_until_it_is_read(stage: Stage, bot: SmallBot, look: Look) -> None:
    page = await look(AMARA, ROOM)
    await stage.door.people.send(BENCE, PROMPTS, "Anybody here?")
    await expect(page.locator(".place-unread")).to_have_text("daily-reflection")
    await (await bot.fetch_user(BENCE)).send("A word in private")
    await expect(page.locator(".persona:has-text('Bence') .unread-direct")).to_be_visible()
    await page.click(".place:has-text('daily-reflection')")
    await expect(page.locator(".place-unread")).to_have_count(0)
    await become(page, "Bence")
    await expect(page.locator(".place-unread .unread-direct")).to_be_visible()
    await page.click(".place-unread:has-text('Third Chair')")
    await expect(page.locator(".message .markup")).to_have_text("A word in private")
    await expect(page.locator(".unread-direct")).to_have_count(0)
    await become(page, "Amara")
    await expect(page.locator("h1")).to_have_text("daily-reflection")
    await expect(page.locator(".toast")).to_have_count(0)
    await (await bot.fetch_user(AMARA)).send("The first word between us")
    await expect(page.locator(".place-unread .unread-direct")).to_be_visible()


async def test_a_direct_message_to_the_bot_can_be_begun(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    await page.click(".place:has-text('Third Chair')")
    await say(page, "Hello, is somebody there?")
    await expect(page.locator(".message .markup")).to_have_text("Hello, is somebody there?")
    await become(page, "Bence")
    await expect(page.locator("#messages")).not_to_contain_text("is somebody there")


async def test_what_is_typed_while_the_direct_messages_open_is_not_said_in_the_room(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    opened = asyncio.Event()

    async def late(route: Route) -> None:
        await opened.wait()
        await route.continue_()

    await page.route("**/page/snapshot*", late)
    await page.click(".place:has-text('Third Chair')")
    await expect(page.locator("#input")).to_be_disabled()
    await page.keyboard.type("For the bot alone")
    await page.keyboard.press("Enter")
    opened.set()
    await expect(page.locator("h1")).to_have_text("Third Chair")
    await expect(page.locator("#input")).to_be_enabled()
    await page.click(".place:has-text('common-room')")
    await expect(page.locator("h1")).to_have_text("common-room")
    await expect(page.locator("#messages")).not_to_contain_text("For the bot alone")


async def test_ones_own_message_is_edited_and_deleted_by_keyboard(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    await say(page, "Frist")
    await expect(page.locator(".message")).to_have_count(1)
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Fir")
    [sent] = stage.door.world.messages[ROOM].values()
    stage.door.messages.react(stage.door.world.channels[ROOM], sent, {"id": None, "name": "+"}, BENCE, add=True)
    await stage.door.people.send(BENCE, PROMPTS, "A sign that everything before it has arrived")
    await expect(page.locator(".place-unread")).to_have_count(1)
    await page.keyboard.type("st")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message .markup")).to_have_text("First(edited)")
    await expect(page.locator("#input")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Escape")
    await page.focus(".message [aria-label=Delete]")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message")).to_have_count(0)
    assert await stage.door.people.history(AMARA, ROOM) == []


async def test_others_messages_offer_neither_edit_nor_delete(stage: Stage, look: Look) -> None:
    await stage.door.people.send(BENCE, ROOM, "Mine")
    page = await look(AMARA, ROOM)
    await expect(page.locator(".message [aria-label=Reply]")).to_have_count(1)
    await expect(page.locator(".message [aria-label=Edit], .message [aria-label=Delete]")).to_have_count(0)


async def test_a_reply_shows_what_it_answers(stage: Stage, look: Look) -> None:
    await stage.door.people.send(BENCE, ROOM, "Shall we begin?")
    page = await look(AMARA, ROOM)
    await page.focus(".message [aria-label=Reply]")
    await page.keyboard.press("Enter")
    await expect(page.locator("#replying")).to_contain_text("Replying to Bence")
    await page.keyboard.type("Yes")
    await page.keyboard.press("Enter")
    await expect(page.locator(".context")).to_have_text("Bence Shall we begin?")
    await expect(page.locator("#replying")).to_be_hidden()


async def test_a_mention_is_picked_from_the_list_and_reaches_the_person(stage: Stage, look: Look) -> None:
    page, bence = await look(AMARA, ROOM), await look(BENCE, ROOM)
    await page.focus("#input")
    await page.keyboard.type("Hello @be")
    await expect(page.locator(".option.active")).to_have_text("@Bence")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mention")).to_have_text("@Bence")
    await expect(bence.locator(".message.to-me")).to_have_count(1)
    [sent] = await stage.door.people.history(AMARA, ROOM)
    assert sent["content"] == f"Hello <@{BENCE}>"


async def test_a_paste_that_is_too_long_is_kept_and_explained(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    await say(page, "x" * 10_000)
    await expect(page.locator(".toast-error")).to_contain_text("8000 characters too long")
    await expect(page.locator("#input")).to_have_value("x" * 10_000)
    assert await stage.door.people.history(AMARA, ROOM) == []


async def test_a_draft_waits_in_its_place_and_with_its_persona(look: Look) -> None:
    page = await look(AMARA, ROOM)
    await page.fill("#input", "half a thought")
    await page.click(".place:has-text('daily-reflection')")
    await expect(page.locator("#input")).to_have_value("")
    await become(page, "Bence")
    await expect(page.locator("#input")).to_have_value("")
    await become(page, "Amara")
    await page.click(".place:has-text('common-room')")
    await expect(page.locator("#input")).to_have_value("half a thought")


async def test_older_messages_are_read_back(stage: Stage, look: Look) -> None:
    for number in range(1, 121):
        await stage.door.people.send((AMARA, BENCE)[number % 2], ROOM, f"Message {number}")
    page = await look(AMARA, ROOM)
    await expect(page.locator(".message")).to_have_count(50)
    await expect(page.locator(".message .markup").last).to_be_in_viewport()
    for known in (100, 120):
        await expect(page.locator("#older")).to_be_attached()
        await page.evaluate("document.querySelector('#scroller').scrollTop = 0")
        await expect(page.locator(".message")).to_have_count(known)
    await expect(page.locator("#older")).to_be_hidden()
    await expect(page.locator(".message .markup").first).to_have_text("Message 1")
    await page.click("#newest")
    await expect(page.locator(".message .markup").last).to_be_in_viewport()


async def test_the_page_comes_back_after_the_server_was_away(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    await page.fill("#input", "being written")
    port = int(stage.url.rsplit(":", 1)[1])
    await stage.server.stop()
    await expect(page.locator("#lost")).to_contain_text("Connection lost, trying again")
    await page.click("#send")
    await expect(page.locator(".toast-error")).to_contain_text("cannot be reached")
    await expect(page.locator("#input")).to_have_value("being written")
    await stage.door.people.send(BENCE, ROOM, "While you were away")
    await stage.server.start(port)
    await page.locator("#retry").dispatch_event("click")  # the page may be quicker, and take the button away
    await expect(page.locator("#lost")).to_be_hidden()
    await expect(page.locator(".message .markup")).to_have_text(["While you were away"])
    await stage.door.people.send(BENCE, ROOM, "And live again")
    await expect(page.locator(".message .markup").last).to_have_text("And live again")


async def test_the_page_reconnects_by_itself_when_only_the_socket_drops(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    async with page.expect_websocket() as reconnection:
        await stage.page_door.closed()
    assert "/page/live" in (await reconnection.value).url
    await expect(page.locator("#lost")).to_be_hidden()
    await stage.door.people.send(BENCE, ROOM, "Here again")
    await expect(page.locator(".message .markup")).to_have_text(["Here again"])


async def test_the_first_steps_are_shown_until_they_are_dismissed(look: Look) -> None:
    page = await look(AMARA, ROOM)
    await expect(page.locator("#guide li")).to_have_count(3)
    await page.click("#guide-close")
    await page.reload()
    await expect(page.locator(".stage")).to_be_visible()
    await expect(page.locator("#guide")).to_be_hidden()
    await page.click("#help")
    await expect(page.locator("#guide")).to_be_visible()


async def test_a_phone_shows_everything_without_scrolling_sideways(stage: Stage, bot: SmallBot, look: Look) -> None:
    await bot.post_card()
    await stage.door.people.send(BENCE, PROMPTS, "W" * 300)
    await stage.door.people.send(BENCE, PROMPTS, "```\n" + "c" * 300 + "\n```")
    page = await look(AMARA, PROMPTS, width=375, height=740, touch=True)
    await expect(page.locator(".message")).to_have_count(3)
    await expect(page.locator("#sidebar")).not_to_be_in_viewport()
    too_wide = """[...document.querySelectorAll('#main *')].filter((node) => {
        const box = node.getBoundingClientRect();
        return box.width && (box.right > innerWidth + 1 || box.left < -1) && !node.closest('pre, .unseen');
    }).map((node) => node.className || node.tagName)"""
    assert await page.evaluate(too_wide) == []
    assert await page.evaluate("document.documentElement.scrollWidth") == 375
    assert await page.evaluate("document.querySelector('#scroller').scrollWidth <= innerWidth")
    await page.click("#drawer")
    await expect(page.locator("#sidebar")).to_be_in_viewport()
    await page.keyboard.press("Escape")
    await expect(page.locator("#sidebar")).not_to_be_in_viewport()
    await page.click("#drawer")
    await page.click(".place:has-text('common-room')")
    await expect(page.locator("h1")).to_have_text("common-room")
    await expect(page.locator("#sidebar")).not_to_be_in_viewport()


async def test_the_clock_buttons_move_the_bots_clock(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    shown = page.locator("#clock-now")
    await expect(shown).to_have_text(re.compile("Mon 2 Mar 09:0"))
    await page.click("text=+1 h")
    await expect(shown).to_have_text(re.compile("Mon 2 Mar 10:0"))
    assert stage.clock.offset.total_seconds() == 3600
    await page.click("text=Tomorrow 09:00")
    await expect(shown).to_have_text(re.compile("Tue 3 Mar 09:0"))
    await page.click("text=Next prompt")
    await expect(page.locator(".toast")).to_contain_text("Nothing is due")
    due = stage.clock.now().replace(day=4, hour=8, minute=30)
    stage.due.append(due)
    await page.click("[data-clock=next_prompt]")
    await expect(shown).to_have_text(re.compile("Wed 4 Mar 08:3"))
    assert stage.clock.now() == due


async def test_a_clock_moved_elsewhere_moves_here_too(stage: Stage, look: Look) -> None:
    page = await look(AMARA, ROOM)
    await stage.clock.set(stage.clock.now().replace(month=7, hour=17))
    await expect(page.locator("#clock-now")).to_have_text(re.compile("Thu 2 Jul 17:0"))


async def test_everything_that_can_be_pressed_has_a_name_and_can_be_reached(
    stage: Stage, bot: SmallBot, look: Look
) -> None:
    await bot.post_card()
    page = await look(AMARA, PROMPTS)
    await expect(page.locator(".message")).to_have_count(1)
    nameless = """[...document.querySelectorAll('button, input, textarea, select, [role=button]')]
        .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length))
        .map((node) => node.outerHTML)"""
    assert await page.evaluate(nameless) == []
    await page.evaluate("document.activeElement.blur()")
    reached: set[str] = set()
    for _ in range(40):
        await page.keyboard.press("Tab")
        reached.add(await page.evaluate(FOCUSED))
    wanted = {"input", "slash", "help", "Respond anonymously", "You are Amara, trainee", "daily-reflection", "Reply"}
    assert wanted <= reached
    await page.focus("[aria-label='You are Amara, trainee']")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("#who")).to_contain_text("You are Bence")
