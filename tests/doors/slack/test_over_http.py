"""HTTP mode: Slack's signature, installation in many workspaces, and tokens that nobody reads in the database."""

from __future__ import annotations

import asyncio
import html
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from multidict import CIMultiDict

from bot.cohorts.reading import form_of
from bot.people import Member, Platform, Workspace
from bot.platforms.slack.http import States
from rehearsal import play
from rehearsal.clock import MovableClock
from rehearsal.slack import demo
from rehearsal.slack.line import signed
from tests.doors.slack.conftest import Bench

SECOND, SECOND_TOKEN = "T0SECOND0", "xoxb-second-workspace"


class Office(Bench):
    """The bot over HTTP, in no workspace yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, clock=MovableClock())  # signatures are of this very moment
        demo.add_team(self.door.world, SECOND, "Southside Programme", SECOND_TOKEN)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.door.world.app.events_url = f"{self.base}/slack/events"
        self.http: aiohttp.ClientSession

    async def start(self, rehearsal: str) -> None:
        app = self.door.world.app
        await self.open(
            rehearsal,
            slack_bot_token=None,
            slack_app_token=None,
            slack_signing_secret=demo.SIGNING_SECRET,
            slack_client_id=app.client_id,
            slack_client_secret=app.client_secret,
            slack_http_port=self.port,
        )

    async def install(self, team: str) -> int:
        """Go the way of an administrator's browser; return the last page's status."""
        async with self.http.get(f"{self.base}/slack/install") as page:
            assert page.status == 200
            # The cookie is for https alone, which a proxy would speak here.
            cookie = {"Cookie": page.headers["Set-Cookie"].partition(";")[0]}
            link = re.search(r'href="(https://[^"]*/oauth/v2/authorize[^"]*)"', await page.text())
        assert link is not None
        asked = parse_qs(urlsplit(html.unescape(link[1])).query)
        assert set(asked["scope"][0].split(",")) == set(demo.SCOPES)
        code = self.door.directory.invite(self.door.world.teams[team])
        query = urlencode({"code": code, "state": asked["state"][0]})
        async with self.http.get(f"{self.base}/slack/oauth_redirect?{query}", headers=cookie) as page:
            return page.status

    async def token(self, team: str) -> str | None:
        """The token that the bot would use in a workspace."""
        assert self.built.slack is not None
        assert self.built.slack._installed is not None
        return await self.built.slack._installed.token_of(team)

    async def post(self, body: str | bytes, headers: Mapping[str, str]) -> int:
        given = CIMultiDict(headers)
        given.setdefault("Content-Type", "application/x-www-form-urlencoded")
        async with self.http.post(f"{self.base}/slack/events", data=body, headers=given) as answer:
            return answer.status


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path)
    async with AsyncExitStack() as stack:
        base = await made.server.start()
        stack.push_async_callback(made.server.stop)
        stack.push_async_callback(made.close)
        made.http = await stack.enter_async_context(aiohttp.ClientSession())
        await made.start(base)
        yield made


def a_command(office: Office, team: str = demo.TEAM) -> str:
    return urlencode(
        {
            "command": "/chair",
            "text": "resources",
            "team_id": team,
            "channel_id": demo.COMMON_ROOM,
            "user_id": office.id_of("Bence"),
            "trigger_id": "1.2.3",
            "response_url": f"{office.door.world.base_url}/slack/respond/nowhere",
            "api_app_id": office.door.world.app.id,
        }
    )


async def test_two_workspaces_install_it_and_each_is_answered_by_its_own_token(office: Office) -> None:
    for team in (demo.TEAM, SECOND):
        assert await office.install(team) == 200
    for team in (demo.TEAM, SECOND):
        person = office.id_of("Bence")
        await office.door.people.command(team, person, demo.COMMON_ROOM, "resources")
        await office.settle()
        notes = [m for m in office.door.world.teams[team].ephemerals.values() if m.ephemeral_to == person]
        assert len(notes) == 1
        assert "People you can talk to" in notes[0].text


async def test_two_workspaces_with_the_same_ids_are_two(office: Office) -> None:
    """Slack's ids are a workspace's own: channels, people and roles of both are called the same here."""
    for team in (demo.TEAM, SECOND):
        await office.install(team)
    ingrid = play._ingrid_on_slack()
    await play.seed(office.built.house, (Platform.SLACK,))
    (ours,) = await office.built.house.cohorts.in_workspace(ingrid)
    theirs = Workspace(Platform.SLACK, SECOND)
    stranger = replace(ingrid, workspace=theirs, member=Member(Platform.SLACK, f"{SECOND}-{office.id_of('Ingrid')}"))
    assert not await office.built.house.cohorts.in_workspace(stranger)
    await office.built.house.cohorts.setup(stranger, form_of(ours), "second")
    second = office.door.world.teams[SECOND]
    second.channels[demo.SUPERVISORS].members.append(office.id_of("Finn"))

    async def asks(team: str, text: str) -> str:
        before = {m.ts for t in office.door.world.teams.values() for m in t.ephemerals.values()}
        await office.door.people.command(team, office.id_of("Finn"), demo.DAILY_REFLECTION, text)
        await office.settle()
        notes = office.door.world.teams[team].ephemerals.values()
        return " ".join(m.text for m in notes if m.ts not in before)

    assert "not yours to do" in await asks(demo.TEAM, "audit")
    assert "What supervisors did" in await asks(SECOND, "audit")
    assert "not yours to do" in await asks(demo.TEAM, "audit")
    body = urlencode({"payload": json.dumps(pressed(office, f"tc:setup-remove:{ours.id}"))})
    assert await office.post(body, signed(office.door.world, body, int(time.time()))) == 200
    await office.settle()
    assert len(await office.built.stores.cohorts.every()) == 2


def pressed(office: Office, action: str) -> dict[str, object]:
    """A button with an id of the other workspace's, pressed by a supervisor of this one."""
    return {
        "type": "block_actions",
        "team": {"id": SECOND},
        "user": {"id": office.id_of("Ingrid"), "team_id": SECOND},
        "api_app_id": office.door.world.app.id,
        "trigger_id": "3.2.1",
        "container": {"type": "message", "channel_id": demo.SUPERVISORS, "message_ts": "1.2"},
        "channel": {"id": demo.SUPERVISORS},
        "response_url": f"{office.door.world.base_url}/slack/respond/nowhere",
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": ""}],
    }


