"""The rehearsed Slack keeps Slack's rules: an unmodified slack-sdk meets them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.clock import ManualStopwatch, MovableClock
from rehearsal.server import RehearsalServer
from rehearsal.slack import demo
from rehearsal.slack.door import SlackDoor
from rehearsal.slack.errors import Refused
from rehearsal.slack.triggers import ResponseUrl

AMARA = demo.TRAINEES["Amara"][0]
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "A form"}, "blocks": [], "callback_id": "x"}


class Wire:
    """The door, a client with the bot's token, and an app on the other end of a socket."""

    def __init__(self, door: SlackDoor, stopwatch: ManualStopwatch, base: str, http: aiohttp.ClientSession) -> None:
        self.door = door
        self.stopwatch = stopwatch
        self.base = base
        self.http = http
        self.client = AsyncWebClient(demo.BOT_TOKEN, base_url=f"{base}/slack/api/", retry_handlers=[])
        self.team = door.world.teams[demo.TEAM]

    async def socket(self) -> aiohttp.ClientWebSocketResponse:
        """Open a socket as an app does and greet."""
        opened = await self.client.apps_connections_open(app_token=demo.APP_TOKEN)
        socket = await self.http.ws_connect(opened["url"])
        assert (await socket.receive_json())["type"] == "hello"
        return socket


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    stopwatch = ManualStopwatch()
    door = SlackDoor(demo.demo_world(MovableClock()), stopwatch)
    server = RehearsalServer([door])
    base = await server.start()
    async with aiohttp.ClientSession() as http:
        yield Wire(door, stopwatch, base, http)
        await server.stop()


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_what_is_not_there_says_so_and_is_remembered(wire: Wire) -> None:
    assert await refused(wire.client.api_call("emoji.list")) == "unknown_method"
    assert wire.door.unknown == ["emoji.list"]


async def test_tokens_and_scopes_are_asked_for(wire: Wire) -> None:
    url = f"{wire.base}/slack/api/"
    for token, said in (
        (None, "not_authed"),
        ("xoxb-other", "invalid_auth"),
        (demo.APP_TOKEN, "not_allowed_token_type"),
    ):
        assert await refused(AsyncWebClient(token, base_url=url).auth_test()) == said
    assert await refused(wire.client.apps_connections_open(app_token=demo.BOT_TOKEN)) == "not_allowed_token_type"
    wire.team.scopes.remove("chat:write")
    with pytest.raises(SlackApiError) as caught:
        await wire.client.chat_postMessage(channel=demo.DAILY_REFLECTION, text="x")
    assert caught.value.response["needed"] == "chat:write"
    wire.team.revoked = True
    assert await refused(wire.client.auth_test()) == "token_revoked"


async def test_channels_that_take_nothing_say_why(wire: Wire) -> None:
    post = wire.client.chat_postMessage
    assert await refused(post(channel="C0NOWHERE", text="x")) == "channel_not_found"
    assert await refused(post(channel=demo.COMMON_ROOM, text="x")) == "not_in_channel"
    wire.team.channels[demo.SUPERVISORS].members.remove(demo.BOT)
    assert await refused(post(channel=demo.SUPERVISORS, text="x")) == "channel_not_found"
    wire.team.channels[demo.DAILY_REFLECTION].is_archived = True
    assert await refused(post(channel=demo.DAILY_REFLECTION, text="x")) == "is_archived"


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}},
        {"type": "section", "text": {"type": "mrkdwn", "text": ""}},
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "actions", "elements": []},
        {"type": "carousel"},
    ],
)
async def test_blocks_that_slack_would_not_take_are_refused(wire: Wire, block: dict[str, Any]) -> None:
    call = wire.client.chat_postMessage(channel=demo.DAILY_REFLECTION, text="x", blocks=[block])
    assert await refused(call) == "invalid_blocks"


