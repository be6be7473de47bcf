"""The house's texts on Slack: nothing pings, no word is lost, commands have the names that they have here."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Button, Card, Style, Tone
from bot.platforms.slack import ids, mrkdwn, render
from bot.platforms.slack.pace import Pace
from rehearsal.slack import blocks as kit

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=400)


def spoken(pages: list[render.Page]) -> str:
    return "".join(text["text"] for page in pages for text in kit.texts(list(page.blocks)))


@given(WORDS, WORDS, WORDS)
def test_no_text_of_anybodys_pings_or_breaks_slacks_limits(title: str, body: str, value: str) -> None:
    loud = f"<!channel> @here @everyone <@U0123456> <!subteam^S0123456|@all> {body}"
    for page in render.pages(Card(loud, title, ((title or "x", value),), footer=body, tone=Tone.RESPONSE)):
        kit.check_message(kit.check(list(page.blocks)))
        assert kit.pings(page.text, list(page.blocks)) == set()
        assert 0 < len(page.text) <= 4000


@given(st.lists(st.text("abcdefgh&<>", min_size=1, max_size=40), min_size=1, max_size=1500))
def test_a_long_text_loses_no_word(words: list[str]) -> None:
    pages = render.pages(Card(" ".join(words), tone=Tone.RESPONSE))
    shown = "".join(text["text"] for page in pages for text in kit.texts(list(page.blocks)))
    # A line that begins with the sign of a quotation is one, and that sign stands bare.
    assert re.sub(r"\s", "", shown).replace("&gt;", ">") == mrkdwn.escape("".join(words)).replace("&gt;", ">")
    for page in pages:
        kit.check_message(kit.check(list(page.blocks)))


@given(st.text("ab&<>", min_size=3000, max_size=9000))
def test_a_text_without_spaces_is_cut_in_no_entity(text: str) -> None:
    pieces = list(mrkdwn.split(mrkdwn.escape(text), 3000))
    assert "".join(pieces) == mrkdwn.escape(text)
    assert all(len(piece) <= 3000 and not re.search(r"&[a-z]{0,3}$", piece) for piece in pieces)


@pytest.mark.parametrize("text", ["🌱" * 4000, "🌱 " * 2500, "a" + "🌱" * 3999, "&🌱" * 1000])
def test_signs_that_may_count_twice_still_fit(text: str) -> None:
    cards = Card(text, text, (("x", text),), text, (Button("flag", "1", text),), Tone.RESPONSE), Card(text, text[:140])
    for page in render.pages(*cards):
        kit.check_message(kit.check(list(page.blocks)))
    assert "".join(mrkdwn.split(text, 3000)).replace(" ", "") == text.replace(" ", "")


@given(st.integers(2900, 3010), st.sampled_from([" ", ""]))
def test_a_long_text_is_cut_in_no_link(before: int, space: str) -> None:
    link = "<slack://user?team=T0123&amp;id=U0456|Ada of the long name>"
    pieces = list(mrkdwn.split(f"{'a' * before}{space}{link} and on", 3000))
    assert [link in piece for piece in pieces].count(True) == 1
    assert all(mrkdwn.size(piece) <= 3000 for piece in pieces)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("see (https://example.org/a?b=1&c=2).", "see (<https://example.org/a?b=1&amp;c=2>)."),
        ("https://me@example.org/?to=a@b.org", "<https://me@example.org/?to=a@b.org>"),
        ("e-mail jo@example.org.", "e-mail <mailto:jo@example.org|jo@example.org>."),
        ("<https://example.org/a>", "&lt;<https://example.org/a>&gt;"),
        ("`https://example.org`", "`https://example.org`"),
        ("**bold** and *thin* and `a *b* c`", "*bold* and _thin_ and `a *b* c`"),
        ("- one\n- two", "• one\n• two"),
        ("## Head\n~~gone~~", "*Head*\n~gone~"),
        ("[here](https://example.org/a)", "<https://example.org/a|here>"),
        ("> quoted <b>", "> quoted &lt;b&gt;"),
        ("2 * 3 * 4 and a_b_c", "2 * 3 * 4 and a_b_c"),
        ("See <#C0123> and <@&C0456>", "See <#C0123> and <#C0456>"),
        ("by <@T0123-U0456>", "by <slack://user?team=T0123&id=U0456|Ada &amp; co>"),
        ("Use /setup change, or `/me show`. Not a/me nor https://x.org/help", None),
    ],
)
def test_the_houses_markup_becomes_slacks(text: str, written: str | None) -> None:
    names = {"U0456": "Ada & co"}
    expected = written or "Use /chair setup change, or `/chair me show`. Not a/me nor <https://x.org/help>"
    assert mrkdwn.of(text, names) == expected


def test_a_members_own_words_keep_their_slashes() -> None:
    (page,) = render.pages(Card("I typed /help and nothing came.", tone=Tone.RESPONSE))
    assert "typed /help and" in spoken([page])


def test_nobody_is_named_or_linked_by_what_a_member_writes() -> None:
    card = Card("<@T0123-U0456> <@&S0789> <#C0456:1700.01>", tone=Tone.RESPONSE)
    assert render.people_in(card) == (set(), set())
    (page,) = render.pages(card, names={"U0456": "Ada"})
    assert spoken([page]) == page.text == mrkdwn.escape(card.body)


def test_a_threads_link_leads_to_its_first_message() -> None:
    assert "message_ts=1700.01" in mrkdwn.of("<#C0123:1700.01>")


def test_a_card_is_laid_out_whole() -> None:
    buttons = tuple(Button("flag", str(n), f"Button {n}", Style.CAREFUL if n else Style.PRIMARY) for n in range(7))
    (page,) = render.pages(Card("body", "Title", (("Name", "value"),), "foot", buttons, Tone.NOTICE))
    kinds = [block["type"] for block in page.blocks]
    assert kinds == ["header", "section", "section", "actions", "actions", "context"]
    assert page.text == "Title\nbody\nName: value\nfoot"
    assert [e["style"] for e in page.blocks[3]["elements"]] == ["primary", *["danger"] * 4]


def test_ids_of_other_platforms_are_not_found() -> None:
    from bot.errors import NotFound
    from bot.people import Member, Place, Platform, Workspace

    here = Workspace(Platform.SLACK, "T0123")
    for wrong in ("123456", "U0123", "T0123-", "t-u", "T0123-U0123; DROP"):
        with pytest.raises(NotFound):
            ids.person(Member(Platform.SLACK, wrong))
    for wrong in ("123456789012345678", "C0123:x", "#daily", ""):
        with pytest.raises(NotFound):
            ids.channel_of(Place(here, wrong))
    assert ids.channel_of(ids.place_of("T0123", "C0456", "1700.01")) == ("C0456", "1700.01")


async def test_a_channel_is_sent_three_at_once_and_then_one_a_second_each_channel_for_itself() -> None:
    now = [0.0]
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(round(seconds, 3))

    pace = Pace(now=lambda: now[0], sleep=sleep)
    for _ in range(6):
        await pace.pass_through(("T1", "C1"))
    await pace.pass_through(("T1", "C2"))
    assert waited == [1.0, 2.0, 3.0]
    now[0] = 10.0
    await asyncio.gather(*(pace.pass_through(("T1", "C1")) for _ in range(3)))
    assert waited == [1.0, 2.0, 3.0]
    pace.hold(("T1", "C1"), 30.0)
    await pace.pass_through(("T1", "C1"))
    assert waited[-1] == 31.0