async def test_tokens_lie_sealed_in_the_database(office: Office) -> None:
    await office.install(demo.TEAM)
    assert await office.token(demo.TEAM) == demo.BOT_TOKEN
    everything = b"".join(path.read_bytes() for path in office.folder.glob("third-chair.db*"))
    assert b"installations" in everything
    assert demo.BOT_TOKEN.encode() not in everything


async def test_a_workspace_that_leaves_is_forgotten(office: Office) -> None:
    await office.install(demo.TEAM)
    assert await office.token(demo.TEAM)
    office.door.events.tell(office.team, {"type": "app_uninstalled"})
    async with asyncio.timeout(10):
        await asyncio.gather(*office.door.line._tasks)
    await office.settle()
    assert await office.token(demo.TEAM) is None


async def test_an_installation_with_a_state_of_somebody_elses_is_refused(office: Office) -> None:
    code = office.door.directory.invite(office.team)
    async with office.http.get(f"{office.base}/slack/oauth_redirect?code={code}&state=guessed") as page:
        assert page.status == 400
    assert await office.token(demo.TEAM) is None


async def test_only_slacks_own_fresh_requests_are_taken_in_and_each_once(office: Office) -> None:
    await office.install(demo.TEAM)
    body = a_command(office)
    world = office.door.world
    now = int(time.time())
    assert await office.post(body, {}) == 401
    assert await office.post(body, {"X-Slack-Signature": "v0=0", "X-Slack-Request-Timestamp": str(now)}) == 401
    assert await office.post(body, signed(world, body, now - 600)) == 401
    assert await office.post(body + "&text=more", signed(world, body, now)) == 401
    fresh = signed(world, body, now)
    assert await office.post(body, fresh) == 200
    await office.settle()
    assert await office.post(body, fresh) == 401
    assert await office.post(body, signed(world, body, now - 1)) == 200  # Slack's own repeat: answered, not done again
    await office.settle()
    assert len(office.dm("Bence")) == 1  # the response url leads nowhere, so the answer came directly


async def test_a_request_is_not_taken_in_again_under_a_second_signature(office: Office) -> None:
    await office.install(demo.TEAM)
    body = a_command(office)
    headers = CIMultiDict(signed(office.door.world, body, int(time.time())))
    assert await office.post(body, headers) == 200
    assert await office.post(body, {**headers, "X-Slack-Request-Timestamp": "soon"}) == 401
    assert await office.post(body, {**headers, "X-Slack-Signature": "v0=é"}) == 401
    for name, value in (("X-Slack-Signature", "v0=0"), ("X-Slack-Request-Timestamp", "0")):
        again: CIMultiDict[str] = CIMultiDict([(name, value), *headers.items()])
        assert await office.post(body, again) == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/json"),
        (b"{}", "application/json; charset=nowhere"),
        (b"[" * 200_000, "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_written_in_no_log(
    office: Office, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    caplog.clear()
    assert await office.post(body, {"Content-Type": kind}) == 401
    assert not [record for record in caplog.records if record.exc_info]


async def test_slacks_question_whether_we_are_here_is_answered_to_slack_alone(office: Office) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "c0ffee"})
    kind = {"Content-Type": "application/json"}
    assert await office.post(body, kind) == 401
    assert await office.post(a_command(office) + "&ssl_check=1", {}) == 200  # Slack tries our certificate: nothing done
    await office.settle()
    assert not office.dm("Bence")
    headers = kind | signed(office.door.world, body, int(time.time()))
    async with office.http.post(f"{office.base}/slack/events", data=body, headers=headers) as answer:
        assert (answer.status, "c0ffee" in await answer.text()) == (200, True)


async def test_an_installation_counts_once_in_its_own_browser_and_for_ten_minutes(office: Office) -> None:
    assert office.built.slack is not None
    assert office.built.slack._http is not None
    flow = office.built.slack._http._flow
    assert flow is not None
    states = flow.settings.state_store
    assert isinstance(states, States)
    code = partial(office.door.directory.invite, office.team)

    async def back(state: str, cookie: str) -> int:
        query, name = urlencode({"code": code(), "state": state}), flow.settings.state_cookie_name
        given = {"Cookie": f"{name}={cookie}"} if cookie else {}
        async with office.http.get(f"{office.base}/slack/oauth_redirect?{query}", headers=given) as page:
            return page.status

    ours, another = await states.async_issue(), await states.async_issue()
    assert [await back(ours, ""), await back(ours, another)] == [400, 400]
    assert await back(ours, ours) == 200
    assert await back(ours, ours) == 401
    states._now = lambda: time.monotonic() + 601
    assert await back(another, another) == 401


async def test_a_workspace_that_never_installed_it_is_told_so(office: Office) -> None:
    body = a_command(office, SECOND)
    assert await office.post(body, signed(office.door.world, body, int(time.time()))) == 200
    await office.settle()
    assert not [entry for entry in office.door.requests if entry["method"] == "chat.postMessage"]
