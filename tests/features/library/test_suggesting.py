"""A member's suggestion: without her name unless she wants it, decided once, and then nobody's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import BadInput, NotAllowed, NotFound, TryLater
from bot.people import Caller
from bot.ports.library import Suggestion
from tests.acting import AMARA, BENCE, CHANNEL, INGRID, STRANGER, SUPERVISORS, Stage, buttons
from tests.features.library.items import PROMPT

WISH = {"title": PROMPT["title"], "body": PROMPT["body"], "question": PROMPT["question"], "reason": "I miss it."}


async def suggested(at_work: Stage, who: Caller = AMARA, *, shown: bool = False, token: str = "t1") -> Suggestion:
    form = await at_work.works.house.suggesting.begin(who, CHANNEL, "prompt", "mood-leak", shown=shown)
    await at_work.works.house.suggesting.make(who, form.subject, WISH, token)
    waiting = await at_work.stores.suggestions.open(at_work.cohort.id)
    return waiting[-1]


def every_byte(folder: Path) -> bytes:
    """All that the database has on disk, its write-ahead log included."""
    return b"".join(path.read_bytes() for path in folder.glob("third-chair.db*"))


async def test_supervisors_see_it_and_not_who_made_it(at_work: Stage) -> None:
    suggestion = await suggested(at_work)
    (standing,) = at_work.messenger.in_place(SUPERVISORS)
    assert WISH["body"] in standing.card.body
    assert set(buttons(standing.card)) == {"suggestion-approve", "suggestion-copy", "suggestion-decline"}
    assert AMARA.member.id not in at_work.messenger.everything()
    assert suggestion.shown is None
    assert at_work.messenger.in_place(CHANNEL) == []


async def test_whoever_wants_to_be_shown_is_until_it_is_decided(at_work: Stage) -> None:
    suggestion = await suggested(at_work, shown=True)
    assert f"<@{AMARA.member.id}>" in at_work.messenger.everything()
    privacy = at_work.works.house.privacy
    assert WISH["title"] in str((await privacy.show(AMARA)).fields)
    await at_work.works.house.suggesting.decline(INGRID, suggestion.id)
    assert WISH["title"] not in str((await privacy.show(AMARA)).fields)
    assert AMARA.member.id not in at_work.messenger.everything()
    kept = await at_work.stores.suggestions.get(suggestion.id)
    assert kept is not None
    assert kept.shown is None
    assert AMARA.member.id not in str(await at_work.stores.audit.latest(at_work.cohort.id, 20))


async def test_whoever_is_forgotten_is_named_on_no_card_either(at_work: Stage) -> None:
    suggestion = await suggested(at_work, shown=True)
    await at_work.works.house.privacy.forget_me(AMARA)
    assert AMARA.member.id not in at_work.messenger.everything()
    assert suggestion.title in at_work.messenger.everything()


@pytest.mark.parametrize("shown", [False, True])
async def test_no_byte_of_the_database_knows_who_suggested_a_decided_one(
    at_work: Stage, tmp_path: Path, shown: bool
) -> None:
    suggestion = await suggested(at_work, shown=shown)
    before = every_byte(tmp_path)
    assert (AMARA.member.id.encode() in before) is shown
    await at_work.works.house.suggesting.decline(INGRID, suggestion.id)
    after = every_byte(tmp_path)
    assert AMARA.member.id.encode() not in after
    assert suggestion.title.encode() in after, "the look was in the right place"


async def test_taken_as_it_is_it_joins_the_pool_with_plain_notes(at_work: Stage) -> None:
    suggestion = await suggested(at_work)
    told = await at_work.works.house.adding.approve_suggested(INGRID, suggestion.id)
    assert "is in your cohort's pool now" in told.card.body, told.card.body
    (own,) = await at_work.stores.own_items.of_cohort(at_work.cohort.id)
    assert "Guessing who suggested it." in own.text
    (standing,) = at_work.messenger.in_place(SUPERVISORS)
    assert standing.card.buttons == ()
    assert "Approved" in standing.card.footer


async def test_what_the_lint_objects_to_can_be_mended_in_a_copy(at_work: Stage) -> None:
    house = at_work.works.house
    form = await house.suggesting.begin(AMARA, CHANNEL, "prompt", "", shown=False)
    await house.suggesting.make(AMARA, form.subject, {**WISH, "question": "Did you notice?"}, "t1")
    (suggestion,) = await at_work.stores.suggestions.open(at_work.cohort.id)
    told = await house.adding.approve_suggested(INGRID, suggestion.id)
    assert "**question**" in told.card.body
    assert await at_work.stores.suggestions.open(at_work.cohort.id), "still to be decided"
    copy = await house.adding.begin_suggested(INGRID, suggestion.id)
    filled = {field.name: field.text for field in copy.fields} | {"question": WISH["question"]}
    told = await house.adding.filled(INGRID, copy.draft_id, filled)
    assert "is in your cohort's pool now" in told.card.body
    assert await at_work.stores.suggestions.open(at_work.cohort.id) == []


async def test_two_supervisors_decide_once(at_work: Stage) -> None:
    suggestion = await suggested(at_work)
    house = at_work.works.house
    results = await asyncio.gather(
        house.adding.approve_suggested(INGRID, suggestion.id),
        house.suggesting.decline(INGRID, suggestion.id),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, BadInput)]
    assert [each.key for each in refused] == ["library.suggestion.decided"]
    kept = await at_work.stores.suggestions.get(suggestion.id)
    own = await at_work.stores.own_items.of_cohort(at_work.cohort.id)
    assert kept is not None
    assert (kept.decided == "approved") == bool(own)


async def test_the_same_form_delivered_twice_is_one_suggestion(at_work: Stage) -> None:
    await suggested(at_work)
    await suggested(at_work)
    assert len(await at_work.stores.suggestions.open(at_work.cohort.id)) == 1
    assert len(at_work.messenger.in_place(SUPERVISORS)) == 1


async def test_a_channel_that_cannot_be_reached_loses_nothing(at_work: Stage) -> None:
    at_work.messenger.faults.append(("post", TryLater(5.0), False))
    house = at_work.works.house
    form = await house.suggesting.begin(AMARA, CHANNEL, "prompt", "", shown=False)
    told = await house.suggesting.make(AMARA, form.subject, WISH, "t1")
    assert "they find your suggestion in /library suggestions" in told.card.body
    (card,) = await house.suggesting.open(INGRID, CHANNEL)
    assert WISH["body"] in card.body


@pytest.mark.parametrize(
    ("change", "said"),
    [({"body": "My client Sarah came late."}, "it may name a client"), ({"question": " "}, "needs a title, a text")],
)
async def test_what_cannot_be_passed_on_comes_back_whole(at_work: Stage, change: dict[str, str], said: str) -> None:
    house = at_work.works.house
    form = await house.suggesting.begin(AMARA, CHANNEL, "prompt", "", shown=False)
    told = await house.suggesting.make(AMARA, form.subject, {**WISH, **change}, "t1")
    assert said in told.card.body
    assert WISH["title"] in told.text
    assert await at_work.stores.suggestions.open(at_work.cohort.id) == []
    assert at_work.messenger.in_place(SUPERVISORS) == []


async def test_five_a_day_and_no_more(at_work: Stage) -> None:
    for number in range(5):
        await suggested(at_work, token=f"t{number}")
    with pytest.raises(BadInput, match=r"library.suggestion.enough"):
        await suggested(at_work, token="t6")
    await suggested(at_work, BENCE, token="t7")
    at_work.clock.advance(days=1, seconds=1)
    await suggested(at_work, token="t8")


async def test_only_members_suggest_and_only_supervisors_decide(at_work: Stage) -> None:
    house = at_work.works.house
    with pytest.raises((NotAllowed, BadInput)):
        await house.suggesting.begin(STRANGER, CHANNEL, "prompt", "", shown=False)
    with pytest.raises(BadInput, match=r"library.bad.theme"):
        await house.suggesting.begin(AMARA, CHANNEL, "prompt", "weather", shown=False)
    suggestion = await suggested(at_work)
    for act in (
        house.suggesting.decline(AMARA, suggestion.id),
        house.adding.approve_suggested(AMARA, suggestion.id),
        house.adding.begin_suggested(AMARA, suggestion.id),
        house.suggesting.open(AMARA, CHANNEL),
    ):
        with pytest.raises(NotAllowed):
            await act
    for act in (house.suggesting.decline(INGRID, "sg-x"), house.adding.approve_suggested(INGRID, "sg-x")):
        with pytest.raises(NotFound):
            await act
    with pytest.raises((NotAllowed, NotFound)):
        await house.suggesting.make(STRANGER, f"{at_work.cohort.id}/prompt/-/unnamed", WISH, "t")
