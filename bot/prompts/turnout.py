"""Has a group gone quiet? Only ever its total, and only of a group that does answer.

Nothing here knows who answered: the counts are of responses in a thread. The difference between two single people is
never what decides, since a whole stretch is compared with the one before, and small groups are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

LATELY = 3
BEFORE = 12
SHORTEST_BEFORE = 6
SMALLEST_GROUP = 5
QUIET_SHARE = 0.25


def is_quiet(counts: Sequence[int]) -> bool:
    """Say whether the latest three postings together drew less than a quarter of what three used to draw.

    `counts` are responses to a cohort's daily postings, oldest first. A group whose three postings used to draw fewer
    than five is too small to conclude anything from.
    """
    lately, before = counts[-LATELY:], counts[-LATELY - BEFORE : -LATELY]
    if len(lately) < LATELY or len(before) < SHORTEST_BEFORE:
        return False
    usual = sum(before) / len(before) * LATELY
    return usual >= SMALLEST_GROUP and sum(lately) < usual * QUIET_SHARE
