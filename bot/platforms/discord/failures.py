"""One handler for everything that goes wrong between a person and a feature.

The person gets one sentence. The log gets a kind and where in the code it happened, and for the unexpected a
reference that the person sees too; never the exception's text, for discord.py's quotes what people typed.
"""

from __future__ import annotations

import logging
import secrets
import traceback

from discord import app_commands

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
from bot.platforms.discord import faults
from bot.ports.words import Words

_log = logging.getLogger(__name__)

_SENTENCES: tuple[tuple[type[ThirdChairError], str], ...] = (
    (NotAllowed, "discord.error.not_allowed"),
    (NotFound, "discord.error.not_found"),
    (PlaceGone, "discord.error.place_gone"),
    (CannotReach, "discord.error.cannot_reach"),
    (TryLater, "discord.error.try_later"),
    (OutcomeUnknown, "discord.error.outcome_unknown"),
    (StorageError, "discord.error.storage"),
)


def sentence_for(error: BaseException, words: Words, locale: str) -> str | None:
    """Return what to tell the person, in one sentence; None when nobody is there to hear it any more."""
    error = _cause(error)
    if faults.code_of(error) in (faults.UNKNOWN_INTERACTION, faults.ALREADY_ANSWERED):
        _log.info("an interaction was answered too late or twice")
        return None
    if isinstance(error, BadInput):
        return mend(error, words, locale)
    if isinstance(error, NotPermitted):
        _log.warning("Discord refused: missing permission")
        return words.say("discord.error.not_permitted", locale, permission=str(error))
    for kind, key in _SENTENCES:
        if isinstance(error, kind):
            _log.info("refused", extra={"kind": kind.__name__})
            return words.say(key, locale)
    reference = secrets.token_hex(4)
    report(error, reference)
    return words.say("discord.error.unexpected", locale, reference=reference)


def mend(error: BadInput, words: Words, locale: str) -> str:
    """Say how to mend what was given."""
    return words.say(error.key, locale, **error.values)


def report(error: BaseException, reference: str) -> None:
    """Log an unexpected error by its kind and its place in the code, without a word of its text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[::-1][:8])
    _log.error("unexpected %s, reference %s, at %s", type(error).__name__, reference, where)


def _cause(error: BaseException) -> BaseException:
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return NotFound("the command changed since Discord last heard of it")
    return error
