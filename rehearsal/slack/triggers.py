"""Trigger ids and response urls: what a person's act lets the bot do, and for how long."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from rehearsal.clock import Stopwatch
from rehearsal.slack.errors import SlackError

TRIGGER_SECONDS = 3.0
URL_SECONDS = 30 * 60.0
URL_USES = 5


@dataclass
class Trigger:
    """A permission to open one view before somebody. `view` is the modal in which it arose."""

    team: str
    user: str
    until: float
    view: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """A permission to answer somebody's act, some times. `message` is what was pressed."""

    team: str
    user: str
    channel: str
    until: float
    message: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class Triggers:
    """Hands out both, and takes them back in time."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, team: str, user: str, view: str | None = None) -> str:
        """Return a trigger id that is good once, for three seconds."""
        name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._triggers[name] = Trigger(team, user, self._stopwatch.seconds() + TRIGGER_SECONDS, view)
        return name

    def use(self, name: str, team: str) -> Trigger:
        """Use a trigger up; raises Slack's three ways to refuse one."""
        trigger = self._triggers.get(name)
        if trigger is None or trigger.team != team:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._stopwatch.seconds() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def url(self, url: ResponseUrl) -> str:
        """Return the token of a response url."""
        token = secrets.token_hex(12)
        self._urls[token] = url
        return token

    def url_until(self) -> float:
        return self._stopwatch.seconds() + URL_SECONDS

    def answer(self, token: str) -> ResponseUrl:
        """Use a response url once; raises used_url or expired_url."""
        url = self._urls.get(token)
        if url is None or url.uses >= URL_USES:
            raise SlackError("used_url")
        if self._stopwatch.seconds() > url.until:
            raise SlackError("expired_url")
        url.uses += 1
        return url
