"""Supervisors' hand on what stands: each act does its one thing, for supervisors alone, and names no author."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.cards import Card
from bot.errors import BadInput, NotAllowed, NotFound, TryLater
from bot.people import Caller, MessageRef
from bot.ports.postings import Posting
from bot.responses.outcomes import Posted
from tests.acting import AMARA, BENCE, CHANNEL, CHIOMA, INGRID, STRANGER, SUPERVISORS, Stage, buttons

WORDS = "I noticed how quickly I wanted to be of use."


async def posted(at_work: Stage) -> tuple[Posting, str]:
    posting = await at_work.morning()
    outcome = await at_work.works.house.responses.submit(AMARA, posting.id, WORDS, "event-1")
    assert isinstance(outcome, Posted)
    return posting, buttons(outcome.card)["edit"].subject


def standing(at_work: Stage, posting: Posting) -> list[str]:
    assert posting.thread is not None
    return [m.card.body for m in at_work.messenger.in_place(posting.thread)]


async def test_hide_and_restore(at_work: Stage) -> None:
    posting, ident = await posted(at_work)
    moderation = at_work.works.house.moderation
    await moderation.hide(INGRID, ident)
    assert WORDS not in standing(at_work, posting)[0]
    await moderation.restore(INGRID, ident)
    assert standing(at_work, posting) == [WORDS]


async def test_hiding_again_after_a_fault_takes_it_out_of_sight(at_work: Stage) -> None:
    posting, ident = await posted(at_work)
    at_work.messenger.faults.append(("edit", TryLater(), False))
    with pytest.raises(TryLater):
        await at_work.works.house.moderation.hide(INGRID, ident)
    await at_work.works.house.moderation.hide(INGRID, ident)
    assert WORDS not in standing(at_work, posting)[0]


async def test_editing_a_hidden_response_does_not_bring_it_back(at_work: Stage) -> None:
    posting, ident = await posted(at_work)
    await at_work.works.house.moderation.hide(INGRID, ident)
    await at_work.works.house.responses.edit(AMARA, ident, "Still here!")
    assert "Still here!" not in standing(at_work, posting)[0]


async def test_delete_is_for_good(at_work: Stage) -> None:
    posting, ident = await posted(at_work)
    await at_work.works.house.moderation.delete(INGRID, ident)
    assert standing(at_work, posting) == []
    with pytest.raises(NotFound):
        await at_work.works.house.moderation.restore(INGRID, ident)


async def test_a_flag_reaches_supervisors_without_the_flaggers_name_and_counts_once(at_work: Stage) -> None:
    _, ident = await posted(at_work)
    moderation = at_work.works.house.moderation
    for caller in (BENCE, BENCE, CHIOMA):
        await moderation.flag(caller, ident)
    notices = at_work.messenger.in_place(SUPERVISORS)
    assert len(notices) == 2
    assert BENCE.member.id not in at_work.messenger.everything()
    assert {"hide", "restore", "delete"} == set(buttons(notices[0].card))
    with pytest.raises(NotAllowed):
        await moderation.flag(STRANGER, ident)


async def test_lock_close_reopen(at_work: Stage) -> None:
    posting, ident = await posted(at_work)
    house = at_work.works.house
    await house.moderation.lock(INGRID, posting.id)
    with pytest.raises(BadInput):
        await house.responses.begin(BENCE, posting.id)
    await house.responses.edit(AMARA, ident, "Her hand stays on it.")
    await house.moderation.unlock(INGRID, posting.id)
    await house.responses.begin(BENCE, posting.id)
    first_key = at_work.keys.get(posting.id)
    await house.moderation.close(INGRID, posting.id)
    assert at_work.keys.get(posting.id) is None
    await house.moderation.reopen(INGRID, posting.id)
    assert at_work.keys.get(posting.id) not in (None, first_key)
    with pytest.raises(NotFound):
        await house.responses.begin_edit(AMARA, ident)
    await house.moderation.hide(INGRID, ident)
    assert isinstance(await house.responses.submit(BENCE, posting.id, WORDS, "event-9"), Posted)
    at_work.clock.advance(days=6)
    await at_work.works.rounds.go_round()
    assert at_work.keys.get(posting.id) is not None, "it has its full time again"


Act = Callable[[Stage, Caller, Posting, str], Awaitable[Card | str]]
ACTS: dict[str, Act] = {
    "hide": lambda s, c, p, r: s.works.house.moderation.hide(c, r),
    "restore": lambda s, c, p, r: s.works.house.moderation.restore(c, r),
    "delete": lambda s, c, p, r: s.works.house.moderation.delete(c, r),
    "lock": lambda s, c, p, r: s.works.house.moderation.lock(c, p.id),
    "unlock": lambda s, c, p, r: s.works.house.moderation.unlock(c, p.id),
    "close": lambda s, c, p, r: s.works.house.moderation.close(c, p.id),
    "reopen": lambda s, c, p, r: s.works.house.moderation.reopen(c, p.id),
    "pause": lambda s, c, p, r: s.works.house.moderation.pause(c, CHANNEL, "2026-12-24"),
    "resume": lambda s, c, p, r: s.works.house.moderation.resume(c, CHANNEL),
    "audit": lambda s, c, p, r: s.works.house.moderation.audit(c, CHANNEL),
    "menu": lambda s, c, p, r: s.works.house.moderation.menu(c, MessageRef(p.thread or CHANNEL, "9002")),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("caller", [AMARA, BENCE, STRANGER, replace(STRANGER, manages_workspace=True)])
async def test_nobody_but_supervisors_moderates(at_work: Stage, act: str, caller: Caller) -> None:
    posting, ident = await posted(at_work)
    before = at_work.messenger.everything()
    with pytest.raises((NotAllowed, BadInput)):
        await ACTS[act](at_work, caller, posting, ident)
    assert at_work.messenger.everything() == before


@pytest.mark.parametrize("act", [act for act in ACTS if act not in ("audit", "menu", "restore", "unlock", "reopen")])
async def test_every_act_of_a_supervisor_is_in_the_audit(at_work: Stage, act: str) -> None:
    posting, ident = await posted(at_work)
    await ACTS[act](at_work, INGRID, posting, ident)
    shown = await at_work.works.house.moderation.audit(INGRID, CHANNEL)
    assert f"<@{INGRID.member.id}> {act}" in shown.body
    assert AMARA.member.id not in shown.body


async def test_what_its_author_keeps_back_does_not_exist_for_supervisors(at_work: Stage) -> None:
    posting = await at_work.morning()
    await at_work.works.house.responses.submit(AMARA, posting.id, "I wish I did not exist any more.", "event-1")
    (held,) = await at_work.stores.responses.of_posting(posting.id)
    for act in ("hide", "restore", "delete"):
        with pytest.raises(NotFound):
            await ACTS[act](at_work, INGRID, posting, held.id)
