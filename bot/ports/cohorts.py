"""The store of cohorts and of what single people chose for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.people import Cohort, Member, MemberSettings, Place, Workspace
from bot.ports.duties import Schedule


class CohortStore(Protocol):
    """Keeps cohorts with the schedule of their daily posting, both in one transaction."""

    async def save(self, cohort: Cohort, daily: Schedule) -> None:
        """Add a cohort or replace it, with its daily schedule."""
        ...

    async def get(self, cohort_id: str) -> Cohort | None: ...

    async def in_workspace(self, workspace: Workspace) -> Sequence[Cohort]:
        """Return the cohorts of one workspace, by name."""
        ...

    async def every(self) -> Sequence[Cohort]: ...

    async def at(self, place: Place) -> Cohort | None:
        """Return the cohort whose channel or supervisors' channel this is."""
        ...

    async def remove(self, cohort_id: str) -> None:
        """Remove a cohort and everything that hangs on it, the audit excepted."""
        ...


class MemberStore(Protocol):
    """Keeps people's own settings, nowhere near their responses."""

    async def settings(self, member: Member) -> MemberSettings:
        """Return what she chose, or the defaults."""
        ...

    async def save(self, settings: MemberSettings) -> None: ...

    async def wanting_dm(self, cohort_id: str) -> Sequence[Member]:
        """Return who asked for reminders of this cohort's sessions by direct message."""
        ...

    async def set_dm(self, cohort_id: str, member: Member, wanted: bool) -> None: ...

    async def suggested(self, member: Member) -> Mapping[str, str]:
        """Return the titles, by id, of her suggestions that wait for a decision with her name."""
        ...

    async def forget(self, member: Member) -> int:
        """Delete every row that names her, snoozes included, the supervisors' audit excepted; return how many.

        What stays without her (an alert that was taken, a suggestion) no longer says that it was she."""
        ...
