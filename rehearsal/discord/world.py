"""The rehearsed Discord: servers, channels and messages, and the announcement of everything that happens to them.

The world holds state and knows nobody's rights. Whoever changes it (`messages.py`, `threads.py`, `guilds.py`)
publishes a `Happening`; the gateway and the page listen and decide, each for its own viewers, who may see it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rehearsal.clock import MovableClock
from rehearsal.discord.errors import unknown
from rehearsal.discord.model import Application, Channel, ChannelType, Guild, Json, Message, User

DISCORD_EPOCH = 1_420_070_400_000
"""Milliseconds since 1970 at which snowflakes begin (2015-01-01)."""


@dataclass(frozen=True)
class Happening:
    """One change of the world, in the words of the gateway.

    `channel_id` is the place whose viewers may learn of it, `private_to` the only person who may (an ephemeral
    message), `message` the message it is about.
    """

    name: str
    data: Json
    guild_id: int | None = None
    channel_id: int | None = None
    private_to: int | None = None
    message: Message | None = None


Listener = Callable[[Happening], None]


class Snowflakes:
    """Hands out ids that grow, dated by the clock; moving the clock back never makes one repeat."""

    def __init__(self, milliseconds: Callable[[], int]) -> None:
        self._milliseconds = milliseconds
        self._last = 0

    def next(self) -> int:
        """Return a new id, larger than every id before."""
        dated = (self._milliseconds() - DISCORD_EPOCH) << 22
        self._last = max(dated, self._last + 1)
        return self._last

    @property
    def last(self) -> int:
        """The largest id handed out so far."""
        return self._last

    def skip_past(self, snowflake: int) -> None:
        """Never return an id up to `snowflake` (used after loading a saved world)."""
        self._last = max(self._last, snowflake)


class World:
    """Everything there is on the rehearsed Discord."""

    def __init__(self, application: Application, clock: MovableClock) -> None:
        self.application = application
        self.clock = clock
        self.base_url = ""
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.ephemerals: dict[int, Message] = {}
        self.files: dict[int, bytes] = {}
        self.commands: dict[int | None, dict[int, Json]] = {None: {}}
        """Application commands by the server they belong to; None holds the global ones."""
        self.snowflakes = Snowflakes(lambda: int(clock.now().timestamp() * 1000))
        self._listeners: list[Listener] = []

    @property
    def bot_id(self) -> int:
        return self.application.bot_id

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each happening, at once; the returned callable stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(
        self,
        name: str,
        data: Json,
        *,
        guild_id: int | None = None,
        channel_id: int | None = None,
        private_to: int | None = None,
        message: Message | None = None,
    ) -> None:
        """Tell every listener that something has happened."""
        happening = Happening(name, data, guild_id, channel_id, private_to, message)
        for listener in tuple(self._listeners):
            listener(happening)

    def guild(self, guild_id: int) -> Guild:
        """Return the server if the bot is in it; raises 10004."""
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot_id not in guild.members:
            raise unknown("Guild")
        return guild

    def channel(self, channel_id: int) -> Channel:
        """Return a channel, thread or direct message; raises 10003."""
        if channel_id not in self.channels:
            raise unknown("Channel")
        return self.channels[channel_id]

    def message(self, channel_id: int, message_id: int) -> Message:
        """Return a message that stands in the channel (no ephemeral one); raises 10008."""
        found = self.messages.get(channel_id, {}).get(message_id)
        if found is None:
            raise unknown("Message")
        return found

    def user(self, user_id: int) -> User:
        """Return a user; raises 10013."""
        if user_id not in self.users:
            raise unknown("User")
        return self.users[user_id]

    def dm_with(self, user_id: int) -> Channel | None:
        """Return the bot's direct-message channel with a person, if it was ever opened."""
        for channel in self.channels.values():
            if channel.type is ChannelType.DM and channel.recipient_id == user_id:
                return channel
        return None

    def open_dm(self, user_id: int) -> Channel:
        """Return the bot's direct-message channel with a person, opening it when needed; raises 10013."""
        self.user(user_id)
        channel = self.dm_with(user_id)
        if channel is None:
            channel = Channel(self.snowflakes.next(), ChannelType.DM, recipient_id=user_id)
            self.channels[channel.id] = channel
            self.messages[channel.id] = {}
        return channel

    def threads_of(self, channel_id: int) -> list[Channel]:
        """Return the threads of a channel, archived ones too, oldest first."""
        return [c for c in self.channels.values() if c.thread is not None and c.parent_id == channel_id]

    def channels_of(self, guild_id: int) -> list[Channel]:
        """Return a server's channels without threads, in the order they are shown."""
        own = [c for c in self.channels.values() if c.guild_id == guild_id and c.thread is None]
        return sorted(own, key=lambda channel: (channel.position, channel.id))

    def place_fields(self, channel: Channel) -> dict[str, Any]:
        """Return the guild_id that gateway events of a server's channel carry; nothing for a direct message."""
        return {} if channel.guild_id is None else {"guild_id": str(channel.guild_id)}
