"""What goes wrong between Slack and the bot: a clear answer, no double post, nothing lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.platforms.slack.answering import AFTER_ACK
from bot.platforms.slack.opening import CannotStart
from rehearsal.slack import demo
from rehearsal.slack.interactions import action_of
from tests.doors.slack.conftest import PATIENCE, Bench, bench_in, said

WORDS = "It was a long silence & I <waited> for *something*."


async def test_a_response_goes_from_the_form_to_the_thread_without_a_name(bench: Bench) -> None:
    posting = await bench.morning()
    await bench.responds("Amara", posting, WORDS)
    (reply,) = bench.standing(replies=True)
    assert reply.thread_ts == posting.ts
    assert "&amp; I &lt;waited&gt; for" in said(reply.blocks)
    assert bench.id_of("Amara") not in str(reply)
    assert "It stands in the thread" in bench.shown("Amara")


async def test_half_a_sign_keeps_nobody_from_being_heard(bench: Bench) -> None:
    posting = await bench.morning()
    await bench.responds("Amara", posting, "A \ud83d\0 and a silence.")
    assert "A ? and a silence." in bench.standing(replies=True)[0].text
    await bench.responds("Amara", posting, "I will kill myself tonight. \ud83d")
    assert "999" in bench.shown("Amara")
    await bench.door.people.send(demo.TEAM, bench.id_of("Bence"), posting.channel, "I will kill myself tonight \udc00")
    await bench.settle()
    assert any("999" in message.text for message in bench.dm("Bence"))


async def test_a_trigger_that_expired_is_said_and_nothing_is_lost(bench: Bench) -> None:
    posting = await bench.morning()
    bench.door.faults.add({"kind": "error", "method": "views.open", "error": "expired_trigger_id"})
    await bench.press("Amara", posting, "respond")
    assert "three seconds" in bench.shown("Amara")
    assert not bench.views("Amara")
    await bench.responds("Amara", posting, WORDS)
    assert len(bench.standing(replies=True)) == 1


async def test_a_form_that_is_sent_twice_is_one_response(bench: Bench) -> None:
    posting = await bench.morning()
    await bench.press("Amara", posting, "respond")
    view = bench.team.views[bench.views("Amara")[-1]["id"]]
    user = bench.team.users[bench.id_of("Amara")]
    values = {"text": {"text": {"type": "plain_text_input", "value": WORDS}}}
    sending = [bench.door.interactions.submit(bench.team, user, view, values) for _ in range(2)]
    await asyncio.gather(*sending)
    await bench.settle()
    assert len(bench.standing(replies=True)) == 1


async def test_a_press_that_is_delivered_twice_is_answered_once(bench: Bench) -> None:
    posting = await bench.morning()
    block = next(b for b in posting.blocks if b["type"] == "actions")
    mine = next(e for e in block["elements"] if e["action_id"].startswith("tc:mine:"))
    user = bench.team.users[bench.id_of("Amara")]
    trigger = bench.door.interactions._triggers.trigger(demo.TEAM, user.id)
    bench.door.interactions._triggers.trigger = lambda *_: trigger  # type: ignore[method-assign]
    for _ in range(2):
        await bench.door.interactions.press(bench.team, user, posting, action_of("b", mine))
    await bench.settle()
    assert len(bench.notes("Amara")) == 1


@pytest.mark.parametrize("fault", ["duplicate_events", "lose_acks"])
async def test_an_event_that_comes_again_is_heard_once(bench: Bench, fault: str) -> None:
    # A lost acknowledgement costs three seconds of the wire's own time; here the wire is told to hurry.
    if fault == "lose_acks":
        bench.door.line._stopwatch = _Hurried(bench.door.line._stopwatch)  # type: ignore[assignment]
    bench.door.faults.line[fault] = 1
    channel = demo.DAILY_REFLECTION
    await bench.door.people.send(demo.TEAM, bench.id_of("Bence"), channel, "I am going to kill myself tonight")
    await bench.settle()
    await asyncio.sleep(0.1)
    await bench.settle()
    assert len(bench.dm("Bence")) == 1
    assert sum("may need a person" in m.text for m in bench.standing(demo.SUPERVISORS)) == 1
    if fault == "lose_acks":
        assert bench.door.line.retried == 1


class _Hurried:
    """A stopwatch whose three seconds are short."""

    def __init__(self, real: object) -> None:
        self._real = real

    def seconds(self) -> float:
        return self._real.seconds()  # type: ignore[attr-defined,no-any-return]

    def call_later(self, delay: float, callback: object) -> object:
        return self._real.call_later(delay / 100, callback)  # type: ignore[attr-defined]

    async def sleep(self, delay: float) -> None:
        await self._real.sleep(delay / 1000)  # type: ignore[attr-defined]


async def test_words_of_danger_in_a_form_are_met_in_the_form_and_directly(bench: Bench) -> None:
    posting = await bench.morning()
    await bench.responds("Amara", posting, "I want to end my life tonight, I have the pills here.")
    assert not bench.standing(replies=True)
    assert "999" in bench.shown("Amara")
    bench.door.people.reload(demo.TEAM, bench.id_of("Amara"))
    assert bench.shown("Amara") == ""
    assert any("999" in message.text for message in bench.dm("Amara"))


async def test_an_answer_to_a_form_that_was_closed_comes_directly(bench: Bench) -> None:
    posting = await bench.morning()
    bench.door.faults.add({"kind": "error", "method": "views.update", "error": "not_found"})
    await bench.responds("Amara", posting, WORDS)
    (standing,) = bench.standing(replies=True)
    (told,) = bench.dm("Amara")
    assert "under “My responses”" in told.text
    alias = standing.blocks[0]["text"]["text"]
    (flag,) = next(block["elements"] for block in standing.blocks if block["type"] == "actions")
    for trace in (alias, flag["value"], "silence"):
        assert trace in repr(standing)
        assert trace not in repr(told), "direct messages can be exported, and would say whose it is"


async def test_whoever_is_away_gets_the_card_of_care_all_the_same(bench: Bench) -> None:
    bench.team.users[bench.id_of("Bence")].active = False
    channel = demo.DAILY_REFLECTION
    await bench.door.people.send(demo.TEAM, bench.id_of("Bence"), channel, "I am going to kill myself tonight")
    await bench.settle()
    assert any("999" in message.text for message in bench.dm("Bence"))


async def test_an_archived_channel_keeps_the_prompt_waiting_and_it_comes_once(bench: Bench) -> None:
    before = len(bench.standing())
    channel = bench.team.channels[demo.DAILY_REFLECTION]
    channel.is_archived = True
    await bench.morning()
    assert len(bench.standing()) == before
    assert "archived" in await bench.command("Ingrid", "setup check", demo.SUPERVISORS)
    channel.is_archived = False
    for _ in range(3):
        await bench.clock.advance(timedelta(minutes=15))
        await bench.built.wakeups.poke()
        await bench.settle()
    assert len(bench.standing()) == before + 1


async def test_a_missing_scope_is_named_with_its_mend(bench: Bench) -> None:
    bench.team.scopes.remove("im:write")
    shown = await bench.command("Ingrid", "setup check")
    assert "im:write" in shown
    assert "OAuth &amp; Permissions" in shown


async def test_a_revoked_token_is_nobodys_lost_response(bench: Bench) -> None:
    posting = await bench.morning()
    await bench.press("Amara", posting, "respond")
    view = bench.views("Amara")[-1]
    bench.door.faults.add({"kind": "error", "method": "chat.postMessage", "error": "token_revoked", "count": 50})
    await bench.door.people.submit(demo.TEAM, bench.id_of("Amara"), view["id"], {"text": WORDS})
    await bench.settle()
    assert not bench.standing(replies=True)
    bench.door.faults.clear()
    (waiting,) = await bench.built.stores.responses.waiting(10)
    publisher = bench.built.house.moderation._publisher
    assert await publisher.publish(waiting, look_first=True)
    assert len(bench.standing(replies=True)) == 1


async def test_a_shared_channel_takes_nothing_anonymous_and_says_why(bench: Bench) -> None:
    posting = await bench.morning()
    await bench.press("Bence", posting, "respond")
    bench.team.channels[demo.DAILY_REFLECTION].is_ext_shared = True
    slack = bench.built.slack
    assert slack is not None
    slack.desk.people.forget_room(demo.TEAM, demo.DAILY_REFLECTION)
    await bench.press("Amara", posting, "respond")
    assert "shared with another organisation" in bench.shown("Amara")
    assert not bench.views("Amara")
    view = bench.views("Bence")[-1]
    await bench.door.people.submit(demo.TEAM, bench.id_of("Bence"), view["id"], {"text": WORDS})
    await bench.settle()
    assert not bench.standing(replies=True)
    assert "long silence" in bench.shown("Bence")
    assert "shared with another organisation" in await bench.command("Ingrid", "setup check")


async def test_words_behind_a_command_are_read_even_when_the_store_fails(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise StorageError("the database does not answer")

    monkeypatch.setattr(bench.built.house.cohorts, "roles_in", fails)
    shown = await bench.command("Amara", "I am going to kill myself tonight")
    assert "999" in shown
    assert "cannot use my store" in shown
    assert any("999" in message.text for message in bench.dm("Amara"))


async def test_a_card_that_can_be_shown_nowhere_is_owed(bench: Bench) -> None:
    posting = await bench.morning()
    await bench.press("Amara", posting, "respond")
    for method in ("views.update", "conversations.open"):
        bench.door.faults.add({"kind": "error", "method": method, "error": "not_found", "count": 50})
    view = bench.views("Amara")[-1]
    await bench.door.people.submit(demo.TEAM, bench.id_of("Amara"), view["id"], {"text": "I will kill myself tonight."})
    await bench.settle()
    assert "999" not in bench.shown("Amara")
    assert sum("may need a person" in m.text for m in bench.standing(demo.SUPERVISORS)) == 1
    bench.door.faults.clear()
    assert "999" in await bench.command("Amara", "why")


async def test_an_answer_does_not_overtake_the_acknowledgement_before_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = await bench.morning()
    await bench.press("Bence", posting, "respond")
    slack = bench.built.slack
    assert slack is not None
    assert slack._handler is not None
    client = slack._handler.client
    send = client.send_socket_mode_response

    async def late(response: object) -> None:
        await asyncio.sleep(AFTER_ACK / 2)
        await send(response)  # type: ignore[arg-type, no-untyped-call]

    monkeypatch.setattr(client, "send_socket_mode_response", late)
    await bench.door.people.submit(demo.TEAM, bench.id_of("Bence"), bench.views("Bence")[-1]["id"], {"text": " "})
    await bench.settle()
    assert "There was nothing in it" in bench.shown("Bence")


async def test_a_forged_action_leads_nowhere(bench: Bench) -> None:
    posting = await bench.morning()
    forged = {"type": "button", "action_id": "tc:no-such:thing", "text": {"type": "plain_text", "text": "x"}}
    user = bench.team.users[bench.id_of("Amara")]
    await bench.door.interactions.press(bench.team, user, posting, action_of("b", forged))
    await bench.settle()
    assert "not there any more" in bench.shown("Amara")


async def test_a_trainee_cannot_do_what_supervisors_do(bench: Bench) -> None:
    await bench.morning()
    for command in ("preview", "audit", "posting close", "setup start", "hold raise", "library list"):
        assert "not yours to do" in await bench.command("Amara", command), command


async def test_no_log_and_no_table_has_what_was_typed_or_who_typed_it(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    canary = "heron under the plum tree"
    posting = await bench.morning()
    await bench.responds("Amara", posting, canary)
    bench.door.faults.add({"kind": "status", "method": "chat.postMessage", "status": 502, "count": 2})
    await bench.responds("Amara", posting, f"{canary} again")
    await bench.command("Amara", f"nonsense {canary}")
    bench.door.faults.add({"kind": "error", "method": "views.open", "error": "invalid_arguments"})
    await bench.press("Amara", posting, "respond")
    assert len(bench.standing(replies=True)) >= 1
    ours = [record for record in caplog.records if not record.name.startswith(("aiosqlite", "sqlalchemy"))]
    lines = "\n".join(f"{record.name} {record.getMessage()} {record.exc_text or ''}" for record in ours)
    assert canary not in lines
    assert bench.id_of("Amara") not in lines
    everything = b"".join(path.read_bytes() for path in bench.folder.rglob("*") if path.is_file())
    assert canary.encode() not in everything


@pytest.mark.parametrize("kind", ["disconnect", "drop_socket"])
async def test_a_line_that_breaks_comes_back_and_nothing_is_missed(bench: Bench, kind: str) -> None:
    feed = bench.door.feeds.open(demo.TEAM, bench.id_of("Bence"))
    await bench.door.line.break_up(kind)
    channel = demo.DAILY_REFLECTION
    await bench.door.people.send(demo.TEAM, bench.id_of("Bence"), channel, "I am going to kill myself tonight")
    async with asyncio.timeout(PATIENCE):
        async for event in feed:
            if event["type"] == "message" and event["data"]["user"] == demo.BOT:
                break
    await bench.settle()
    assert any("999" in message.text for message in bench.dm("Bence"))
    assert bench.door.line.connections == 2


@pytest.mark.parametrize("where", ["channel", "thread", "direct"])
async def test_what_slack_gave_up_telling_is_read_when_the_line_stands_again(bench: Bench, where: str) -> None:
    posting = await bench.morning()
    await bench.door.people.send(demo.TEAM, bench.id_of("Devi"), demo.DAILY_REFLECTION, "I want to die, said before")
    await bench.settle()
    heard = len(bench.dm("Devi"))
    channel = bench.door.world.open_im(bench.team, bench.id_of("Bence")).id if where == "direct" else posting.channel
    thread = posting.ts if where == "thread" else None
    await bench.door.line.break_up("drop_socket")
    await bench.door.people.send(demo.TEAM, bench.id_of("Bence"), channel, "I will kill myself tonight", thread)
    bench.door.line._undelivered.clear()
    async with asyncio.timeout(PATIENCE):
        while not any("999" in message.text for message in bench.dm("Bence")):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    await bench.settle()
    assert len([message for message in bench.dm("Bence") if "999" in message.text]) == 1
    assert len(bench.dm("Devi")) == heard > 0


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        ({"slack_app_token": "xapp-wrong"}, "SLACK_APP_TOKEN"),
    ],
)
async def test_a_token_that_slack_refuses_is_one_sentence(
    tmp_path: Path, tokens: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CannotStart, match=sentence):
        async with bench_in(tmp_path, **tokens):
            raise AssertionError("it started")
