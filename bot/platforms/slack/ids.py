"""Slack's people and places as the house knows them.

A person's id holds her workspace (`T0123-U0456`), for Slack's ids of people are known there alone. A thread's place is
its channel and the timestamp of its first message (`C0123:1700000000.000100`).
"""

from __future__ import annotations

import re

from bot.errors import NotFound
from bot.people import Member, MessageRef, Place, Platform, Workspace

_MEMBER = re.compile(r"([TE][A-Z0-9]+)-([UWB][A-Z0-9]+)")
_PLACE = re.compile(r"([CDG][A-Z0-9]+)(?::(\d+\.\d+))?")
_TS = re.compile(r"\d+\.\d+")


def workspace_of(team_id: str) -> Workspace:
    """Name a workspace."""
    return Workspace(Platform.SLACK, team_id)


def member_of(team_id: str, user_id: str) -> Member:
    """Name a person."""
    return Member(Platform.SLACK, f"{team_id}-{user_id}")


def person(member: Member) -> tuple[str, str]:
    """Return a person's workspace and her id there. Raises NotFound for an id that is none of Slack's."""
    match = _MEMBER.fullmatch(member.id)
    if match is None:
        raise NotFound("this is no id of Slack's")
    return match[1], match[2]


def place_of(team_id: str, channel_id: str, thread_ts: str | None = None) -> Place:
    """Name a channel, or a thread in it."""
    return Place(workspace_of(team_id), f"{channel_id}:{thread_ts}" if thread_ts else channel_id)


def channel_of(place: Place) -> tuple[str, str | None]:
    """Return a place's channel and, for a thread, its first message's timestamp. Raises NotFound."""
    match = _PLACE.fullmatch(place.id)
    if match is None:
        raise NotFound("this is no place of Slack's")
    return match[1], match[2]


def room_of(place: Place) -> Place:
    """Return the channel that a thread stands in, or the place itself."""
    return Place(place.workspace, channel_of(place)[0])


def timestamp(ref: MessageRef) -> str:
    """Return a message's timestamp. Raises NotFound for an id that is none of Slack's."""
    if not _TS.fullmatch(ref.id):
        raise NotFound("this is no message of Slack's")
    return ref.id
