"""Habits over the whole library: each is planted a few times too often, and the items beyond its share are named."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.check import Yardstick, check_beside, check_items, load_checked, read_yardstick
from bot.catalogue.check_spread import check_spread, is_triad
from bot.catalogue.load import load, read_tree
from bot.catalogue.report import ContentError, Finding
from bot.prompts.item import CastMember, CastRole, Intensity, Item, Kind
from bot.settings import Settings
from bot.wiring import read_contents
from tests.content.conftest import CONTENT, PROMPT

LONG_AGO = "The kettle had been on since lunch and nobody in the staff room would own up to it."


@pytest.fixture(scope="module")
def shipped() -> Sequence[Item]:
    return load(CONTENT).items


@pytest.fixture(scope="module")
def yardstick() -> Yardstick:
    found = read_yardstick(read_tree(CONTENT))
    assert found is not None
    return found


def item(shipped: Sequence[Item], kind: Kind, number: int, **changes: object) -> Item:
    like = next(each for each in shipped if each.kind is kind)
    return replace(like, id=f"x-{number:03}", path=f"{kind}s/x-{number:03}.yaml", **changes)  # type: ignore[arg-type]


def several(shipped: Sequence[Item], bodies: Sequence[str], kind: Kind = Kind.PROMPT) -> list[Item]:
    return [item(shipped, kind, n, body=body, question=f"{n} words?") for n, body in enumerate(bodies)]


def named(findings: Sequence[Finding], words: str) -> list[str]:
    found = [each for each in findings if words in each.message]
    assert all(each.rule == "W8" and not each.is_error and each.mend for each in found)
    return sorted(each.file[-8:-5] for each in found)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("Then he glances at the bin.", "end on a look"),
        ("She lets out a breath.", "end on a look"),
        ("After that there is only silence.", "end on a look"),
        ("Outside, the clock goes on.", '"the clock" in their last sentence'),
        ("He is already at the door.", '"the door" in their last sentence'),
        ("And something shifts.", '"something shifts" in their last sentence'),
        ("It hangs there like a coat.", "a likeness in the last sentence"),
        ("He says it as if it were the weather.", "a likeness in the last sentence"),
        ("You would take the heat, the hurry and the wish.", "a tidy row of three"),
        ("It was not anger but tiredness.", "not this but that"),
        ("It wasn't a question. It was an order.", "not this but that"),
    ],
)
@pytest.mark.parametrize("kind", Kind)
def test_a_habit_beyond_its_share_is_named_at_the_items_beyond(
    shipped: Sequence[Item], yardstick: Yardstick, kind: Kind, last: str, words: str
) -> None:
    plain = [f"{LONG_AGO} Number {n} was written on it." for n in range(12)]
    assert named(list(check_spread(several(shipped, plain, kind), yardstick.lists)), words) == []
    worn = [f"{body} {last}" for body in plain[:6]] + plain[6:]
    found = named(list(check_spread(several(shipped, worn, kind), yardstick.lists)), words)
    assert found == ["003", "004", "005"]


def test_a_rhythm_and_a_question_come_back_too_often(shipped: Sequence[Item], yardstick: Yardstick) -> None:
    rhythm = "He sat. She stood. " + LONG_AGO + " It rained. It stopped."
    same = [item(shipped, Kind.PROMPT, n, body=rhythm, question=f"What would number {n} say?") for n in range(5)]
    findings = list(check_spread(same, yardstick.lists))
    assert named(findings, "sentence rhythm sslss") == ["003", "004"]
    assert named(findings, 'questions open with "what would"') == ["003", "004"]


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("The hurry, the heat, and the wish.", True),
        ("The hurry, the heat, the wish.", True),
        ("It was slow, dull and necessary.", True),
        ("A form, a pen, a coat and an umbrella.", False),
        ("She stands up and goes.", False),
        ("When it was over, she went home, and he stayed behind to look for the key of the cupboard.", False),
    ],
)
def test_what_a_tidy_row_of_three_is(sentence: str, is_one: bool) -> None:
    assert is_triad(sentence) is is_one


def test_a_tradition_on_one_side_of_the_room_is_reported(shipped: Sequence[Item], yardstick: Yardstick) -> None:
    clients = [
        item(shipped, Kind.VIGNETTE, n, intensity=Intensity.HEAVY, cast=(CastMember(name, CastRole.CLIENT),))
        for n, name in enumerate(("Tomasz", "Agnieszka", "Zofia", "Krzysztof"))
    ]
    said = [each.message for each in check_items(clients, yardstick) if each.rule == "W7"]
    assert "4 clients have polish names, and no therapist has." in said
    assert "4 clients of the heaviest vignettes have polish names." in said


def test_one_item_is_checked_beside_the_library_it_is_to_join(
    shipped: Sequence[Item], yardstick: Yardstick, tmp_path: Path
) -> None:
    like = shipped[0]
    fresh = replace(like, id="p-own-001", path="own/p-own-001.yaml", title="x" * 50)
    found = check_beside(fresh, shipped, yardstick)
    assert {each.file for each in found} == {"own/p-own-001.yaml"}
    assert {"E1", "E9"} <= {each.rule for each in found}
    assert any(like.path in each.message for each in found)


def test_an_operators_own_folder_is_held_to_the_lint_at_the_start(small: Any) -> None:
    assert len(load_checked(small.root).items) == 3
    small.change(PROMPT, lambda data: data.update(question="Did it help?"))
    load(small.root)
    with pytest.raises(ContentError, match="E3"):
        load_checked(small.root)
    for folder in ("messages", "crisis"):
        shutil.copytree(CONTENT / folder, small.root / folder)
    with pytest.raises(ContentError, match="E3"):
        read_contents(Settings(content_dir=small.root))
