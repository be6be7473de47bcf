"""Words that cannot be kept: their writer gets her card all the same, and every word back.

A posting closes while somebody writes, a database is locked, a text is too long: none of these may keep the crisis
screen from reading what was typed, or its card from whoever typed it. The card offers nothing about a response, for
there is none, and never says that her words are kept.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.care.care import Care
from bot.crisis.escalation import Door
from bot.errors import BadInput, ThirdChairError
from bot.people import Caller, Cohort
from bot.ports.words import Words
from bot.responses.outcomes import HeldForCare, NeedsChange, Outcome, Refused

_log = logging.getLogger(__name__)


class GivenBack:
    """Screens what is not kept."""

    def __init__(self, care: Care, words: Words) -> None:
        self._care = care
        self._words = words

    async def unkept(
        self, caller: Caller, cohort: Cohort | None, text: str, alert_id: str, why: Refused | NeedsChange | Exception
    ) -> Outcome:
        """Return the card with the words, if the screen has one for them; else return `why`, or raise it."""
        subject = f"{cohort.id if cohort else '-'}/{alert_id}"
        met = await self._care.meet(text, Door.FORM, caller.member, cohort, subject=subject, alert_id=alert_id)
        if met.card is None:
            if isinstance(why, Exception):
                raise why
            return why
        reason = ""
        if isinstance(why, BadInput):
            locale = cohort.heard_by(caller).locale if cohort else caller.locale or "en"
            reason = self._words.say(why.key, locale, **why.values)
        elif isinstance(why, Exception):
            known = isinstance(why, ThirdChairError)
            _log.log(logging.INFO if known else logging.ERROR, "words were given back (%s)", type(why).__name__)
        else:
            reason = why.card.body
        return HeldForCare(replace(met.card, body=f"{met.card.body}\n\n{reason}".rstrip()), text)
