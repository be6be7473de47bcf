"""Setting a cohort up, looking at its settings, changing them, and finding the one that somebody means."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cards import Card, Tone
from bot.cohorts.form import SetupForm
from bot.cohorts.reading import changed, form_of, read_form
from bot.cohorts.telling import Telling, shows_more
from bot.errors import BadInput, MessengerError, NotAllowed, NotFound
from bot.people import AlertPolicy, Caller, Cohort, ItemPolicy, Place, Role, Workspace
from bot.ports.audit import AuditEntry, AuditStore
from bot.ports.clock import Clock
from bot.ports.cohorts import CohortStore
from bot.ports.duties import DueTable, Duty, Schedule
from bot.ports.messenger import Messenger, Trouble
from bot.ports.words import Words
from bot.privacy.naming import language_code, language_name
from bot.rhythm import Rule, local_day, next_fire, on_days, once

SHOWN_ON = 3
"""The weekday on which supervisors see the next week: Thursday, at the cohort's time, leaves them two working days."""

_TOLD = frozenset({"alert_policy", "channel"})
"""Settings whose change members are told of in the channel."""


@dataclass(frozen=True, slots=True)
class SetupResult:
    """A cohort as saved, what to tell the supervisor, and what still hinders the bot."""

    cohort: Cohort
    card: Card
    troubles: Sequence[Trouble]


