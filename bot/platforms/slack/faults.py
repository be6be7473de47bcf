"""What Slack's refusals and broken connections mean in the house's own terms.

A SlackApiError carries the whole answer, and with it people's words; so each one ends here, is never chained, and
what goes on names only the kind, the scope and Slack's own code.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import CannotReach, MessengerError, NotPermitted, OutcomeUnknown, PlaceGone, TryLater

_GONE = {
    "channel_not_found": "the channel does not exist any more, or the bot is not in it",
    "message_not_found": "the message does not exist any more",
    "thread_not_found": "the thread does not exist any more",
    "is_archived": "the channel is archived",
    "invalid_thread_ts": "the thread does not exist any more",
    "not_found": "it does not exist any more",
    "cant_update_message": "the message is not the bot's",
    "cant_delete_message": "the message is not the bot's",
}
_UNREACHABLE = frozenset(
    {
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "user_is_restricted",
    }
)
_TOKEN = frozenset({"token_revoked", "token_expired", "account_inactive", "invalid_auth", "not_authed"})
_CLOSED_TO_US = {
    "not_in_channel": "to be invited to the channel",
    "restricted_action": "the right to post in this channel",
    "restricted_action_thread_locked": "the right to answer in this thread",
    "ekm_access_denied": "access that an administrator has suspended",
    "team_access_not_granted": "to be approved for this workspace",
}
_LATER = frozenset(
    {"ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable", "team_added_to_org"}
)
_DOUBTFUL = frozenset({"internal_error", "fatal_error", "request_timeout"})
_OVERLOADED = 503
RETRY_AFTER = 5.0


@contextmanager
def translated(*, effect: bool = True) -> Iterator[None]:
    """Turn whatever slack-sdk raises inside into one of MessengerError's children.

    `effect` says whether the request changes something: only then does a broken connection leave a doubt.
    """
    try:
        yield
    except MessengerError:
        raise
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise kind(error, effect=effect) from None


def kind(error: BaseException, *, effect: bool = True) -> MessengerError:
    """Say what an error of slack-sdk's is."""
    if isinstance(error, SlackApiError):
        return _refusal(error, effect)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return TryLater(RETRY_AFTER)  # no connection came about, so nothing was asked
    if isinstance(error, SlackClientError):
        return MessengerError(f"slack-sdk gave up: {type(error).__name__}")
    return _doubt(effect)


def is_limit(error: SlackApiError) -> bool:
    """Say whether Slack asks to come more slowly, which is certain to have changed nothing."""
    return getattr(error.response, "status_code", 0) == 429 or code_of(error) in ("ratelimited", "rate_limited")


def code_of(error: BaseException) -> str:
    """Return Slack's own code for a refusal, empty if there is none."""
    if not isinstance(error, SlackApiError):
        return ""
    try:
        return str(error.response.get("error") or "")
    except (AttributeError, TypeError, ValueError):
        return ""


def _refusal(error: SlackApiError, effect: bool) -> MessengerError:
    code = code_of(error)
    status = int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0) or 0)
    if status == 429 or code in _LATER:
        return TryLater(_retry_after(error))
    if status == _OVERLOADED:
        return TryLater(RETRY_AFTER)
    if status >= 500 or code in _DOUBTFUL:
        return _doubt(effect)
    if code in _GONE:
        return PlaceGone(_GONE[code])
    if code in _UNREACHABLE:
        return CannotReach("this person does not accept direct messages from the bot")
    if code in _TOKEN:
        return NotPermitted("to be installed in the workspace again: Slack has revoked the token")
    if code == "missing_scope":
        return NotPermitted(f"the scope {error.response.get('needed', '')}".strip())
    if code in _CLOSED_TO_US:
        return NotPermitted(_CLOSED_TO_US[code])
    return MessengerError(f"Slack refused: {code or status}")


def _doubt(effect: bool) -> MessengerError:
    if effect:
        return OutcomeUnknown("the connection to Slack broke after the request went out")
    return TryLater(RETRY_AFTER)


def _retry_after(error: SlackApiError) -> float:
    try:
        return float(error.response.headers.get("Retry-After", RETRY_AFTER))
    except (AttributeError, TypeError, ValueError):
        return RETRY_AFTER