async def test_a_channel_takes_five_at_once_and_one_a_second_after(wire: Wire) -> None:
    async def post() -> int:
        try:
            await wire.client.chat_postMessage(channel=demo.DAILY_REFLECTION, text="x")
        except SlackApiError as error:
            return int(error.response.headers["Retry-After"]) if error.response.status_code == 429 else -1
        return 0

    assert [await post() for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    wire.stopwatch.pass_time(1)
    assert [await post() for _ in range(2)] == [0, 1]


async def test_a_trigger_is_good_once_and_for_three_seconds(wire: Wire) -> None:
    triggers = wire.door.interactions._triggers
    trigger = triggers.trigger(demo.TEAM, AMARA)
    await wire.client.views_open(trigger_id=trigger, view=MODAL)
    assert await refused(wire.client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    late = triggers.trigger(demo.TEAM, AMARA)
    wire.stopwatch.pass_time(3.1)
    assert await refused(wire.client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    assert await refused(wire.client.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_trigger_id"
    long = {**MODAL, "title": {"type": "plain_text", "text": "x" * 25}}
    assert await refused(wire.client.views_open(trigger_id="1.2.3", view=long)) == "invalid_arguments"


async def test_a_response_url_is_used_up_and_runs_out(wire: Wire) -> None:
    triggers = wire.door.interactions._triggers

    async def answer(token: str) -> int:
        body = json.dumps({"text": "a note"})
        async with wire.http.post(f"{wire.base}/slack/respond/{token}", data=body) as answered:
            return answered.status

    token = triggers.url(ResponseUrl(demo.TEAM, AMARA, demo.COMMON_ROOM, triggers.url_until()))
    assert [await answer(token) for _ in range(6)] == [200] * 5 + [404]
    assert len(wire.team.ephemerals) == 5
    late = triggers.url(ResponseUrl(demo.TEAM, AMARA, demo.COMMON_ROOM, triggers.url_until()))
    wire.stopwatch.pass_time(31 * 60)
    assert await answer(late) == 404
    wire.door.people.reload(demo.TEAM, AMARA)
    assert not wire.team.ephemerals


async def test_an_ephemeral_message_reaches_only_those_who_are_there(wire: Wire) -> None:
    wire.team.users[AMARA].active = False
    await wire.client.chat_postEphemeral(channel=demo.DAILY_REFLECTION, user=AMARA, text="x")
    assert not wire.team.ephemerals
    stranger = wire.client.chat_postEphemeral(channel=demo.SUPERVISORS, user=AMARA, text="x")
    assert await refused(stranger) == "user_not_in_channel"


async def test_an_event_comes_three_times_more_when_nobody_acknowledges(wire: Wire) -> None:
    socket = await wire.socket()
    await wire.door.people.send(demo.TEAM, AMARA, demo.DAILY_REFLECTION, "good morning")
    attempts = []
    for wait in (0, 60, 300, 0):
        envelope = await socket.receive_json(timeout=10)
        attempts.append((envelope["retry_attempt"], envelope["retry_reason"], envelope["payload"]["event_id"]))
        for seconds in (3.1, wait):
            wire.stopwatch.pass_time(seconds)
            for _ in range(20):
                await asyncio.sleep(0)
    assert [attempt for attempt, _, _ in attempts] == [0, 1, 2, 3]
    assert {reason for _, reason, _ in attempts} == {"", "timeout"}
    assert len({event for _, _, event in attempts}) == 1
    await socket.close()


async def test_an_event_waits_for_a_socket(wire: Wire) -> None:
    await wire.door.people.send(demo.TEAM, AMARA, demo.DAILY_REFLECTION, "good morning")
    await asyncio.sleep(0)
    socket = await wire.socket()
    envelope = await socket.receive_json()
    assert envelope["payload"]["event"]["text"] == "good morning"
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await socket.close()


async def test_an_act_that_nobody_answers_is_said_to_the_person(wire: Wire) -> None:
    with pytest.raises(Refused, match="not connected"):
        await wire.door.people.command(demo.TEAM, AMARA, demo.DAILY_REFLECTION, "help")
    socket = await wire.socket()
    acting = asyncio.create_task(wire.door.people.command(demo.TEAM, AMARA, demo.DAILY_REFLECTION, "help"))
    envelope = await socket.receive_json()
    assert envelope["type"] == "slash_commands"
    assert envelope["payload"]["text"] == "help"
    wire.stopwatch.pass_time(3.1)
    with pytest.raises(Refused, match="did not answer"):
        await acting
    await socket.close()


async def test_a_faults_switch_is_thrown_over_http(wire: Wire) -> None:
    url = f"{wire.base}/slack/control/faults"
    async with wire.http.post(url, json={"kind": "error", "method": "auth.test", "error": "fatal_error"}) as answer:
        assert answer.status == 200
    assert await refused(wire.client.auth_test()) == "fatal_error"
    assert (await wire.client.auth_test())["ok"]
    async with wire.http.post(url, json={"kind": "earthquake"}) as answer:
        assert answer.status == 400
    async with wire.http.post(url, json={"kind": "429"}, headers={"Origin": "http://elsewhere"}) as answer:
        assert answer.status == 403
