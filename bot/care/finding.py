"""Whose cohort it is: from a message, a place, or a person. A store that fails is an answer too, never an obstacle."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.care.incoming import IncomingMessage
from bot.errors import MessengerError
from bot.people import Caller, Cohort, Member, MemberSettings, Place
from bot.ports.cohorts import CohortStore, MemberStore
from bot.ports.messenger import Messenger

LOOKING_UP_SECONDS = 2.0
"""How long a card waits to learn which cohort somebody in a direct conversation is in."""
ASKED_AT_ONCE = 20
"""Servers that are asked side by side whether somebody is a trainee there."""


class Finding:
    """Looks up cohorts and settings for care. `alarm` hears the kind of every failure."""

    def __init__(
        self, cohorts: CohortStore, members: MemberStore, messenger: Messenger, alarm: Callable[[str], None]
    ) -> None:
        self._cohorts = cohorts
        self._members = members
        self._messenger = messenger
        self._alarm = alarm
        # Where somebody was seen last, so that a direct message need not ask every server; forgotten with the process.
        self._seen_in: dict[Member, str] = {}

    async def of_message(self, message: IncomingMessage) -> tuple[Cohort | None, bool]:
        """Return the cohort of an open or direct message, and whether the message concerns us at all.

        When the store does not answer, it does: deafness would be worse than a card without the cohort's contacts.
        """
        try:
            for place in filter(None, (message.place, message.parent)):
                if found := await self._cohorts.at(place):
                    return self._remembered(message.author, found), True
        except Exception as error:
            self._alarm(type(error).__name__)
            return None, True
        return (await self._of_member(message.author), True) if message.direct else (None, False)

    async def around(self, caller: Caller, place: Place | None) -> Cohort | None:
        """Return the place's cohort, else hers; None where there is none or nobody can tell."""
        if place is None and not caller.roles:
            return await self._of_member(caller.member)
        return self._remembered(caller.member, await self._or_none(self._around(caller, place)))

    async def by_id(self, cohort_id: str) -> Cohort | None:
        """Return a cohort by id; None where there is none or nobody can tell."""
        return await self._or_none(self._cohorts.get(cohort_id))

    async def settings(self, member: Member) -> MemberSettings:
        """Return what she chose for herself; her country and language are a courtesy that no card waits for."""
        try:
            return await self._members.settings(member)
        except Exception as error:
            self._alarm(type(error).__name__)
            return MemberSettings(member)

    async def belongs(self, caller: Caller, cohort: Cohort) -> bool:
        """Say whether somebody is in a cohort; False where nobody can tell.

        A button in a direct message comes without roles, so they are asked for.
        """
        if cohort.role_of(caller) is not None:
            return True
        try:
            for role in (cohort.trainee_role, cohort.supervisor_role):
                if await self._messenger.supervises(cohort.workspace, caller.member, role):
                    return True
        except MessengerError as error:
            self._alarm(type(error).__name__)
        return False

    async def _around(self, caller: Caller, place: Place | None) -> Cohort | None:
        if place and (here := await self._cohorts.at(place)):
            return here
        cohorts = await self._cohorts.in_workspace(caller.workspace)
        return next((cohort for cohort in cohorts if cohort.role_of(caller)), None)

    async def _of_member(self, member: Member) -> Cohort | None:
        try:
            async with asyncio.timeout(LOOKING_UP_SECONDS):
                return await self._or_none(self._asked_everywhere(member))
        except TimeoutError as error:
            self._alarm(type(error).__name__)
            return None

    async def _asked_everywhere(self, member: Member) -> Cohort | None:
        cohorts = [cohort for cohort in await self._cohorts.every() if cohort.workspace.platform is member.platform]
        seen_in = self._seen_in.get(member)
        known = [cohort for cohort in cohorts if cohort.id == seen_in]
        others = [cohort for cohort in cohorts if cohort.id != seen_in]
        found = await self._first_that_knows(member, known) or await self._first_that_knows(member, others)
        return self._remembered(member, found)

    async def _first_that_knows(
        self, member: Member, cohorts: Sequence[Cohort], *, again: bool = True
    ) -> Cohort | None:
        """Ask many servers side by side: one after another would take longer than a card waits. Faults ask twice."""
        at_once = asyncio.Semaphore(ASKED_AT_ONCE)
        failed: dict[str, tuple[Cohort, str]] = {}

        async def known(cohort: Cohort) -> Cohort | None:
            try:
                async with at_once:
                    belongs = await self._messenger.supervises(cohort.workspace, member, cohort.trainee_role)
            except MessengerError as error:
                failed[cohort.id] = cohort, type(error).__name__
                return None
            return cohort if belongs else None

        asked = [asyncio.create_task(known(cohort)) for cohort in cohorts]
        try:
            for answer in asyncio.as_completed(asked):
                if found := await answer:
                    return found
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
        if failed and again:
            return await self._first_that_knows(member, [cohort for cohort, _ in failed.values()], again=False)
        for fault in sorted({fault for _, fault in failed.values()}):  # it may have been hers that could not be asked
            self._alarm(fault)
        return None

    def _remembered(self, member: Member, cohort: Cohort | None) -> Cohort | None:
        if cohort is not None:
            self._seen_in[member] = cohort.id
        return cohort

    async def _or_none(self, asked: Awaitable[Cohort | None]) -> Cohort | None:
        try:
            return await asked
        except Exception as error:
            self._alarm(type(error).__name__)
            return None
