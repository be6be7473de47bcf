"""The page with Slack's look, in a real browser, in front of a small app on slack-bolt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from rehearsal.clock import MovableClock, RehearsalControls
from rehearsal.page.slack import SlackPageDoor
from rehearsal.server import RehearsalServer
from rehearsal.slack import demo
from rehearsal.slack.door import SlackDoor
from tests.page.conftest import BEGINNING, OWN_HOST
from tests.page.small_app import PROMPT, SmallApp

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]
browser = pytest.mark.browser
AMARA, BENCE, INGRID = demo.TRAINEES["Amara"][0], demo.TRAINEES["Bence"][0], demo.SUPERVISING["Ingrid"][0]
ROOM, DAILY = demo.COMMON_ROOM, demo.DAILY_REFLECTION
HINTS = {"help": "What I can do", "resources": "People to talk to", "me country": "Whose help lines"}


@dataclass
class Workspace:
    """Everything that a test of this page may pull at."""

    door: SlackDoor
    app: SmallApp
    clock: MovableClock
    url: str


@pytest_asyncio.fixture(loop_scope="session")
async def workspace() -> AsyncIterator[Workspace]:
    clock = MovableClock(real_now=lambda: BEGINNING)
    door = SlackDoor(demo.demo_world(clock))
    door.people.shortcuts = {"needs_a_person": "This needs a person"}

    async def nothing_due() -> None:
        return None

    page = SlackPageDoor(
        door.people, door.feeds, "UTC", alone=RehearsalControls(clock, nothing_due), hints=lambda: HINTS
    )
    server = RehearsalServer([door, page])
    url = await server.start()
    app = SmallApp(url)
    await app.start()
    yield Workspace(door, app, clock, url)
    await app.stop()
    await server.stop()


Look = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def look(workspace: Workspace, chromium: Browser) -> AsyncIterator[Look]:
    """Open the page as somebody; no page may ask another machine for anything, and none may stumble over an error."""
    asked: list[str] = []
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_page(person: str, channel: str = DAILY, *, width: int = 1280, height: int = 800) -> Page:
        context = await chromium.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{workspace.url}/slack/?{urlencode({'team': demo.TEAM, 'as': person, 'channel': channel})}")
        await page.wait_for_selector("html[data-role]")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert {urlsplit(url).hostname for url in asked} == {OWN_HOST}
    assert errors == []


async def say(page: Page, text: str) -> None:
    await page.fill("#input", text)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


@browser
async def test_blocks_are_drawn_and_a_form_is_filled_by_keyboard(workspace: Workspace, look: Look) -> None:
    await workspace.app.say(DAILY, blocks=PROMPT)
    page = await look(AMARA)
    await expect(page.locator(".block-header")).to_have_text("What stayed")
    await expect(page.locator(".said strong")).to_have_text("One thing")
    await expect(page.locator(".said em")).to_have_text("stayed")
    await expect(page.locator(".said .mention")).to_have_text("#common-room")
    await expect(page.locator(".said")).to_contain_text("<3")
    await expect(page.locator(".said blockquote")).to_have_text("so")
    await page.get_by_role("button", name="Write").focus()
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="A form")
    await expect(form.get_by_role("textbox", name="Your words")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(form).to_contain_text("Please fill this in.")
    await page.keyboard.type("wrong")
    await page.keyboard.press("Control+Enter")
    await expect(form).to_contain_text("Not that word.")
    await expect(form.get_by_role("textbox", name="Your words")).to_have_value("wrong")
    await form.get_by_role("textbox", name="Your words").fill("I stayed late.")
    await form.get_by_label("A day").fill("2026-03-04")
    await form.get_by_label("tue").check()
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_contain_text("It stands.")
    await expect(form.get_by_role("button", name="Send")).to_have_count(0)
    sent = workspace.app.heard[-1]
    assert (sent["text"]["value"], sent["day"]["selected_date"]) == ("I stayed late.", "2026-03-04")
    assert [option["value"] for option in sent["days"]["selected_options"]] == ["tue"]
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


@browser
async def test_what_was_written_in_a_form_is_not_lost_by_a_slip(workspace: Workspace, look: Look) -> None:
    await workspace.app.say(DAILY, blocks=PROMPT)
    page = await look(AMARA)
    await page.get_by_role("button", name="Write").click()
    words = page.get_by_role("textbox", name="Your words")
    await words.fill("half a page")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Keep writing").click()
    await expect(words).to_have_value("half a page")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Discard").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


@browser
async def test_notes_that_only_she_sees_vanish_on_reload(workspace: Workspace, look: Look) -> None:
    await workspace.app.say(DAILY, blocks=PROMPT)
    amara, bence = await look(AMARA), await look(BENCE)
    await amara.get_by_role("button", name="A note").click()
    note = amara.locator(".said.ephemeral")
    await expect(note).to_contain_text("Only visible to you")
    await expect(note).to_contain_text("For your eyes")
    await say(bence, "Good morning")
    await expect(bence.locator(".said", has_text="Good morning")).to_be_visible()
    await expect(bence.locator(".said.ephemeral")).to_have_count(0)
    await amara.get_by_role("button", name="Reload Slack").click()
    await expect(note).to_have_count(0)


@browser
async def test_the_command_is_completed_and_sent(workspace: Workspace, look: Look) -> None:
    page = await look(AMARA)
    await page.locator("#input").press_sequentially("/")
    await expect(page.get_by_role("option")).to_have_count(3)
    await page.locator("#input").press_sequentially("chair m")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.locator("#input")).to_have_value("/chair me country ")
    await page.keyboard.type("GB")
    await page.keyboard.press("Enter")
    await expect(page.locator(".said.ephemeral strong")).to_have_text("me country GB")
    assert workspace.app.heard == ["me country GB"]
    await say(page, "/dance")
    await expect(page.locator(".toast")).to_contain_text("not a valid command")


@browser
async def test_a_thread_opens_at_the_side_and_has_no_commands(workspace: Workspace, look: Look) -> None:
    ts = await workspace.app.say(DAILY, blocks=PROMPT)
    await workspace.app.say(DAILY, "Under an alias", thread_ts=ts)
    page = await look(AMARA)
    await page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("Under an alias")
    await expect(page.locator("#thread-input")).to_be_focused()
    await page.keyboard.type("Under my name")
    await page.keyboard.press("Enter")
    await expect(thread.locator(".said", has_text="Under my name")).to_be_visible()
    await expect(page.locator("#messages .said", has_text="Under my name")).to_have_count(0)
    await expect(page.locator("#messages")).to_contain_text("2 replies")
    await page.keyboard.type("/chair help")
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast")).to_contain_text("no slash commands in threads")
    await page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()


@browser
async def test_a_shortcut_is_used_from_a_messages_menu(workspace: Workspace, look: Look) -> None:
    await workspace.app.say(DAILY, "Under an alias")
    page = await look(AMARA)
    await page.locator(".said").focus()
    await page.get_by_role("button", name="More actions").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="This needs a person")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".said.ephemeral")).to_contain_text("Somebody will look")


@browser
async def test_her_home_is_drawn_when_she_looks_at_it(workspace: Workspace, look: Look) -> None:
    page = await look(AMARA)
    await page.get_by_role("button", name="Third Chair home").click()
    await expect(page.locator("#home .block-header")).to_have_text("What stayed")
    await expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")


@browser
async def test_switching_persona_changes_eyes_and_what_is_there(workspace: Workspace, look: Look) -> None:
    page = await look(AMARA)
    await expect(page.locator(".place-name")).to_have_text(["common-room", "daily-reflection", "Third Chair home"])
    await page.click(".persona:has-text('Ingrid')")
    await expect(page.locator("#who")).to_contain_text("You are Ingrid")
    await expect(page.locator(".place-name")).to_have_text(
        ["common-room", "daily-reflection", "supervisors", "Third Chair home"]
    )
    await page.reload()
    await expect(page.locator("#who")).to_contain_text("You are Ingrid")


@browser
async def test_her_own_message_is_edited_and_deleted(workspace: Workspace, look: Look) -> None:
    page, other = await look(AMARA, ROOM), await look(BENCE, ROOM)
    await say(page, "Good <morning>")
    await expect(other.locator(".said")).to_contain_text("Good <morning>")
    await page.locator("#input").press("ArrowUp")
    await page.get_by_role("textbox", name="Edit message").fill("Good evening")
    await page.keyboard.press("Enter")
    await expect(other.locator(".said")).to_contain_text("Good evening (edited)")
    await page.locator(".said").hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Delete message").click()
    await expect(other.locator(".said")).to_have_count(0)


@browser
async def test_the_clock_moves_from_here_too(workspace: Workspace, look: Look) -> None:
    page = await look(AMARA)
    await expect(page.locator("#clock-now")).to_contain_text("09:00")
    await page.get_by_role("button", name="+1 h").click()
    await expect(page.locator("#clock-now")).to_contain_text("10:00")


@browser
@pytest.mark.parametrize("width", [375, 1280])
async def test_nothing_is_cut_off_at_any_width(workspace: Workspace, look: Look, width: int) -> None:
    ts = await workspace.app.say(DAILY, blocks=PROMPT)
    await workspace.app.say(DAILY, "word " * 300 + "x" * 300, thread_ts=ts)
    page = await look(AMARA, width=width, height=740)
    await page.get_by_role("button", name="1 reply").click()
    await expect(page.locator("#thread-messages")).to_contain_text("word")
    over = "[document.documentElement.scrollWidth, document.querySelector('#thread-scroller').scrollWidth - "
    over += "document.querySelector('#thread-scroller').clientWidth]"
    assert await page.evaluate(over) == [width, 0]
    await page.get_by_role("button", name="Write").last.click()
    box = await page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


@browser
async def test_the_page_comes_back_after_a_loss(workspace: Workspace, look: Look) -> None:
    page = await look(AMARA, ROOM)
    await page.context.set_offline(True)
    for socket in tuple(workspace.door.feeds._open):
        socket.close()
    await expect(page.locator("#lost")).to_be_visible()
    await workspace.door.people.send(demo.TEAM, BENCE, ROOM, "While you were away")
    await page.context.set_offline(False)
    await expect(page.locator(".said")).to_contain_text("While you were away")
    await expect(page.locator("#lost")).to_be_hidden()


async def test_requests_that_make_no_sense_are_refused_in_a_sentence(workspace: Workspace) -> None:
    known = {"team": demo.TEAM, "as": AMARA}
    async with aiohttp.ClientSession(base_url=workspace.url) as http:
        for wrong in (
            {"do": "fly", **known},
            {"do": "send", **known, "channel_id": ROOM},
            {"do": "send", "team": demo.TEAM, "as": "nobody", "channel_id": ROOM, "text": "x"},
            {"do": "send", **known, "channel_id": demo.SUPERVISORS, "text": "x"},
            {"do": "submit", **known, "view_id": "V1", "given": []},
        ):
            async with http.post("/slack/page/act", json=wrong) as response:
                assert response.status == 400
                assert (await response.json())["error"].endswith(".")
        async with http.post("/slack/page/act", data="not json") as response:
            assert response.status == 400
        async with http.get("/slack/page/snapshot", headers={"Origin": "http://elsewhere.example"}) as response:
            assert response.status == 403
        async with http.get("/", allow_redirects=False) as response:
            assert response.headers["Location"] == "/slack/"
        async with http.get("/slack/static/../slack.py") as response:
            assert response.status == 404