class Cohorts:
    """The use cases around a cohort itself."""

    def __init__(
        self,
        cohorts: CohortStore,
        due: DueTable,
        audit: AuditStore,
        messenger: Messenger,
        words: Words,
        clock: Clock,
        poke: Callable[[], None],
        languages: Sequence[str] = ("en",),
    ) -> None:
        self._cohorts = cohorts
        self._due = due
        self._audit = audit
        self._messenger = messenger
        self._words = words
        self._clock = clock
        self._poke = poke
        self._languages = tuple(languages)
        self._telling = Telling(messenger, words, clock)

    async def setup(self, caller: Caller, form: SetupForm, token: str) -> SetupResult:
        """Create a cohort. Whoever manages the workspace may, and whoever supervises another cohort in it.

        Holding the role that the form names is not enough: a trainee could name her own.
        """
        if not (caller.manages_workspace or await self.in_workspace(caller)):
            raise NotAllowed
        ident = hashlib.sha256(f"cohort/{caller.workspace.platform}/{token}".encode()).hexdigest()[:10]
        now = self._clock.now()
        form = replace(form, locale=language_code(form.locale, self._languages) or "en")
        cohort = read_form(form, ident, caller.workspace, now.date())
        cohort = replace(cohort, created_on=local_day(now, cohort.zone))
        await self._require_free(cohort, "channel")
        told = await self._telling.first(cohort)
        if not told and cohort.alert_policy is AlertPolicy.WITH_TEXT:
            # Nobody's words are shown before everybody could know that they would be.
            cohort = replace(cohort, alert_policy=AlertPolicy.NOTICE_ONLY)
        await self._save(caller, cohort, "setup")
        return await self._result("cohorts.ready" if told else "cohorts.ready_untold", cohort, caller, told=told)

    async def show(self, caller: Caller, cohort_id: str | None, place: Place) -> Card:
        """Show all settings to a supervisor or a manager of the workspace."""
        cohort = await self.managed(caller, cohort_id, place)
        return self._settings_card(cohort, cohort.heard_by(caller).locale)

    async def change(self, caller: Caller, cohort_id: str | None, place: Place, field: str, value: str) -> SetupResult:
        """Change one setting; raises BadInput with the mend and keeps everything as it was.

        What supervisors learn of an alert is said in the channel first, if they are to learn more than before.
        """
        before = await self.managed(caller, cohort_id, place)
        cohort = changed(before, field, value, self._languages)
        await self._require_free(cohort, field)
        tells = field in _TOLD
        widens = cohort.alert_policy is AlertPolicy.WITH_TEXT or shows_more(cohort.alert_policy, before.alert_policy)
        told = await self._telling.again(cohort) if tells and widens else True
        if not told:
            raise BadInput("cohorts.bad.not_told", field=field, channel=cohort.channel.id)
        await self._save(caller, cohort, f"change {field}")
        if tells and not widens:
            told = await self._telling.again(cohort)
        return await self._result("cohorts.changed", cohort, caller, told=told)

    async def check(self, caller: Caller, cohort_id: str | None, place: Place) -> SetupResult:
        """Look for permissions and intents that are missing."""
        cohort = await self.managed(caller, cohort_id, place)
        return await self._result("cohorts.checked", cohort, caller)

    async def remove(self, caller: Caller, cohort_id: str | None, place: Place) -> Card:
        """Remove a cohort with everything that hangs on it; the audit stays."""
        cohort = await self.managed(caller, cohort_id, place)
        await self._note(caller, cohort, "remove")
        await self._cohorts.remove(cohort.id)
        return Card(self._words.say("cohorts.removed", cohort.heard_by(caller).locale, name=cohort.name))

    async def set_pause(self, cohort: Cohort, until: datetime | None) -> None:
        """Write a pause down, or its end. Rights and audit are the caller's."""
        await self._cohorts.save(replace(cohort, paused_until=until), await self._daily(cohort))
        await self._show_week(cohort)
        self._poke()

    async def known(self, cohort_id: str) -> Cohort:
        """Return a cohort by id; raises NotFound."""
        cohort = await self._cohorts.get(cohort_id)
        if cohort is None:
            raise NotFound
        return cohort

    async def supervised(self, caller: Caller, place: Place) -> Cohort:
        """Find the cohort that a supervisor means; raises NotAllowed for anybody else."""
        cohort = await self.of(caller, place)
        if cohort.role_of(caller) is not Role.SUPERVISOR:
            raise NotAllowed
        return cohort

    async def of(self, caller: Caller, place: Place) -> Cohort:
        """Find the cohort that somebody means: this channel's, else the only one that she is in.

        Raises BadInput when that leaves none or several.
        """
        if here := await self._cohorts.at(place):
            return here
        hers = [c for c in await self._cohorts.in_workspace(caller.workspace) if c.role_of(caller)]
        if len(hers) != 1:
            raise BadInput("cohorts.which" if hers else "cohorts.none")
        return hers[0]

    async def in_workspace(self, caller: Caller) -> Sequence[Cohort]:
        """Return the cohorts that the caller supervises or manages."""
        found = await self._cohorts.in_workspace(caller.workspace)
        return [c for c in found if caller.manages_workspace or c.role_of(caller) is Role.SUPERVISOR]

    async def of_member(self, caller: Caller) -> Sequence[Cohort]:
        """Return the cohorts that the caller is in."""
        return [c for c in await self._cohorts.in_workspace(caller.workspace) if c.role_of(caller)]

    async def roles_in(self, workspace: Workspace) -> frozenset[str]:
        """Return the roles that a workspace's cohorts name, for a door whose events come without any."""
        found = await self._cohorts.in_workspace(workspace)
        return frozenset(role for cohort in found for role in (cohort.trainee_role, cohort.supervisor_role))

    async def managed(self, caller: Caller, cohort_id: str | None, place: Place) -> Cohort:
        """Find the cohort whose settings the caller means. Raises NotAllowed, NotFound, or BadInput if unclear."""
        if cohort_id:
            cohort = await self.known(cohort_id)
        else:
            here = await self._cohorts.at(place)
            hers = await self.in_workspace(caller)
            if here is None and len(hers) != 1:
                raise BadInput("cohorts.which" if hers else "cohorts.none")
            cohort = here or hers[0]
        if cohort.workspace != caller.workspace:
            raise NotFound
        if not (caller.manages_workspace or cohort.role_of(caller) is Role.SUPERVISOR):
            raise NotAllowed
        return cohort

    async def _require_free(self, cohort: Cohort, field: str) -> None:
        for place in (cohort.channel, cohort.supervisors_channel):
            taken = await self._cohorts.at(place)
            if taken is not None and taken.id != cohort.id:
                raise BadInput("cohorts.bad.channel_taken", field=field, name=taken.name)
        second = cohort.escalation_channel
        if second and (read := await self._cohorts.at(second)) and read.channel == second:
            raise BadInput("cohorts.bad.escalation_taken", field="escalation_channel", name=read.name)

    async def _save(self, caller: Caller, cohort: Cohort, act: str) -> None:
        await self._cohorts.save(cohort, await self._daily(cohort))
        await self._show_week(cohort)
        await self._note(caller, cohort, act)
        self._poke()

    async def _show_week(self, cohort: Cohort) -> None:
        """Let supervisors see the week ahead, now as far as it is not known to them, and then once a week."""
        if cohort.item_policy is ItemPolicy.OPEN:
            await self._due.remove(cohort_id=cohort.id, duty=Duty.SHOW)
            return
        now = self._clock.now()
        rule = on_days(frozenset({SHOWN_ON}), cohort.time, cohort.zone, local_day(now, cohort.zone))
        first = next_fire(rule, now)
        weekly = Schedule(f"week-{cohort.id}", cohort.id, Duty.SHOW, rule, first[0] if first else None)
        await self._due.put(weekly)
        await self._due.put(Schedule(f"weeknow-{cohort.id}", cohort.id, Duty.SHOW, once(now), now))

    async def _daily(self, cohort: Cohort) -> Schedule:
        now = self._clock.now()
        rule = _rule(cohort, now)
        first = next_fire(rule, now)
        at = first[0] if first else None
        standing = await self._due.get(f"daily-{cohort.id}")
        if standing and standing.next_run_at and standing.next_run_at <= now:
            # Due and not yet claimed: a change of settings must not swallow it.
            at = standing.next_run_at
        return Schedule(f"daily-{cohort.id}", cohort.id, Duty.PROMPT, rule, at)

    async def _result(self, key: str, cohort: Cohort, caller: Caller, *, told: bool = True) -> SetupResult:
        troubles: list[Trouble] = []
        locale = cohort.heard_by(caller).locale
        if not told:
            untold = (self._words.say(f"cohorts.untold.{part}", locale) for part in ("what", "mend"))
            troubles.append(Trouble(*untold))
        places = [(cohort.channel, True), (cohort.supervisors_channel, False)]
        if cohort.escalation_channel:
            places.append((cohort.escalation_channel, False))
        for place, threads in places:
            try:
                troubles += await self._messenger.troubles(place, threads=threads)
            except MessengerError:
                gone = self._words.say("cohorts.channel_gone", locale, channel=place.id)
                troubles.append(Trouble(f"<#{place.id}>", gone))
        card = self._settings_card(cohort, locale, key)
        if troubles:
            lines = "\n".join(f"- **{trouble.what}**: {trouble.mend}" for trouble in dict.fromkeys(troubles))
            fields = (*card.fields, (self._words.say("cohorts.missing", locale), lines[:1000]))
            card = replace(card, fields=fields, tone=Tone.WARNING)
        return SetupResult(cohort, card, troubles)

    def _settings_card(self, cohort: Cohort, locale: str, key: str = "cohorts.settings") -> Card:
        say, form = self._words.say, form_of(cohort)
        upcoming = next_fire(_rule(cohort, self._clock.now()), self._clock.now())
        next_day = self._words.day(local_day(upcoming[0], cohort.zone), locale) if upcoming else "-"
        rows = {
            "channel": f"<#{form.channel}>",
            "supervisors_channel": f"<#{form.supervisors_channel}>",
            "supervisor_role": f"<@&{form.supervisor_role}>",
            "trainee_role": f"<@&{form.trainee_role}>",
            "rhythm": say("cohorts.rhythm", locale, days=form.days, time=form.time, zone=form.zone, next=next_day),
            "country": form.country,
            "language": language_name(cohort.locale, locale),
            "alert_policy": say(f"cohorts.policy.{cohort.alert_policy.name.lower()}", locale),
            "escalation": self._escalation(cohort, locale),
            "item_policy": say(f"cohorts.items.{cohort.item_policy.value}", locale),
            "site_protocol": form.site_protocol or say("cohorts.not_given", locale),
            "on_call": form.on_call or say("cohorts.not_given", locale),
            "coverage_hours": form.coverage_hours or say("cohorts.no_hours", locale),
        }
        fields = tuple((say(f"cohorts.field.{name}", locale), value) for name, value in rows.items())
        footer = "" if cohort.item_policy is ItemPolicy.APPROVED_ONLY else say("cohorts.drafts", locale)
        return Card(say(key, locale, name=cohort.name), title=cohort.name, fields=fields, footer=footer)

    def _escalation(self, cohort: Cohort, locale: str) -> str:
        second = cohort.escalation_channel
        key = "cohorts.escalation.channel" if second else "cohorts.escalation.none"
        channel = second.id if second else ""
        return self._words.say(key, locale, minutes=cohort.escalate_after, channel=channel)

    async def _note(self, caller: Caller, cohort: Cohort, act: str) -> None:
        await self._audit.append(AuditEntry(cohort.id, self._clock.now(), caller.member, act))


def _rule(cohort: Cohort, now: datetime) -> Rule:
    return on_days(cohort.days, cohort.time, cohort.zone, local_day(now, cohort.zone))
