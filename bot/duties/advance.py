"""Where a schedule goes once it was claimed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.ports.duties import Advance, Schedule
from bot.rhythm import fires, local_day

_log = logging.getLogger(__name__)
_JUST_BEFORE = timedelta(microseconds=1)
_A_DAY = timedelta(days=1)


def advance(schedule: Schedule, now: datetime) -> Advance:
    """Send a due schedule to its next firing, and say what the claimed one leads up to.

    After downtime all firings of earlier days become the one delivery that is being claimed, and it leads up to the
    latest of them; the next firing is the first whose local day is today or later. A cohort that comes back after a
    month thus finds one missed prompt and today's, not thirty.
    """
    due = schedule.next_run_at
    if due is None:
        raise ValueError("a schedule that has ended cannot be advanced")
    rule = schedule.rule
    occurrence = due + rule.lead
    try:
        today = local_day(now, rule.zone)
        for fire, leads_to in fires(rule, due - _JUST_BEFORE):
            if fire > due and local_day(fire, rule.zone) >= today:
                return Advance(fire, occurrence, rule.re_anchored(leads_to))
            occurrence = leads_to
    except Exception as error:
        # A zone that this machine's data no longer knows must not undo the claim of everybody else's work: what is
        # due now still goes out, and tomorrow the rule is tried again.
        _log.error("schedule %s has a rule that cannot be read (%s)", schedule.id, type(error).__name__)
        return Advance(now + _A_DAY, occurrence, rule)
    return Advance(None, occurrence, rule)
