"""The page's routes without a browser: what they refuse, whom they let in, and what the socket tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from rehearsal import demo
from tests.page.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")
AMARA, BENCE, INGRID = demo.TRAINEES["Amara"][0], demo.TRAINEES["Bence"][0], demo.SUPERVISING["Ingrid"][0]
SEND = {"as": str(AMARA), "do": "send", "channel_id": str(demo.COMMON_ROOM), "content": "Good morning"}


@pytest_asyncio.fixture(loop_scope="session")
async def http(stage: Stage) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=stage.url) as session:
        yield session


async def refused(response: aiohttp.ClientResponse) -> str:
    """Check that an answer is an error with one sentence, and return the sentence."""
    assert 400 <= response.status < 500
    body = await response.json()
    assert body["ok"] is False
    sentence: str = body["error"]
    assert sentence.endswith((".", "?"))
    assert sentence.count(". ") == 0
    return sentence


async def test_an_action_is_done_and_its_result_returned(http: aiohttp.ClientSession) -> None:
    async with http.post("/page/act", json=SEND) as response:
        body = await response.json()
    assert body["ok"] is True
    assert body["result"]["content"] == "Good morning"


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"as": "1"}, "no such person"),
        ({"as": None}, "as whom"),
        ({"as": 7}, "as whom"),
        ({"do": "fly"}, "does not know that action"),
        ({"do": "snapshot"}, "does not know that action"),
        ({"do": "__class__"}, "does not know that action"),
        ({"do": ["send"]}, "does not know that action"),
        ({"content": None}, "needs “content”"),
        ({"content": 5}, "must be text"),
        ({"flavour": "mint"}, "does not take"),
        ({"channel_id": str(demo.SUPERVISORS)}, "cannot see"),
        ({"channel_id": "../etc"}, "gone"),
        ({"content": "x" * 2001}, "1 characters too long"),
        (
            {"do": "select", "content": None, "channel_id": None, "message_id": "1", "custom_id": "a", "values": "a"},
            "a list",
        ),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_sentence(
    http: aiohttp.ClientSession, change: dict[str, Any], hint: str
) -> None:
    async with http.post("/page/act", json={**SEND, **change}) as response:
        assert hint in await refused(response)


@pytest.mark.parametrize("path", ["/page/act", "/page/clock"])
@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"null", b""])
async def test_what_is_no_json_object_is_refused(http: aiohttp.ClientSession, path: str, body: bytes) -> None:
    async with http.post(path, data=body, headers={"Content-Type": "application/json"}) as response:
        assert "JSON" in await refused(response)


async def test_a_form_post_such_as_another_site_can_send_is_refused(http: aiohttp.ClientSession) -> None:
    async with http.post("/page/act", data=b'{"as":"1"}', headers={"Content-Type": "text/plain"}) as response:
        assert "JSON" in await refused(response)


@pytest.mark.parametrize(
    "path", ["/page/snapshot", "/page/history", "/page/live", "/page/snapshot?as=1", "/page/live?as=x"]
)
async def test_reading_as_nobody_is_refused(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path) as response:
        await refused(response)


async def test_another_persons_channel_cannot_be_read(http: aiohttp.ClientSession) -> None:
    query = {"as": str(AMARA), "channel": str(demo.SUPERVISORS)}
    async with http.get("/page/history", params=query) as response:
        assert "cannot see" in await refused(response)
    async with http.get("/page/snapshot", params={"as": str(AMARA)}) as response:
        seen = await response.json()
    assert str(demo.SUPERVISORS) not in {channel["id"] for channel in seen["channels"]}


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/page/personas", f"/page/live?as={AMARA}"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rehearsal.example"},
        {"Host": "127.0.0.1.example:80"},
        {"Host": "[::1"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
    ],
)
async def test_strangers_are_turned_away(http: aiohttp.ClientSession, path: str, headers: dict[str, str]) -> None:
    async with http.get(path, headers=headers) as response:
        assert response.status == 403
        await refused(response)


async def test_a_stranger_cannot_act_or_move_the_clock(http: aiohttp.ClientSession, stage: Stage) -> None:
    before = stage.clock.now()
    for path, body in (("/page/act", SEND), ("/page/clock", {"do": "hour"})):
        async with http.post(path, json=body, headers={"Origin": "https://evil.example"}) as response:
            assert response.status == 403
    assert stage.clock.now() == before
    assert await stage.door.people.history(AMARA, demo.COMMON_ROOM) == []


async def test_localhost_and_the_pages_own_origin_are_welcome(http: aiohttp.ClientSession, stage: Stage) -> None:
    host = stage.url.removeprefix("http://").replace("127.0.0.1", "localhost")
    async with http.get("/page/personas", headers={"Host": host, "Origin": f"http://{host}"}) as response:
        assert len((await response.json())["personas"]) == 8


async def test_every_answer_carries_the_policy(http: aiohttp.ClientSession) -> None:
    for path in ("/", "/static/main.js", "/page/personas", "/static/none.js"):
        async with http.get(path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "require-trusted-types-for 'script'" in policy
            assert "unsafe" not in policy
            assert "https:" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["none.js", "..%2Froutes.py", "%2e%2e%2froutes.py", "routes.py"])
async def test_only_the_pages_files_are_served(http: aiohttp.ClientSession, name: str) -> None:
    async with http.get(f"/static/{name}") as response:
        assert response.status == 404


async def test_the_clock_says_where_it_is(http: aiohttp.ClientSession, stage: Stage) -> None:
    async with http.post("/page/clock", json={"do": "set", "to": "2026-03-05T10:30:00+01:00"}) as response:
        assert (await response.json())["clock"] == stage.clock.now().isoformat() == "2026-03-05T09:30:00+00:00"


@pytest.mark.parametrize(
    "asked", [{"do": "back"}, {}, {"do": "set"}, {"do": "set", "to": "soon"}, {"do": "set", "to": "2026-03-05T10:30"}]
)
async def test_the_clock_refuses_what_it_cannot_do(
    http: aiohttp.ClientSession, stage: Stage, asked: dict[str, str]
) -> None:
    before = stage.clock.now()
    async with http.post("/page/clock", json=asked) as response:
        await refused(response)
    assert stage.clock.now() == before


async def test_the_socket_tells_ones_own_events_and_only_the_place_of_others(
    http: aiohttp.ClientSession, stage: Stage
) -> None:
    async with http.ws_connect("/page/live", params={"as": str(AMARA)}) as socket:
        assert (await socket.receive_json(timeout=5))["type"] == "ready"
        await stage.door.people.send(INGRID, demo.SUPERVISORS, "Private among supervisors")
        hint = await socket.receive_json(timeout=5)
        assert hint["type"] == "elsewhere"
        assert set(hint["data"]) == {"persona", "channel_id", "direct"}
        await stage.door.people.send(BENCE, demo.COMMON_ROOM, f"Hello <@{AMARA}>")
        events = [await socket.receive_json(timeout=5) for _ in range(7)]
    own = [event for event in events if event["type"] == "message_create"]
    assert [event["data"]["content"] for event in own] == [f"Hello <@{AMARA}>"]
    assert {event["data"]["persona"] for event in events if event["type"] == "elsewhere"}.isdisjoint(
        {str(AMARA), str(BENCE)}
    )


async def test_leaving_the_socket_ends_its_feeds(http: aiohttp.ClientSession, stage: Stage) -> None:
    async with http.ws_connect("/page/live", params={"as": str(AMARA)}) as socket:
        await socket.receive_json(timeout=5)
        assert len(stage.door.feeds._open) == 8
    await stage.server.stop()
    assert stage.door.feeds._open == []
