"""When a frame - an idiom, a story, shop talk, the past - that reaches what a rule found takes its voice away."""

from __future__ import annotations

from bot.crisis.assessment import Action
from bot.crisis.context import Hit, Who
from bot.crisis.rules import Frame, Kind

FAREWELL_SIGNALS = frozenset({"leaving", "thanks", "sorrow", "settled"})


def silences(frame: Frame, hit: Hit, who: Who, *, endorsed: bool, meant: bool, again: bool, urgent: bool) -> bool:
    """Say whether a frame that reaches a hit takes its voice away."""
    match frame.kind:
        case Kind.IDIOM:
            return not meant
        case Kind.STORY:
            return not endorsed
        case Kind.SHOP:
            return (who is Who.IMPLIED and not endorsed) or not (who.is_self or urgent)
        case Kind.HANDLED:
            return not who.is_self
        case Kind.PAST:
            return hit.rule.heed_past and not again
        case Kind.DENIAL:
            return hit.rule.heed_negation
        case Kind.FAREWELL:
            return not FAREWELL_SIGNALS.isdisjoint(hit.rule.signals)
        case Kind.CLEAR:
            # Whoever says that she is safe and that she is going to do it has said the latter.
            return who.is_self and hit.rule.action is not Action.A
