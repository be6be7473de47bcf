"""What the app is told of by events: messages where it is, joins and leaves, homes that are opened."""

from __future__ import annotations

from rehearsal.slack.line import Line
from rehearsal.slack.model import Channel, Json, Message, Team
from rehearsal.slack.world import World, message_json


class Events:
    """Makes events of what people do."""

    def __init__(self, world: World, line: Line) -> None:
        self._world = world
        self._line = line

    def said(self, team: Team, message: Message) -> None:
        """Somebody wrote."""
        body = message_json(team, message)
        self._about(team, message, {**body, "event_ts": message.ts, "client_msg_id": f"c-{message.ts}"})

    def changed(self, team: Team, message: Message, before: Json) -> None:
        """Somebody changed what she wrote."""
        ts = self._world.next_ts()
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts, "event_ts": ts}
        self._about(team, message, {**event, "message": message_json(team, message), "previous_message": before})

    def removed(self, team: Team, message: Message) -> None:
        """Somebody deleted what she wrote."""
        ts = self._world.next_ts()
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": ts, "event_ts": ts}
        self._about(team, message, {**event, "deleted_ts": message.ts})

    def moved(self, team: Team, channel: Channel, user: str, *, joined: bool) -> None:
        """Somebody joined or left a channel."""
        name = "member_joined_channel" if joined else "member_left_channel"
        kind = "G" if channel.is_private else "C"
        if team.bot in channel.members or user == team.bot:
            self.tell(team, {"type": name, "user": user, "channel": channel.id, "channel_type": kind, "team": team.id})

    def home_opened(self, team: Team, user: str, channel: str, tab: str = "home") -> None:
        """Somebody looks at the app's home."""
        self.tell(team, {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab})

    def tell(self, team: Team, event: Json) -> None:
        """Send an event, in the envelope that all have."""
        stamp = self._world.next_ts()
        self._line.tell(
            {
                "token": "rehearsal",
                "team_id": team.id,
                "context_team_id": team.id,
                "api_app_id": self._world.app.id,
                "event": {"event_ts": stamp, **event},
                "type": "event_callback",
                "event_id": self._world.next_id("Ev"),
                "event_time": int(float(stamp)),
                "authorizations": [{"enterprise_id": None, "team_id": team.id, "user_id": team.bot, "is_bot": True}],
                "is_ext_shared_channel": False,
            }
        )

    def _about(self, team: Team, message: Message, event: Json) -> None:
        channel = team.channels[message.channel]
        if team.bot not in channel.members:
            return
        family, right = (
            ("im", "im")
            if channel.is_im
            else ("group", "groups")
            if channel.is_private
            else (
                "channel",
                "channels",
            )
        )
        if f"{right}:history" in team.scopes:
            self.tell(team, {**event, "channel": channel.id, "channel_type": family})
