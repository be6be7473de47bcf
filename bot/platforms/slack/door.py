"""The app that slack-bolt runs: it turns Slack's payloads into visits, and answers for what goes wrong.

Each act is acknowledged before any work, because Slack waits three seconds; a form that was sent is acknowledged with a
view that says so, into which the answer comes.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.errors import BadInput, MessengerError, NotAllowed, NotFound
from bot.people import Caller
from bot.platforms.slack import failures, handlers, ids, reading, render
from bot.platforms.slack.answering import Beside, Directly, InModal, NewModal, Surface
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.hearing import Hearing
from bot.platforms.slack.home import Home
from bot.platforms.slack.mrkdwn import COMMAND
from bot.platforms.slack.people import Profile
from bot.platforms.slack.router import First, Handler
from bot.platforms.slack.visit import Visit

if TYPE_CHECKING:
    from bot.house import House

_log = logging.getLogger(__name__)

Json = Mapping[str, Any]
Authorize = Callable[..., Awaitable[AuthorizeResult | None]]
Leaving = Callable[[str], Awaitable[None]]

OURS = re.compile(r"^tc:")


def _quiet() -> logging.Logger:
    """Return slack-bolt's logger with what it may say: below ERROR it logs what people write."""
    theirs = logging.getLogger("slack_bolt.third_chair")
    theirs.setLevel(max(theirs.level, logging.ERROR))
    return theirs


