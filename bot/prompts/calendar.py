"""The days on which a cohort expects nothing: public holidays of its country."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

from bot.people import Cohort


def quiet_days(cohort: Cohort, first: date, last: date) -> frozenset[date]:
    """Return the public holidays from `first` to `last`, both included; none for a country without a calendar."""
    found = _holidays(cohort.country, cohort.subdivision, tuple(range(first.year, last.year + 1)))
    return frozenset(day for day in found if first <= day <= last)


@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str | None, years: tuple[int, ...]) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=years))
    except NotImplementedError:
        # A subdivision that is not known must not cost the cohort its country's holidays.
        return _holidays(country, None, years) if subdivision else frozenset()
