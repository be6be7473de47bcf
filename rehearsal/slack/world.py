"""The rehearsed Slack's state, and the announcement of everything that happens in it.

Whoever changes the world publishes a `Happening`; the events door and the page listen and decide, each for its own
viewers, who may learn of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rehearsal.clock import MovableClock
from rehearsal.slack.errors import SlackError
from rehearsal.slack.model import App, Channel, Json, Message, Team, User


@dataclass(frozen=True)
class Happening:
    """One change. `private_to` is the only person who may learn of it; `data` is in Slack's own JSON."""

    name: str
    team: str
    data: Json
    channel: str | None = None
    private_to: str | None = None


Listener = Callable[[Happening], None]


class World:
    """Everything there is. `base_url` is set when the server listens."""

    def __init__(self, app: App, clock: MovableClock) -> None:
        self.app = app
        self.clock = clock
        self.base_url = ""
        self.teams: dict[str, Team] = {}
        self._last_ts = 0
        self._ids = 0
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each happening, at once; the returned callable stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(
        self, name: str, team: Team, data: Json, *, channel: str | None = None, private_to: str | None = None
    ) -> None:
        """Tell every listener that something has happened."""
        happening = Happening(name, team.id, data, channel, private_to)
        for listener in tuple(self._listeners):
            listener(happening)

    def next_ts(self) -> str:
        """Return a message's timestamp, later than every one before."""
        now = int(self.clock.now().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def skip_past(self, ts: Iterable[str], ids: int = 0) -> None:
        """Never give a timestamp or id again that a saved world has used."""
        self._last_ts = max([self._last_ts, *(int(each.replace(".", "")) for each in ts)])
        self._ids = max(self._ids, ids)

    def next_id(self, letter: str) -> str:
        """Return a new id such as V0000000A."""
        self._ids += 1
        return f"{letter}0R{self._ids:07X}"

    @property
    def ids_given(self) -> int:
        return self._ids

    def team_of_token(self, token: str) -> Team | None:
        return next((team for team in self.teams.values() if team.token == token), None)

    def channel(self, team: Team, channel_id: str) -> Channel:
        """Return a conversation that the bot can know of; raises channel_not_found."""
        found = team.channels.get(channel_id)
        if found is None or (found.is_private and team.bot not in found.members):
            raise SlackError("channel_not_found")
        return found

    def user(self, team: Team, user_id: str) -> User:
        """Return a person; raises user_not_found."""
        if user_id not in team.users:
            raise SlackError("user_not_found")
        return team.users[user_id]

    def message(self, team: Team, channel_id: str, ts: str) -> Message:
        """Return a message that stands; raises message_not_found."""
        found = team.messages.get(channel_id, {}).get(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def open_im(self, team: Team, user_id: str) -> Channel:
        """Return the bot's direct conversation with a person, opening it when needed; raises user_not_found."""
        self.user(team, user_id)
        for channel in team.channels.values():
            if channel.is_im and channel.user == user_id:
                return channel
        channel = Channel(self.next_id("D"), "", is_private=True, is_im=True, user=user_id, members=[team.bot, user_id])
        team.channels[channel.id] = channel
        team.messages.setdefault(channel.id, {})
        return channel

    def replies(self, team: Team, channel_id: str, thread_ts: str) -> list[Message]:
        """Return a thread's messages with its first, oldest first."""
        standing = team.messages.get(channel_id, {}).values()
        return sorted((m for m in standing if thread_ts in (m.ts, m.thread_ts)), key=lambda m: m.ts)


def user_json(team: Team, user: User) -> Json:
    """A person as users.info shows her."""
    return {
        "id": user.id,
        "team_id": team.id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "color": user.colour,
        "is_bot": user.is_bot,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "locale": user.locale,
        "tz": "Europe/London",
        "profile": {"real_name": user.real_name, "display_name": user.real_name},
    }


def channel_json(team: Team, channel: Channel) -> Json:
    """A conversation as conversations.info shows it to the bot."""
    if channel.is_im:
        return {"id": channel.id, "is_im": True, "user": channel.user, "is_archived": False, "created": channel.created}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": team.bot in channel.members,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_read_only": channel.read_only,
        "num_members": len(channel.members),
        "created": channel.created,
    }


def message_json(team: Team, message: Message, *, metadata: bool = False) -> Json:
    """A message as conversations.history shows it."""
    body: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": team.id}
    if message.blocks:
        body["blocks"] = message.blocks
    if message.bot_id:
        body["bot_id"] = message.bot_id
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.edited}
    if message.metadata and metadata:
        body["metadata"] = message.metadata
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
        if message.is_reply:
            body["parent_user_id"] = team.bot
    if message.ephemeral_to:
        body["is_ephemeral"] = True
    replies = [m for m in team.messages.get(message.channel, {}).values() if m.is_reply and m.thread_ts == message.ts]
    if replies and not message.is_reply:
        body |= {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": max(m.ts for m in replies)}
    return body
