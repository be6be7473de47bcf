"""What the bot must be allowed in a channel, in Discord's own words, and how to grant it."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.people import Place
from bot.platforms.discord.translate import discord_id
from bot.ports.messenger import Trouble
from bot.ports.words import Words

ALWAYS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
FOR_THREADS = {
    "create_public_threads": "Create Public Threads",
    "send_messages_in_threads": "Send Messages in Threads",
    "manage_threads": "Manage Threads",
}
CONTENT_INTENT = "Message Content Intent"


async def troubles(client: discord.Client, words: Words, place: Place, *, threads: bool) -> Sequence[Trouble]:
    """Compare what the bot may do in `place` with what it needs.

    Its own roles are fetched, not remembered, because Discord tells a bot of changes to them only on some intents.
    """
    guild = client.get_guild(discord_id(place.workspace.id))
    if guild is None:
        return [Trouble(words.say("discord.trouble.server.what"), words.say("discord.trouble.server.mend"))]
    channel = guild.get_channel_or_thread(discord_id(place.id))
    if channel is None:
        return [Trouble(words.say("discord.trouble.channel.what"), words.say("discord.trouble.channel.mend"))]
    assert client.user is not None  # noqa: S101  # the guild came to the cache after the login
    me = await guild.fetch_member(client.user.id)
    granted = channel.permissions_for(me)
    needed = ALWAYS | FOR_THREADS if threads else dict(ALWAYS)
    if not granted.send_messages:
        needed.pop("embed_links")  # Discord takes it away with Send Messages, so it says nothing
    found = [
        Trouble(name, words.say("discord.trouble.permission.mend", permission=name, channel=channel.name))
        for flag, name in needed.items()
        if not getattr(granted, flag)
    ]
    if not reads_content(client):
        found.append(Trouble(CONTENT_INTENT, words.say("discord.trouble.intent.mend", intent=CONTENT_INTENT)))
    return found


def reads_content(client: discord.Client) -> bool:
    """Say whether Discord lets this client read what people write in channels."""
    flags = client.application_flags
    return client.intents.message_content and (flags.gateway_message_content or flags.gateway_message_content_limited)
