"""Discord's markdown on the page: what is drawn, and that nobody's words can become anything but words."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from rehearsal import demo
from tests.page.conftest import Look, Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.asyncio(loop_scope="session")]
AMARA, BENCE, ROOM = demo.TRAINEES["Amara"][0], demo.TRAINEES["Bence"][0], demo.COMMON_ROOM

RENDER = """async (texts) => {
  const { render } = await import("/static/markup.js");
  const names = { user: (id) => (id === "1" ? "Amara" : null), role: () => "trainee", channel: () => null, open() {} };
  return texts.map((text) => {
    const box = document.createElement("div");
    box.append(render(text, names));
    for (const node of box.querySelectorAll(".line")) node.replaceWith(...node.childNodes);
    return box.innerHTML;
  });
}"""

CASES = {
    "**bold** *it* _it_ __under__ ~~gone~~": "<strong>bold</strong> <em>it</em> <em>it</em> <u>under</u> <s>gone</s>",
    "***both***": "<strong><em>both</em></strong>",
    "**a *b* c**": "<strong>a <em>b</em> c</strong>",
    "snake_case_name and 2 * 3 * 4": "snake_case_name and 2 * 3 * 4",
    r"\*not\* \_this\_": "*not* _this_",
    "`**raw**` ``a ` b``": "<code>**raw**</code> <code>a ` b</code>",
    "**open and *lost": "**open and *lost",
    "```py\n<b>1</b>\n```": '<pre tabindex="0"><code>&lt;b&gt;1&lt;/b&gt;</code></pre>',
    "> one\n> two": "<blockquote>one\ntwo</blockquote>",
    ">>> all\n- end": "<blockquote>all<ul><li>end</li></ul></blockquote>",
    "# Head": '<div class="heading heading-1" role="heading" aria-level="3">Head</div>',
    "- a\n- b\n  - c": "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
    "3. x\n4. y": '<ol start="3"><li>x</li><li>y</li></ol>',
    "-# small": '<div class="subtext">small</div>',
    "<@1> <@!1> <@2> <@&3>": " ".join(
        f'<span class="mention">{name}</span>' for name in ("@Amara", "@Amara", "@unknown-user", "@trainee")
    ),
    "a\n\nb": "a\n\nb",
    "<:wave:123456>": ":wave:",
}
HARMLESS = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](data:text/html,hi)",
    "[x](//evil.example)",
    "</code><svg onload=alert(1)>",
)


async def test_each_mark_is_drawn(look: Look) -> None:
    page = await look(AMARA, ROOM)
    drawn = await page.evaluate(RENDER, list(CASES))
    assert dict(zip(CASES, drawn, strict=True)) == CASES


async def test_markup_of_others_stays_text(look: Look) -> None:
    page = await look(AMARA, ROOM)
    for text, drawn in zip(HARMLESS, await page.evaluate(RENDER, list(HARMLESS)), strict=True):
        assert drawn == text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def test_nothing_runs_wherever_hostile_words_are_shown(stage: Stage, look: Look) -> None:
    hostile = "".join(HARMLESS) + " **<img src=x onerror=alert(2)>** ||<b>x</b>||"
    await stage.door.people.send(BENCE, ROOM, hostile)
    await stage.door.people.send(AMARA, ROOM, hostile)
    page = await look(AMARA, ROOM)
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    await expect(page.locator(".message")).to_have_count(2)
    await page.locator(".message [aria-label=Reply]").first.click()
    await page.keyboard.type("ok")
    await page.keyboard.press("Enter")
    await expect(page.locator(".context")).to_have_count(1)
    assert await page.locator("#messages :is(img, script, b b, iframe, [onerror], [onload])").count() == 0
    assert await page.locator("#messages a").count() == 0
    assert alerts == []


async def test_the_browser_itself_forbids_markup_from_text_and_scripts_from_elsewhere(look: Look) -> None:
    page = await look(AMARA, ROOM)
    attempt = """() => {
      try { document.createElement("div").innerHTML = "<b>x</b>"; }
      catch (error) { return error.name; }
      return "allowed";
    }"""
    assert await page.evaluate(attempt) == "TypeError"


async def test_links_go_only_to_http_and_open_elsewhere(look: Look) -> None:
    page = await look(AMARA, ROOM)
    texts = [
        "see https://example.org/a_b?x=1_2.",
        "<https://example.org>",
        "[name](https://example.org/x)",
        "ftp://example.org",
    ]
    plain, bare, masked, other = await page.evaluate(RENDER, texts)
    assert 'href="https://example.org/a_b?x=1_2" target="_blank" rel="noopener noreferrer"' in plain
    assert plain.endswith("</a>.")
    assert 'href="https://example.org/"' in bare
    assert masked.endswith(">name</a>")
    assert other == "ftp://example.org"


async def test_a_spoiler_shows_only_when_it_is_pressed(stage: Stage, look: Look) -> None:
    await stage.door.people.send(BENCE, ROOM, "||the ending||")
    page = await look(AMARA, ROOM)
    spoiler = page.locator(".spoiler")
    await expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
    await spoiler.focus()
    await page.keyboard.press("Enter")
    await expect(spoiler).not_to_have_css("color", "rgba(0, 0, 0, 0)")


async def test_times_follow_the_bots_clock(stage: Stage, look: Look) -> None:
    at = int(stage.clock.now().timestamp()) + 3 * 3600
    await stage.door.people.send(BENCE, ROOM, f"<t:{at}:R> <t:{at}:t> <t:99999999999999:R>")
    page = await look(AMARA, ROOM)
    await expect(page.locator(".markup time").first).to_have_text("in 3 hours")
    await expect(page.locator(".markup time").last).to_have_text("12:00")
    await page.click("text=+1 h")
    await expect(page.locator(".markup time").first).to_have_text("in 2 hours")


@pytest.mark.parametrize(
    "text", ["*_" * 1000, "**" * 1000, "||*" * 660, "`" * 2000, "[" * 2000, "> " * 1000, "_*~~" * 500 + "x"]
)
async def test_nobody_can_hold_the_page_up(look: Look, text: str) -> None:
    page = await look(AMARA, ROOM)
    timed = (
        "async (texts) => { const began = performance.now(); await ("
        + RENDER
        + ")(texts); return performance.now() - began; }"
    )
    assert await page.evaluate(timed, [text, text]) < 1500
