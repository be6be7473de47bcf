"""Killed while an item joins a pool, a suggestion is made or decided, an opinion counted: done once, or not at all."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.ports.postings import WishKind
from bot.prompts.item import Status
from tests.acting import AMARA, CHANNEL, INGRID, SUPERVISORS
from tests.faults.test_killed import Life, Story, _copied, _told
from tests.features.library.items import PROMPT, text

FILE = text().encode()
WISH = {"title": PROMPT["title"], "body": PROMPT["body"], "question": PROMPT["question"], "reason": ""}


async def _uploads(life: Life) -> None:
    await life.works.house.adding.upload(INGRID, CHANNEL, FILE)


async def _the_item_is_there_once_and_approved(life: Life) -> None:
    await _uploads(life)  # whoever saw no answer does it again
    (own,) = await life.stores.own_items.of_cohort(life.cohort.id)
    item = await life.works.house.reviewing._shelf.item(life.cohort.id, own.id)
    assert item.status is Status.APPROVED_HERE


async def _suggests(life: Life) -> None:
    suggesting = life.works.house.suggesting
    await suggesting.make(AMARA, f"{life.cohort.id}/prompt/mood-leak/shown", WISH, "event-1")


async def _the_suggestion_stands_once(life: Life) -> None:
    await _suggests(life)  # the same event delivered again
    (waiting,) = await life.stores.suggestions.open(life.cohort.id)
    assert [m.key for m in life.messenger.in_place(SUPERVISORS)] == [waiting.id]


async def _has_suggested(life: Life) -> None:
    await _suggests(life)


async def _takes_it(life: Life) -> None:
    for waiting in await life.stores.suggestions.open(life.cohort.id):
        await life.works.house.adding.approve_suggested(INGRID, waiting.id)


async def _it_is_taken_once_and_nobodys(life: Life) -> None:
    with suppress(BadInput):
        await _takes_it(life)
    (own,) = await life.stores.own_items.of_cohort(life.cohort.id)
    assert own.text
    assert await life.stores.suggestions.open(life.cohort.id) == []
    ids = {wish.item_id for wish in await life.stores.postings.wishes(life.cohort.id) if wish.kind is WishKind.APPROVE}
    assert ids <= {own.id}


async def _morning(life: Life) -> None:
    await life.morning()


async def _says_what_was_off(life: Life) -> None:
    await life.works.house.opinions.give(AMARA, (await life.posting()).id, "missed")


async def _it_counts_once(life: Life) -> None:
    await _says_what_was_off(life)
    (takes,) = await life.stores.opinions.of_cohort(life.cohort.id)
    assert takes.times == 1


STORIES = {
    "uploading an item": Story(_uploads, _the_item_is_there_once_and_approved),
    "suggesting an item": Story(_suggests, _the_suggestion_stands_once, at_least=4),
    "taking a suggestion": Story(_takes_it, _it_is_taken_once_and_nobodys, _has_suggested),
    "saying what was off": Story(_says_what_was_off, _it_counts_once, _morning, at_least=4),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
async def test_killed_at_every_point(story: Story, sqlite_template: Path, tmp_path: Path) -> None:
    for step in count(1):
        life = await _told(story, step, False, _copied(sqlite_template, tmp_path / str(step)))
        if "died" not in life.notes:
            break
    assert step > story.at_least, "its points are not counted any more"
