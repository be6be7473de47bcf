"""Who is who in a workspace: members of channels and user groups, names, administrators, shared channels.

On a free plan Slack has no roles, so a role is the membership of a channel; on a paid one it may be a user group. Both
are asked for when needed and remembered for seconds; what Slack tells of changes is heeded at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import MessengerError, PlaceGone
from bot.platforms.slack.asking import Ask, Asking

MEMBERS_FRESH = 20.0
PROFILES_FRESH = 120.0
CHANNELS_FRESH = 60.0
_REMEMBERED = 4096

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Profile:
    """What the bot needs to know of somebody."""

    name: str
    administers: bool = False
    locale: str = "en"
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What the bot needs to know of a channel."""

    name: str
    is_member: bool
    is_archived: bool
    is_shared: bool
    is_open: bool = False
    """Whether anybody in the workspace can join by herself."""


class _Fresh(Generic[T]):
    """Remembers answers for so many seconds."""

    def __init__(self, seconds: float, now: Callable[[], float]) -> None:
        self._seconds = seconds
        self._now = now
        self._known: dict[tuple[str, str], tuple[float, T]] = {}

    def get(self, team: str, name: str) -> T | None:
        found = self._known.get((team, name))
        return found[1] if found and found[0] + self._seconds > self._now() else None

    def put(self, team: str, name: str, value: T) -> T:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[(team, name)] = (self._now(), value)
        return value

    def drop(self, team: str, name: str) -> None:
        self._known.pop((team, name), None)


class People:
    """Asks Slack about people and channels. Methods may raise MessengerError's children."""

    def __init__(self, asking: Asking, now: Callable[[], float] = time.monotonic) -> None:
        self._asking = asking
        self._members: _Fresh[frozenset[str]] = _Fresh(MEMBERS_FRESH, now)
        self._profiles: _Fresh[Profile] = _Fresh(PROFILES_FRESH, now)
        self._rooms: _Fresh[Room] = _Fresh(CHANNELS_FRESH, now)
        self._groups: _Fresh[dict[str, str]] = _Fresh(PROFILES_FRESH, now)

    async def holders(self, team: str, role: str) -> frozenset[str]:
        """Return the ids of those who hold a role: members of a channel, or of a user group. A lost one has none."""
        if (known := self._members.get(team, role)) is not None:
            return known
        try:
            if role.startswith("S"):
                answer = await self._asking.ask(team, lambda client: client.usergroups_users_list(usergroup=role))
                found = frozenset(answer["users"])
            else:
                found = frozenset([each async for each in self._asking.pages(team, _members, "members", channel=role)])
        except PlaceGone:
            found = frozenset()
        return self._members.put(team, role, found)

    async def roles_of(self, team: str, user: str, roles: Iterable[str]) -> frozenset[str]:
        """Return those of `roles` that somebody holds."""
        return frozenset([role for role in sorted(roles) if user in await self.holders(team, role)])

    async def profile(self, team: str, user: str) -> Profile:
        """Return what there is to know of somebody."""
        if (known := self._profiles.get(team, user)) is not None:
            return known
        answer = await self._asking.ask(team, lambda client: client.users_info(user=user, include_locale=True))
        found: dict[str, Any] = answer["user"]
        shown = found.get("profile") or {}
        profile = Profile(
            name=shown.get("display_name") or found.get("real_name") or found.get("name") or user,
            administers=bool(found.get("is_admin") or found.get("is_owner")),
            locale=str(found.get("locale") or "en"),
            is_bot=bool(found.get("is_bot")),
        )
        return self._profiles.put(team, user, profile)

    async def names(self, team: str, users: Iterable[str], groups: Iterable[str] = ()) -> dict[str, str]:
        """Return what to call people and groups; who cannot be asked for now keeps her id."""
        named: dict[str, str] = {}
        try:
            for user in sorted(users):
                named[user] = (await self.profile(team, user)).name
            if wanted := set(groups):
                handles = await self.groups(team)
                named |= {group: handles[group] for group in wanted & set(handles)}
        except MessengerError:
            pass
        return named

    async def room(self, team: str, channel: str) -> Room:
        """Return what there is to know of a channel. Raises PlaceGone."""
        if (known := self._rooms.get(team, channel)) is not None:
            return known
        answer = await self._asking.ask(team, lambda client: client.conversations_info(channel=channel))
        found: dict[str, Any] = answer["channel"]
        shared = any(found.get(name) for name in ("is_ext_shared", "is_pending_ext_shared"))
        room = Room(
            name=str(found.get("name") or ""),
            is_member=bool(found.get("is_member") or found.get("is_im")),
            is_archived=bool(found.get("is_archived")),
            is_shared=shared,
            is_open=found.get("is_private") is False,
        )
        return self._rooms.put(team, channel, room)

    def forget_members(self, team: str, role: str) -> None:
        """Somebody joined or left: ask anew."""
        self._members.drop(team, role)
        self._rooms.drop(team, role)

    def forget_room(self, team: str, channel: str) -> None:
        """Ask anew about a channel."""
        self._rooms.drop(team, channel)

    async def groups(self, team: str) -> dict[str, str]:
        """Return the workspace's user groups with their names; only paid plans have any."""
        if (known := self._groups.get(team, "")) is not None:
            return known
        answer = await self._asking.ask(team, lambda client: client.usergroups_list())
        return self._groups.put(team, "", {each["id"]: each["handle"] for each in answer["usergroups"]})


def _members(cursor: str, channel: str) -> Ask:
    async def ask(client: AsyncWebClient) -> Any:
        return await client.conversations_members(channel=channel, cursor=cursor, limit=500)

    return ask
