"""One handler for everything that goes wrong between a person and a feature.

The person gets one sentence. The log gets a kind and where in the code it happened, and for the unexpected a
reference that the person sees too; never the exception's text, for slack-sdk's quotes what people typed.
"""

from __future__ import annotations

import logging
import secrets
import traceback

from slack_sdk.errors import SlackApiError

from bot.errors import (
    BadInput,
    CannotReach,
    NotAllowed,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    PlaceGone,
    StorageError,
    ThirdChairError,
    TryLater,
)
from bot.platforms.slack import faults
from bot.ports.words import Words

_log = logging.getLogger(__name__)

_SENTENCES: tuple[tuple[type[ThirdChairError], str], ...] = (
    (NotAllowed, "slack.error.not_allowed"),
    (NotFound, "slack.error.not_found"),
    (PlaceGone, "slack.error.place_gone"),
    (CannotReach, "slack.error.cannot_reach"),
    (TryLater, "slack.error.try_later"),
    (OutcomeUnknown, "slack.error.outcome_unknown"),
    (StorageError, "slack.error.storage"),
)
_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})


class TriggerExpired(TryLater):
    """Slack lets a form be opened for three seconds after the press; they are over. Nothing was done."""


def sentence_for(error: BaseException, words: Words, locale: str) -> str:
    """Return what to tell the person, in one sentence."""
    if isinstance(error, TriggerExpired):
        return words.say("slack.error.expired", locale)
    if isinstance(error, BadInput):
        return mend(error, words, locale)
    if isinstance(error, NotPermitted):
        _log.warning("Slack refused: missing permission")
        return words.say("slack.error.not_permitted", locale, permission=str(error))
    for kind, key in _SENTENCES:
        if isinstance(error, kind):
            _log.info("refused", extra={"kind": kind.__name__})
            return words.say(key, locale)
    reference = secrets.token_hex(4)
    report(error, reference)
    return words.say("slack.error.unexpected", locale, reference=reference)


def mend(error: BadInput, words: Words, locale: str) -> str:
    """Say how to mend what was given."""
    return words.say(error.key, locale, **error.values)


def report(error: BaseException, reference: str) -> None:
    """Log an unexpected error by its kind and its place in the code, without a word of its text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[::-1][:8])
    _log.error("unexpected %s, reference %s, at %s", type(error).__name__, reference, where)


def too_late(error: SlackApiError) -> bool:
    """Say whether a form came too late to be opened."""
    return faults.code_of(error) in _TOO_LATE
