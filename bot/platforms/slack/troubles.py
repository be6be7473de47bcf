"""What hinders the bot in a channel, in Slack's own words, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import NotPermitted, PlaceGone
from bot.people import Place
from bot.platforms.slack import ids
from bot.platforms.slack.asking import Asking
from bot.platforms.slack.needs import SCOPES
from bot.platforms.slack.people import People
from bot.ports.messenger import Trouble
from bot.ports.words import Words

OPTIONAL = frozenset({"usergroups:read"})
"""Only where roles are user groups."""


async def troubles(asking: Asking, people: People, words: Words, place: Place) -> Sequence[Trouble]:
    """Compare what the bot may do in `place` with what it needs."""
    team, (channel, _) = place.workspace.id, ids.channel_of(place)
    say = words.say
    try:
        granted = await scopes(asking, team)
    except NotPermitted as error:
        return [
            Trouble(say("slack.trouble.installation.what"), say("slack.trouble.installation.mend", need=str(error)))
        ]
    found = [
        Trouble(scope, say("slack.trouble.scope.mend", scope=scope))
        for scope in SCOPES
        if granted is not None and scope not in granted and scope not in OPTIONAL
    ]
    people.forget_room(team, channel)
    try:
        room = await people.room(team, channel)
    except NotPermitted:
        return found
    except PlaceGone:
        return [*found, Trouble(say("slack.trouble.channel.what"), say("slack.trouble.channel.mend"))]
    if room.is_archived:
        found.append(_trouble(words, "archived", room.name))
    elif not room.is_member:
        found.append(_trouble(words, "member", room.name))
    if room.is_shared:
        found.append(_trouble(words, "shared", room.name))
    return found


async def scopes(asking: Asking, team: str) -> frozenset[str] | None:
    """Return the scopes that the bot's token has in a workspace; None if a proxy took away what tells them."""
    answer = await asking.ask(team, lambda client: client.auth_test())
    said = answer.headers.get("x-oauth-scopes")
    return None if said is None else frozenset(str(said).replace(" ", "").split(","))


def _trouble(words: Words, name: str, channel: str) -> Trouble:
    what, how = (words.say(f"slack.trouble.{name}.{part}", channel=channel) for part in ("what", "mend"))
    return Trouble(what, how)
