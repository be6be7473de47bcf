"""`make screenshots`: redraw the pictures of the README from a running rehearsal, so that they show what there is."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from rehearsal import demo
from rehearsal.slack import demo as slack
from tests.page.conftest import NAMES, SWITCHES

PICTURES = Path("docs/pictures")
_ANSWER = "That I had done my homework, and so could not be at fault. It was for me, that sheet, more than for anyone."
_HEAVY = "I can't keep myself safe tonight. I have the pills here and nobody knows."


@asynccontextmanager
async def rehearsed(platform: str = "discord") -> AsyncIterator[str]:
    """Run a fresh rehearsal of its own and give the address of its page."""
    folder = tempfile.mkdtemp(prefix="third-chair-pictures-")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "rehearsal", "--port", "8790", "--data", folder, "--platform", platform),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            if found := re.search(rb"http://127\.0\.0\.1:\d+", line):
                yield found[0].decode()
                break
        else:
            raise RuntimeError("the rehearsal ended before it could be looked at")
    finally:
        process.terminate()
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def draw(page: Page, name: str) -> None:
    """Take one picture once everything has come to rest."""
    await page.wait_for_timeout(700)
    await page.screenshot(path=PICTURES / f"{name}.png")


async def respond(page: Page, words: str) -> None:
    await page.get_by_role("button", name="Respond anonymously").last.click()
    await page.get_by_role("dialog").get_by_role("textbox").fill(words)


async def on_slack(browser: Browser, base: str) -> None:
    """Draw what a prompt and its thread look like on Slack."""
    page = await browser.new_page(viewport={"width": 1200, "height": 800})
    await page.goto(f"{base}/slack/?team={slack.TEAM}&as={slack.TRAINEES['Bence'][0]}&channel={slack.DAILY_REFLECTION}")
    await page.get_by_role("button", name="Respond anonymously").last.wait_for(timeout=30_000)
    await respond(page, _ANSWER)
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await page.get_by_text("It stands in the thread as").wait_for()
    await page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()
    await page.get_by_role("button", name="1 reply").click()
    await page.locator("#input").fill("/chair resources")
    await page.locator("#input").press("Enter")
    await page.get_by_role("heading", name="People you can talk to").wait_for()
    await draw(page, "slack")


async def main() -> None:
    """Play the scenes and draw them."""
    chromium = next(filter(None, map(shutil.which, NAMES)))
    async with rehearsed("slack") as base, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        await on_slack(browser, base)
        await browser.close()
    async with rehearsed() as base, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        page = await browser.new_page(viewport={"width": 1200, "height": 800})
        await page.goto(base)
        await page.get_by_role("button", name="Respond anonymously").wait_for(timeout=30_000)
        await page.get_by_role("button", name="Got it").click()
        await draw(page, "prompt")
        await respond(page, _ANSWER)
        await draw(page, "respond")
        await page.get_by_role("dialog").get_by_role("button", name="Submit").click()
        await page.get_by_text("It stands in the thread as").wait_for()
        await page.goto(f"{base}/?as={demo.TRAINEES['Chioma'][0]}&channel={demo.DAILY_REFLECTION}")
        await respond(page, _HEAVY)
        await page.get_by_role("dialog").get_by_role("button", name="Submit").click()
        await page.get_by_text("You matter here").wait_for()
        await draw(page, "care")
        await page.goto(f"{base}/?as={demo.SUPERVISING['Ingrid'][0]}&channel={demo.SUPERVISORS}")
        await page.get_by_text("Someone here may need a person").wait_for()
        await draw(page, "alert")
        await page.get_by_role("combobox").fill("/preview")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Swap").first.wait_for()
        await draw(page, "preview")
        await page.set_viewport_size({"width": 375, "height": 740})
        await page.goto(f"{base}/?as={demo.TRAINEES['Amara'][0]}&channel={demo.DAILY_REFLECTION}")
        await page.get_by_role("button", name="Respond anonymously").wait_for()
        await draw(page, "phone")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
