"""What rules and combinations found in a message, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.crisis.assessment import Action, Assessment, Span, Subject
from bot.crisis.context import Context, Hit


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule or combination that spoke and was heard."""

    id: str
    action: Action
    subject: Subject
    place: tuple[int, int]
    modifiers: tuple[str, ...] = ()


def summed(context: Context, findings: list[Finding], suppressed: tuple[str, ...]) -> Assessment:
    """Give the most urgent of the findings, with every rule that speaks for it and where."""
    if not findings:
        return Assessment(Action.N, suppressed=suppressed)
    top = max(finding.action.urgency for finding in findings)
    chosen = [finding for finding in findings if finding.action.urgency == top]
    modifiers = [*context.reading.views, *(name for finding in chosen for name in finding.modifiers)]
    unique = {finding.id: finding for finding in reversed(chosen)}
    speakers = sorted(unique.values(), key=lambda finding: (finding.place, finding.id))
    return Assessment(
        action=speakers[0].action,
        rules=tuple(finding.id for finding in speakers),
        spans=tuple(Span(*context.original(finding.place)) for finding in speakers),
        subject=speakers[0].subject,
        modifiers=tuple(dict.fromkeys(modifiers)),
        suppressed=suppressed,
    )


def graver(one: Assessment, other: Assessment) -> Assessment:
    """Give the graver of two; of two alike the first that says anything."""
    if other.action.urgency > one.action.urgency or not (one.rules or one.suppressed):
        return other
    return one


def subject_of(action: Action) -> Subject:
    """Say whose risk an action is about."""
    return Subject.OTHER if action is Action.C else Subject.SELF


def together(context: Context, groups: list[list[Hit]], *, near: bool) -> tuple[int, int] | None:
    """Find one hit of each signal, no two of them the same words; give the place of the first."""
    for first in groups[0]:
        taken = [first]
        for group in groups[1:]:
            fits = (hit for hit in group if _is_apart(hit, taken) and (not near or _is_near(context, hit, first)))
            found = next(fits, None)
            if found is None:
                break
            taken.append(found)
        else:
            return first.first, first.last
    return None


def _is_apart(hit: Hit, taken: list[Hit]) -> bool:
    return all(hit.last < other.first or hit.first > other.last for other in taken)


def _is_near(context: Context, hit: Hit, other: Hit) -> bool:
    """Say whether two hits stand in the same sentence or in neighbouring ones."""
    start, end = context.sentence(hit.first)[0], context.sentence(hit.last)[1]
    return context.sentence(other.first)[0] <= end + 2 and context.sentence(other.last)[1] >= start - 2
