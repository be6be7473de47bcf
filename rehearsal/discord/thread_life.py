"""What wakes a thread and who is in it; the parts of threads that writing a message touches."""

from __future__ import annotations

from rehearsal.discord import render
from rehearsal.discord.model import Channel
from rehearsal.discord.world import World


def announce(world: World, place: Channel) -> None:
    """Tell the listeners that a thread has changed."""
    world.publish("THREAD_UPDATE", render.channel(world, place), guild_id=place.guild_id, channel_id=place.id)


def wake(world: World, place: Channel) -> None:
    """Unarchive a thread, if it is one and is archived."""
    if place.thread is not None and place.thread.archived:
        place.thread.archived = False
        place.thread.archived_at = world.clock.now()
        announce(world, place)


def join(world: World, place: Channel, user_id: int) -> None:
    """Make a user a member of a thread; nothing when she is one or the channel is none."""
    if place.thread is None or user_id in place.thread.members:
        return
    place.thread.members[user_id] = world.clock.now()
    _announce_members(world, place, added=[user_id], removed=[])


def leave(world: World, place: Channel, user_id: int) -> None:
    """Take a user out of a thread; nothing when she is not in it."""
    if place.thread is None or user_id not in place.thread.members:
        return
    _announce_members(world, place, added=[], removed=[user_id])
    del place.thread.members[user_id]


def _announce_members(world: World, place: Channel, *, added: list[int], removed: list[int]) -> None:
    thread, guild_id = place.thread, place.guild_id
    if thread is None or guild_id is None:
        return
    people = world.guilds[guild_id].members
    joined = []
    for user_id in added:
        entry = render.thread_member(place, user_id)
        if user_id in people:
            entry["member"] = render.member(world, people[user_id])
        joined.append(entry)
    data = {
        "id": str(place.id),
        "guild_id": str(guild_id),
        "member_count": len(thread.members) - len(removed),
        "added_members": joined,
        "removed_member_ids": [str(user_id) for user_id in removed],
    }
    world.publish("THREAD_MEMBERS_UPDATE", data, guild_id=guild_id, channel_id=place.id)
