"""Keeping the workspaces in a file between two rehearsals.

Ephemeral messages, open forms, triggers and response urls are not kept; Slack's own clients forget them too.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path

from rehearsal.clock import MovableClock
from rehearsal.slack.model import App, Channel, Json, Message, Team, User, Usergroup, View
from rehearsal.slack.world import Happening, World

VERSION = 1
SAVED_WITHIN = 1.0
"""Seconds between a change and its being on disk."""


class SavedWorldError(Exception):
    """The file cannot be read as a saved rehearsal; the argument is a sentence with the mend."""


class Keeper:
    """Saves the world a moment after it has changed, and when it is told to."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._due: asyncio.TimerHandle | None = None
        world.listen(self._happened)

    def keep_now(self) -> None:
        """Save at once; for the end of a rehearsal."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        save(self._world, self._path)

    def _happened(self, _: Happening) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(SAVED_WITHIN, self.keep_now)


def save(world: World, path: Path) -> None:
    """Write the world to `path` in one step, so that a crash leaves the old file or the new one."""
    document = {
        "version": VERSION,
        "app": asdict(world.app),
        "ids": world.ids_given,
        "teams": [{**asdict(team), "ephemerals": {}, "views": {}} for team in world.teams.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(path.suffix + ".new")
    draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    os.replace(draft, path)


def load(path: Path, clock: MovableClock) -> World | None:
    """Read a saved world; None when there is no file. Raises SavedWorldError when it cannot be read."""
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            raise SavedWorldError(f"{path.name} is from another version of the rehearsal; delete it to begin anew.")
        world = World(App(**document["app"]), clock)
        for entry in document["teams"]:
            team = _team(entry)
            world.teams[team.id] = team
            world.skip_past((ts for standing in team.messages.values() for ts in standing), document["ids"])
        return world
    except (ValueError, KeyError, TypeError) as problem:
        raise SavedWorldError(f"{path.name} is damaged; delete it to begin the rehearsal anew.") from problem


def _team(entry: Json) -> Team:
    users = {name: User(**user) for name, user in entry.pop("users").items()}
    channels = {name: Channel(**channel) for name, channel in entry.pop("channels").items()}
    groups = {name: Usergroup(**group) for name, group in entry.pop("usergroups").items()}
    homes = {name: View(**view) for name, view in entry.pop("homes").items()}
    messages = {
        channel: {ts: Message(**message) for ts, message in standing.items()}
        for channel, standing in entry.pop("messages").items()
    }
    return Team(**entry, users=users, channels=channels, usergroups=groups, homes=homes, messages=messages)
