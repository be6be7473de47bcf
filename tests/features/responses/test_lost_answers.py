"""What stands in the thread though the platform's answer was lost, and what is withdrawn while it is on its way."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import OutcomeUnknown, TryLater
from bot.responses.outcomes import HeldForCare, Posted, Waiting
from tests.acting import AMARA, HERE, INGRID, Stage

WORDS = "I noticed how quickly I wanted to be of use."
RUDE = "You are all useless."
DARK = "Some days I wish I did not exist any more."


def bodies(at_work: Stage, posting: Any) -> list[str]:
    return [m.card.body for m in at_work.messenger.in_place(posting.thread)]


async def unknown_to_us(at_work: Stage) -> tuple[Any, str]:
    """Post words so that they stand in the thread and the platform's answer is lost."""
    posting = await at_work.morning()
    at_work.messenger.faults.append(("post", OutcomeUnknown(), True))
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, RUDE, "event-1")
    assert isinstance(outcome, Waiting)
    assert bodies(at_work, posting) == [RUDE]
    (kept,) = await at_work.stores.responses.of_posting(posting.id)
    return posting, kept.id


async def test_what_stands_unknown_to_us_goes_when_it_is_withdrawn(at_work: Stage) -> None:
    posting, ident = await unknown_to_us(at_work)
    await at_work.works.house.responses.withdraw(AMARA, ident)
    assert bodies(at_work, posting) == []


async def test_what_stands_unknown_to_us_goes_when_it_is_forgotten(at_work: Stage) -> None:
    posting, _ = await unknown_to_us(at_work)
    assert await at_work.works.house.responses.forget(AMARA.member, HERE) == 1
    assert bodies(at_work, posting) == []


async def test_what_stands_unknown_to_us_is_changed_in_its_place(at_work: Stage) -> None:
    posting, ident = await unknown_to_us(at_work)
    assert isinstance(await at_work.works.house.responses.edit(AMARA, ident, WORDS), Posted)
    assert bodies(at_work, posting) == [WORDS]


async def test_what_stands_unknown_to_us_can_be_hidden_while_it_is_changed(at_work: Stage) -> None:
    posting, ident = await unknown_to_us(at_work)
    assert isinstance(await at_work.works.house.responses.edit(AMARA, ident, DARK), HeldForCare)
    await at_work.works.house.moderation.hide(INGRID, ident)
    assert bodies(at_work, posting) == []


async def test_what_is_withdrawn_on_its_way_goes_even_when_the_platform_balks(
    at_work: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = await at_work.morning()
    responses = at_work.works.house.responses
    post = at_work.messenger.post

    async def withdrawn_meanwhile(*args: Any, **kwargs: Any) -> Any:
        (kept,) = await at_work.stores.responses.of_posting(posting.id)
        await responses.withdraw(AMARA, kept.id)
        at_work.messenger.faults.append(("delete", TryLater(), False))
        return await post(*args, **kwargs)

    monkeypatch.setattr(at_work.messenger, "post", withdrawn_meanwhile)
    await responses.submit(AMARA, posting.id, WORDS, "event-1")
    assert bodies(at_work, posting) == [WORDS]
    await at_work.works.publisher.publish_waiting()
    assert bodies(at_work, posting) == []
