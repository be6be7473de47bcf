"""Does this text name a client? A guard against slips, not against cunning.

Trainees write about their own side of the work; a name, a number or an address that slips in would tell a whole
cohort about a client. The guard points at such places and the writer decides: a finding is a question, not a verdict.
Pure, without a dictionary of names, and linear in the length of the text.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.privacy.shapes import SHAPES, Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch `text[start:end]` that may identify someone."""

    kind: Kind
    start: int
    end: int


def look(text: str) -> tuple[Finding, ...]:
    """Point at everything in `text` that may identify a client or another real person, in order, without overlaps."""
    found = sorted(
        (Finding(shape.kind, *span) for shape in SHAPES for span in shape.spans(text)),
        key=lambda finding: (finding.start, -finding.end),
    )
    kept: list[Finding] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return tuple(kept)
