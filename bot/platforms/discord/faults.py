"""What Discord's refusals and broken connections mean in the house's own terms.

The exceptions of discord.py quote the request they belong to, and with it members' words; so each one ends here,
is never chained, and what goes on names only the kind, the permission and Discord's own code.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import CannotReach, MessengerError, NotPermitted, OutcomeUnknown, PlaceGone, TryLater

UNKNOWN_INTERACTION = 10062
ALREADY_ANSWERED = 40060
THREAD_ARCHIVED = 50083
THREAD_EXISTS = 160004

_GONE = {
    10003: "the channel or thread does not exist any more",
    10004: "the bot is no longer on this server",
    10008: "the message does not exist any more",
}
_UNREACHABLE = frozenset({10013, 50007, 50278})
_LATER = {20016: 60.0, 20028: 60.0, 30046: 3600.0, 160006: 3600.0}
_OVERLOADED = 503
_RETRY_AFTER = 5.0


@contextmanager
def translated(needs: str, *, effect: bool = True) -> Iterator[None]:
    """Turn whatever discord.py raises inside into one of MessengerError's children.

    `needs` names, in Discord's own words, the permission that the act asks for. `effect` says whether the request
    changes something: only then does a broken connection leave a doubt.
    """
    try:
        yield
    except MessengerError:
        raise
    except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise _kind(error, needs, effect) from None


def code_of(error: BaseException) -> int:
    """Return Discord's own error code, 0 if there is none."""
    return error.code if isinstance(error, discord.HTTPException) else 0


def _kind(error: Exception, needs: str, effect: bool) -> MessengerError:
    if isinstance(error, discord.RateLimited):
        return TryLater(error.retry_after)
    if isinstance(error, discord.HTTPException):
        return _refusal(error, needs, effect)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return TryLater(_RETRY_AFTER)  # no connection came about, so nothing was asked
    if isinstance(error, discord.DiscordException):
        return MessengerError(f"discord.py gave up: {type(error).__name__}")
    return _doubt(effect)


def _refusal(error: discord.HTTPException, needs: str, effect: bool) -> MessengerError:
    if error.code in _GONE:
        return PlaceGone(_GONE[error.code])
    if error.code in _UNREACHABLE:
        return CannotReach("this person does not accept direct messages from the bot")
    if error.code in _LATER:
        return TryLater(_LATER[error.code])
    if error.code == 50001:
        return NotPermitted("View Channel")
    if error.status == 403:
        return NotPermitted(needs)
    if error.status == 404:
        return PlaceGone("the place or message does not exist any more")
    if error.status == 429:
        return TryLater(_retry_after(error))
    if error.status == _OVERLOADED:
        return TryLater(_RETRY_AFTER)
    if error.status >= 500:
        return _doubt(effect)
    return MessengerError(f"Discord refused with status {error.status}, code {error.code}")


def _doubt(effect: bool) -> MessengerError:
    if effect:
        return OutcomeUnknown("the connection to Discord broke after the request went out")
    return TryLater(_RETRY_AFTER)


def _retry_after(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers.get("Retry-After", _RETRY_AFTER))
    except ValueError:
        return _RETRY_AFTER