class SlackDoor:
    """The door itself. `left` is told of workspaces that have removed the app."""

    def __init__(
        self, desk: Desk, authorize: Authorize, *, signing_secret: str | None = None, left: Leaving | None = None
    ) -> None:
        self.desk = desk
        self.hearing = Hearing(desk)
        self.home = Home(desk)
        self._left = left
        self._working: set[asyncio.Task[Any]] = set()
        handlers.register(desk)
        self.app = AsyncApp(
            logger=_quiet(),
            client=desk.session.client(),
            authorize=authorize,  # type: ignore[arg-type]  # None is how bolt hears of no installation
            signing_secret=signing_secret,
            request_verification_enabled=signing_secret is not None,
        )
        app = self.app
        app.command(COMMAND)(self._counted(self._command))
        app.action(OURS)(self._counted(self._action))
        app.view(OURS)(self._counted(self._form))
        for callback_id in desk.router.shortcuts:
            app.shortcut(callback_id)(self._counted(self._shortcut))
        app.event("message")(self._counted(self._message))
        app.event("app_home_opened")(self._counted(self._home))
        for name in ("member_joined_channel", "member_left_channel"):
            app.event(name)(self._moved)
        app.event("subteam_members_changed")(self._group_changed)
        for name in ("app_uninstalled", "tokens_revoked"):
            app.event(name)(self._uninstalled)
        app.error(self._unexpected)

    def attach(self, house: House) -> None:
        """Give the door the features, once, before it opens."""
        self.desk.attach(house)

    @property
    def working(self) -> int:
        """How many acts are being seen to now."""
        return len(self._working)

    async def settled(self) -> None:
        """Let what people began end."""
        if self._working:
            await asyncio.wait(self._working)

    def _counted(self, handler: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """Keep count of an act from its very beginning, so that the bot does not stop in the middle of it."""

        @wraps(handler)  # bolt looks at the handler's own arguments
        async def counted(*given: Any, **named: Any) -> None:
            task = asyncio.current_task()
            if task is not None:
                self._working.add(task)
                task.add_done_callback(self._working.discard)
            await handler(*given, **named)

        return counted

    async def _command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        surface = Beside(self.desk.session, str(body["response_url"]))
        text = reading.unescaped(str(body.get("text") or ""))
        found = self.desk.router.command_way(text) or self.desk.router.command_way(f"help {text}")
        if found is None:
            return
        way, name, rest = found
        # The one text that is not heeded: a supervisor who tries the screen is not taken at her word.
        unread = "" if name == "supervisor screen-test" else rest
        team, user, channel = str(body["team_id"]), str(body["user_id"]), str(body["channel_id"])
        visit = await self._enter(body, team, user, surface, str(body["trigger_id"]), channel=channel, unread=unread)
        if visit is None:
            return

        async def act() -> None:
            visit.action = name
            await self.desk.heed(visit, unread)
            try:
                await way.handler(visit, rest)
            except NotAllowed:
                await self.desk.heed(visit, rest)
                raise

        await self._do(visit, act)

    async def _action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        pressed: Json = body["actions"][0]
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        container: Json = body.get("container") or {}
        in_view: Json | None = body.get("view")
        surface = self._surface(body, team, user, in_view)
        visit = await self._enter(body, team, user, surface, str(body["trigger_id"]))
        if visit is None:
            return
        if in_view is None:
            visit.channel_id = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
            visit.thread = container.get("thread_ts")
        elif in_view.get("type") == "modal":
            visit.view = str(in_view["id"])
            visit.channel_id, visit.thread = _origin(in_view)
        visit.chosen = reading.chosen_in(pressed)

        async def act() -> None:
            way, visit.action, subject = self.desk.router.way(str(pressed["action_id"]))
            if way.first is First.REPLACE and container.get("is_ephemeral") and isinstance(surface, Beside):
                surface.in_place = True
            if way.first is not First.FORM:
                await visit.wait()
            await way.handler(visit, subject)

        await self._do(visit, act)

    async def _form(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        view: Json = body["view"]
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        title = str((view.get("title") or {}).get("text") or "")
        say = self.desk.words.say
        surface = InModal(self.desk.asking, team, str(view["id"]), title, say("slack.close"))
        # One view may hold one form after another, each under a hash of its own; each is sent once.
        token = f"{view['id']}.{view.get('hash')}"
        visit = await self._enter(body, team, user, surface, token, acknowledged=False)
        if visit is None:
            await ack()
            return
        surface.close = say("slack.close", visit.locale)
        visit.channel_id, visit.thread = _origin(view)
        visit.typed = reading.typed_in(view)
        try:
            way, visit.action, subject = self.desk.router.way(str(view["callback_id"]))
            errors = await handlers.checked(self.desk, visit, visit.action)
        except NotFound as error:
            await ack()
            await self.desk.explain(visit, error)
            return
        if errors:
            await ack(response_action="errors", errors=errors)
            self.desk.seen.forget(visit.token)  # the same form is sent again, mended
            return
        body_ = [render.section(say("slack.wait.body", visit.locale))]
        await ack(response_action="update", view=render.modal(title, body_, close=say("slack.close", visit.locale)))
        surface.acknowledged()
        await self._do(visit, lambda: way.handler(visit, subject))

    async def _shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        surface = Beside(self.desk.session, str(body["response_url"]))
        visit = await self._enter(body, team, user, surface, str(body["trigger_id"]))
        if visit is None:
            return
        channel = str(body["channel"]["id"])
        message: Json = body["message"]
        visit.message = reading.message_ref(team, channel, message)
        visit.words = reading.words_of(message)
        visit.channel_id, visit.thread = channel, message.get("thread_ts")
        handler: Handler = self.desk.router.shortcut_way(str(body["callback_id"]))
        await self._do(visit, lambda: handler(visit, ""))

    async def catch_up(self, team: str) -> None:
        """Take in what was said while the line was broken."""
        await self._take_in(self.hearing.catch_up(team), "catch up")

    async def _message(self, body: dict[str, Any]) -> None:
        await self._take_in(self.hearing.heard(_team(body), body["event"]), "message")

    async def _home(self, body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("tab") == "home" and self.desk.seen.first_time(body.get("event_id")):
            await self._take_in(self.home.show(_team(body), str(event["user"])), "home")

    async def _moved(self, body: dict[str, Any]) -> None:
        self.hearing.moved(_team(body), str(body["event"]["channel"]))

    async def _group_changed(self, body: dict[str, Any]) -> None:
        self.hearing.moved(_team(body), str(body["event"]["subteam_id"]))

    async def _uninstalled(self, body: dict[str, Any]) -> None:
        _log.warning("the app was removed from a workspace, or its token was revoked")
        if self._left is not None:
            await self._left(_team(body))

    async def _unexpected(self, error: Exception) -> None:
        failures.report(error, "app")

    async def _enter(
        self,
        body: Json,
        team: str,
        user: str,
        surface: Surface,
        token: str,
        *,
        acknowledged: bool = True,
        channel: str = "",
        unread: str = "",
    ) -> Visit | None:
        """Make a visit of an act; None for one that was seen before, and where nobody can be told who it is.

        What she typed (`unread`) is heeded even then.
        """
        if not self.desk.seen.first_time(token):
            return None
        trigger = str(body.get("trigger_id") or "")
        try:
            caller, profile = await self.desk.caller(team, user)
            trouble: BaseException | None = None
        except Exception as error:
            caller, profile, trouble = _nobody_known(team, user), Profile(user), error
        visit = Visit(self.desk, caller, user, surface, token, trigger=trigger, platform_locale=profile.locale)
        visit.channel_id = channel
        if trouble is not None and acknowledged:
            await self.desk.explain(visit, trouble, unread)
            return None
        await self.desk.acquaint(visit)
        if isinstance(surface, InModal | NewModal):
            surface.close = self.desk.words.say("slack.close", visit.locale)
        return visit

    async def _do(self, visit: Visit, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except Exception as error:  # the one handler: whatever it is, the person gets a sentence
            await self.desk.explain(visit, error)
        try:
            await self.desk.pay_what_is_owed(visit)
            if isinstance(visit.surface, NewModal) or (visit.view is None and not visit.channel_id):
                await self.home.show(visit.team, visit.user)
        except Exception as error:
            failures.report(error, "afterwards")

    async def _take_in(self, work: Awaitable[None], what: str) -> None:
        try:
            await work
        except (MessengerError, BadInput) as error:
            _log.warning("an event could not be taken in: %s", type(error).__name__)
        except Exception as error:
            failures.report(error, what)

    def _surface(self, body: Json, team: str, user: str, in_view: Json | None) -> Surface:
        if in_view is None:
            url = body.get("response_url")
            return Beside(self.desk.session, str(url)) if url else Directly(self.desk.asking, team, user)
        say = self.desk.words.say
        title = str((in_view.get("title") or {}).get("text") or say("slack.home.title"))
        if in_view.get("type") == "modal":
            return InModal(self.desk.asking, team, str(in_view["id"]), title, say("slack.close"))
        return NewModal(self.desk.asking, team, str(body["trigger_id"]), say("slack.home.title"), say("slack.close"))


def _nobody_known(team: str, user: str) -> Caller:
    return Caller(ids.member_of(team, user), ids.workspace_of(team))


def _team(body: Json) -> str:
    return str(body.get("context_team_id") or body.get("team_id") or "")


def _origin(view: Json) -> tuple[str, str | None]:
    """Return the channel and thread in which a form was opened, as it carries them along."""
    channel, _, thread = str(view.get("private_metadata") or "").partition(":")
    return channel, thread or None
