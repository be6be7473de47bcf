"""A cohort's way through a curriculum: beginning one, seeing where it stands, leaving a week out, ending it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from bot.cards import Card
from bot.cohorts.cohorts import Cohorts
from bot.errors import BadInput, NotAllowed
from bot.people import Caller, Cohort, Place
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.plans import Enrolment, PlanStore
from bot.ports.postings import PostingStore
from bot.ports.words import Words
from bot.prompts.arranging import say_changed
from bot.prompts.course import first_week, monday_of
from bot.prompts.item import Library, Sequence
from bot.prompts.planning import Planner
from bot.prompts.week_ahead import WeekAhead
from bot.prompts.why import Lesson
from bot.rhythm import local_day

_A_WEEK = timedelta(days=7)


class Curricula:
    """The use cases; only `status` is for trainees too."""

    def __init__(
        self,
        library: Library,
        planner: Planner,
        cohorts: Cohorts,
        postings: PostingStore,
        plans: PlanStore,
        week: WeekAhead,
        audit: AuditStore,
        words: Words,
        clock: Clock,
    ) -> None:
        self._library = library
        self._planner = planner
        self._cohorts = cohorts
        self._postings = postings
        self._plans = plans
        self._week = week
        self._audit = audit
        self._words = words
        self._clock = clock

    def offers(self, typed: str) -> list[tuple[str, str]]:
        """Offer the curricula that there are: (id, title)."""
        wanted = typed.casefold().strip()
        known = sorted(self._library.sequences, key=lambda each: -len(each.weeks))
        return [(each.id, each.title) for each in known if wanted in f"{each.title} {each.id}".casefold()][:25]

    async def start(self, caller: Caller, place: Place, sequence_id: str) -> Card:
        """Begin a curriculum with this week, if nothing was posted in it yet, else with the next."""
        cohort = await self._cohorts.supervised(caller, place)
        sequence = self._sequence(sequence_id)
        if await self._lessons(cohort):
            raise BadInput("curriculum.already")
        today = self._today(cohort)
        begins = first_week(today, await self._posted(cohort))
        await self._plans.enrol(Enrolment(cohort.id, sequence.id, begins))
        values = {"title": sequence.title, "weeks": len(sequence.weeks)}
        return await self._replanned(caller, cohort, "curriculum start", "curriculum.started", begins, **values)

    async def status(self, caller: Caller, place: Place) -> Card:
        """Say which week it is, what it is about, and what follows."""
        cohort = await self._cohorts.of(caller, place)
        if cohort.role_of(caller) is None:
            raise NotAllowed
        locale = cohort.heard_by(caller).locale
        enrolment = await self._plans.enrolment(cohort.id)
        lessons = await self._lessons(cohort)
        if enrolment is None or not lessons:
            return Card(self._words.say("curriculum.none" if enrolment is None else "curriculum.over", locale))
        sequence = self._sequence(enrolment.sequence_id)
        lines = [
            self._words.say(
                "curriculum.week_of",
                locale,
                day=self._words.day(monday, locale),
                week=lesson.week,
                weeks=lesson.weeks,
                title=lesson.title,
            )
            for monday, lesson in lessons.items()
        ]
        if enrolment.skipped:
            skipped = ", ".join(f"{number}" for number in sorted(enrolment.skipped))
            lines.append(self._words.say("curriculum.left_out", locale, weeks=skipped))
        return Card("\n".join(f"- {line}" for line in lines), title=sequence.title)

    async def skip(self, caller: Caller, place: Place) -> Card:
        """Leave out this week's part, or the coming week's where something of this week's was posted already."""
        cohort = await self._cohorts.supervised(caller, place)
        enrolment = await self._plans.enrolment(cohort.id)
        lessons = await self._lessons(cohort)
        if enrolment is None or not lessons:
            raise BadInput("curriculum.none")
        this_week = monday_of(self._today(cohort))
        begun = any(day >= this_week for day in await self._posted(cohort))
        monday = next((each for each in lessons if each > this_week or not begun), None)
        if monday is None:
            raise BadInput("curriculum.last_week")
        lesson = lessons[monday]
        await self._plans.enrol(replace(enrolment, skipped=enrolment.skipped | {lesson.week}))
        values = {"week": lesson.week, "title": lesson.title}
        return await self._replanned(caller, cohort, "curriculum skip", "curriculum.skipped", monday, **values)

    async def stop(self, caller: Caller, place: Place) -> Card:
        """End the curriculum; the pool goes on from the next posting."""
        cohort = await self._cohorts.supervised(caller, place)
        if not await self._plans.leave(cohort.id):
            raise BadInput("curriculum.none")
        return await self._replanned(caller, cohort, "curriculum stop", "curriculum.stopped", self._today(cohort))

    async def _replanned(
        self, caller: Caller, cohort: Cohort, act: str, key: str, first: date, **values: object
    ) -> Card:
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, act))
        changed = await self._week.replan(cohort, max(first, self._today(cohort)))
        locale = cohort.heard_by(caller).locale
        body = self._words.say(key, locale, day=self._words.day(first, locale), **values)
        return Card("\n\n".join(filter(None, (body, say_changed(changed, self._words, locale)))))

    async def _lessons(self, cohort: Cohort) -> dict[date, Lesson]:
        """The lessons of this week and the coming ones, by Monday; empty without a curriculum or after its end."""
        course = await self._planner.course(cohort, self._today(cohort))
        return {monday_of(day): placed.lesson for day, placed in course.items()}

    async def _posted(self, cohort: Cohort) -> Collection[date]:
        since = self._today(cohort) - _A_WEEK
        return {each.day for each in await self._postings.history(cohort.id, since) if not each.on_demand}

    def _sequence(self, sequence_id: str) -> Sequence:
        try:
            return self._library.sequence(sequence_id)
        except KeyError:
            raise BadInput("curriculum.unknown") from None

    def _today(self, cohort: Cohort) -> date:
        return local_day(self._clock.now(), cohort.zone)
