"""Discord's people, places and messages as the house knows them.

Conversations with the bot alone stand in the workspace `@me`, Discord's own name for them.
"""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import app_commands

from bot.care.incoming import IncomingMessage
from bot.errors import NotFound
from bot.people import Caller, Member, MessageRef, Place, Platform, Workspace

_MENTION = re.compile(r"<(?:#|@&)(\d{1,20})>")

DIRECT = Workspace(Platform.DISCORD, "@me")

Interaction = discord.Interaction[Any]


def discord_id(text: str) -> int:
    """Read an id that came from a button or the store. Raises NotFound for anything that is none of Discord's."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise NotFound("this is no id of Discord's")
    return int(text)


def member_of(user: discord.abc.User) -> Member:
    """Name a person."""
    return Member(Platform.DISCORD, str(user.id))


def workspace_of(guild_id: int | None) -> Workspace:
    """Name a server, or the direct messages."""
    return DIRECT if guild_id is None else Workspace(Platform.DISCORD, str(guild_id))


def caller_of(interaction: Interaction) -> Caller:
    """Say who stands at the door, with the roles that Discord vouches for in this very event."""
    user = interaction.user
    in_server = interaction.guild_id is not None
    roles = frozenset(str(role.id) for role in user.roles) if isinstance(user, discord.Member) else frozenset()
    return Caller(
        member=member_of(user),
        workspace=workspace_of(interaction.guild_id),
        roles=roles if in_server else frozenset(),
        manages_workspace=in_server and interaction.permissions.manage_guild,
    )


def place_of(interaction: Interaction) -> Place | None:
    """Say where it happened; None in direct messages, which no cohort has."""
    if interaction.guild_id is None or interaction.channel_id is None:
        return None
    return Place(workspace_of(interaction.guild_id), str(interaction.channel_id))


def parent_of(channel: object, workspace: Workspace) -> Place | None:
    """Say in which channel a thread stands; None for anything that is no thread."""
    if isinstance(channel, discord.Thread):
        return Place(workspace, str(channel.parent_id))
    return None


def message_ref(message: discord.Message) -> MessageRef:
    """Name a message."""
    workspace = workspace_of(message.guild.id if message.guild else None)
    return MessageRef(Place(workspace, str(message.channel.id)), str(message.id))


def typed_options(interaction: Interaction) -> list[str]:
    """Return what somebody typed freely into a command's options, not what she picked from fixed choices."""
    command = interaction.command
    if not isinstance(command, app_commands.Command):
        return []
    free = (p for p in command.parameters if p.type is discord.AppCommandOptionType.string and not p.choices)
    given = (getattr(interaction.namespace, parameter.name, None) for parameter in free)
    return [text for text in given if isinstance(text, str) and text]


def words_of(message: discord.Message) -> str:
    """Return what a message says: its own words, or those on the cards of one of ours."""
    return "\n".join(filter(None, (message.content, *(embed.description for embed in message.embeds))))


def unmentioned(text: str) -> str:
    """Return the id in a mention of a channel or role, and anything else as it is."""
    mention = _MENTION.fullmatch(text.strip())
    return mention[1] if mention else text


def incoming(message: discord.Message, *, edited: bool = False) -> IncomingMessage:
    """Hand in somebody's open message as the features read it."""
    ref = message_ref(message)
    return IncomingMessage(
        author=member_of(message.author),
        place=ref.place,
        ref=ref,
        text=message.content,
        parent=parent_of(message.channel, ref.place.workspace),
        edited=edited,
        direct=message.guild is None,
    )
