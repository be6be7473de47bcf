"""Cards as Discord shows them: inside every limit, and without losing a word."""

from __future__ import annotations

import re

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Button, Card, Style
from bot.platforms.discord import render

TEXTS = st.text(alphabet="ab cd\n", max_size=9000)
FIELDS = st.lists(st.tuples(st.text(alphabet="ab ", max_size=400), TEXTS.map(lambda t: t[:3000])), max_size=8)


def letters(text: str) -> str:
    return re.sub(r"[\s*\u200b]", "", text)


@settings(max_examples=150, deadline=None)
@given(title=st.text(alphabet="ab ", max_size=400), body=TEXTS, fields=FIELDS, footer=TEXTS.map(lambda t: t[:2048]))
def test_every_page_fits_and_all_pages_together_say_everything(
    title: str, body: str, fields: list[tuple[str, str]], footer: str
) -> None:
    pages = render.pages(Card(body, title=title, fields=tuple(fields), footer=footer))
    said = ""
    for page in pages:
        assert sum(len(embed) for embed in page.embeds) <= render.MESSAGE_LIMIT
        for embed in page.embeds:
            assert len(embed.title or "") <= render.TITLE_LIMIT
            assert len(embed.description or "") <= render.BODY_LIMIT
            assert len(embed.fields) <= render.FIELDS_LIMIT
            said += (embed.title or "") + (embed.description or "")
            for field in embed.fields:
                assert 1 <= len(field.name or "") <= render.FIELD_NAME_LIMIT
                assert 1 <= len(field.value or "") <= render.FIELD_LIMIT
                said += (field.name or "") + (field.value or "")
            said += embed.footer.text or ""
    assert letters(said) == letters(title + body + "".join(n + v for n, v in fields) + footer)


def test_words_are_cut_at_a_space_where_one_is_near() -> None:
    assert list(render.split("one two three", 8)) == ["one two", "three"]
    assert list(render.split("x" * 20, 8)) == ["x" * 8, "x" * 8, "x" * 4]


async def test_buttons_keep_their_action_subject_label_and_style() -> None:
    card = Card("x", buttons=(Button("delete", "abc", "L" * 90, Style.CAREFUL),))
    (page,) = render.pages(card)
    view = page.view()
    assert view is not None
    (button,) = view.children
    assert isinstance(button, discord.ui.Button)
    assert button.custom_id == "tc:delete:abc"
    assert button.style is discord.ButtonStyle.danger
    assert button.label == "L" * 79 + "…"


async def test_a_view_is_never_kept_in_memory() -> None:
    (page,) = render.pages(Card("x", buttons=(Button("flag", "abc", "Flag"),)))
    view = page.view()
    assert view is not None
    assert view.is_finished()


@pytest.mark.parametrize(
    ("custom_id", "parsed"),
    [
        ("tc:flag:abc", ("flag", "abc")),
        ("tc:flag:abc#key", ("flag", "abc")),
        ("tc:swap:c1/i1", ("swap", "c1/i1")),
        ("other:flag:abc", None),
        ("tc:flag", None),
        ("", None),
    ],
)
def test_a_custom_id_is_read_back(custom_id: str, parsed: tuple[str, str] | None) -> None:
    assert render.parse_button(custom_id) == parsed


async def test_the_key_is_not_written_twice_where_the_subject_says_it() -> None:
    (page,) = render.pages(Card("x", buttons=(Button("respond", "k1", "R"), Button("mine", "k1", "M"))), "k1")
    view = page.view()
    assert view is not None
    assert [getattr(item, "custom_id", None) for item in view.children] == ["tc:respond:k1", "tc:mine:k1"]


def test_only_the_role_that_the_card_names_may_be_notified() -> None:
    (quiet,) = render.pages(Card("@everyone"))
    assert quiet.content is None
    assert quiet.allowed_mentions.to_dict() == {"parse": []}
    (loud,) = render.pages(Card("x", mention="42"))
    assert loud.content == "<@&42>"
    assert loud.allowed_mentions.to_dict()["roles"] == [42]
