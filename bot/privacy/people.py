"""What one person may know, settle and erase about herself."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from bot.cards import Card, Tone
from bot.errors import BadInput, MessengerError, StorageError
from bot.people import Caller, Cohort, Member, Place, Workspace
from bot.ports.cohorts import CohortStore, MemberStore
from bot.ports.words import Words
from bot.privacy.naming import country_code, country_name, language_code, language_name, near_countries

_log = logging.getLogger(__name__)

ForgetResponses = Callable[[Member, Workspace], Awaitable[int]]
"""Erases a member's responses in all postings of a workspace that are still open; returns how many."""

Unsign = Callable[[Iterable[str]], Awaitable[None]]
"""Takes the name off the cards of these suggestions."""

_NOTHING = frozenset({"", "-", "none", "default", "reset"})
_STATEMENT = ("kept", "limits", "seen_by", "danger", "assessment", "clients", "items", "yours")


class Privacy:
    """The use cases of a member's own data.

    `locales` are the languages that the bot has words for; `has_lines` says of an ISO code whether it knows help lines.
    """

    def __init__(
        self,
        cohorts: CohortStore,
        members: MemberStore,
        forget_responses: ForgetResponses,
        unsign: Unsign,
        words: Words,
        locales: Sequence[str] = ("en",),
        has_lines: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._has_lines = has_lines
        self._cohorts = cohorts
        self._members = members
        self._forget_responses = forget_responses
        self._unsign = unsign
        self._words = words
        self._locales = tuple(locales)

    async def set_country(self, caller: Caller, text: str) -> Card:
        """Choose whose help lines come first, by ISO code or by name; "-" goes back to the cohort's country."""
        settings = await self._members.settings(caller.member)
        locale = await self._locale(caller)
        if text.strip().casefold() in _NOTHING:
            await self._members.save(replace(settings, country=None))
            return Card(self._words.say("privacy.country_unset", locale))
        code = country_code(text, (locale, *self._locales))
        if code is None:
            near = ", ".join(near_countries(text, locale))
            raise BadInput("privacy.bad.country_near" if near else "privacy.bad.country", field="country", near=near)
        await self._members.save(replace(settings, country=code))
        said = "privacy.country_set" if self._has_lines(code) else "privacy.country_unknown"
        return Card(self._words.say(said, locale, country=country_name(code, locale)))

    async def set_locale(self, caller: Caller, text: str) -> Card:
        """Choose the language of private cards; "-" goes back to the cohort's."""
        settings = await self._members.settings(caller.member)
        if text.strip().casefold() in _NOTHING:
            await self._members.save(replace(settings, locale=None))
            return Card(self._words.say("privacy.locale_unset", await self._locale(caller)))
        code = language_code(text, self._locales)
        if code is None:
            known = ", ".join(language_name(each, each) for each in self._locales)
            raise BadInput("privacy.bad.locale", field="language", known=known)
        await self._members.save(replace(settings, locale=code))
        return Card(self._words.say("privacy.locale_set", code, language=language_name(code, code)))

    async def language_of(self, caller: Caller) -> str | None:
        """Return the language that the caller chose for herself, if she did."""
        return (await self._members.settings(caller.member)).locale

    async def show(self, caller: Caller) -> Card:
        """Show everything that is kept under the caller's own name."""
        settings = await self._members.settings(caller.member)
        locale = await self._locale(caller)
        say = self._words.say
        reminded = [
            cohort.name
            for cohort in await self._cohorts.in_workspace(caller.workspace)
            if caller.member in await self._members.wanting_dm(cohort.id)
        ]
        country = country_name(settings.country, locale) if settings.country else say("privacy.cohorts_own", locale)
        language = language_name(settings.locale, locale) if settings.locale else say("privacy.cohorts_own", locale)
        fields = (
            (say("privacy.field.country", locale), country),
            (say("privacy.field.locale", locale), language),
            (say("privacy.field.reminders", locale), ", ".join(reminded) or say("privacy.nowhere", locale)),
            (
                say("privacy.field.suggestions", locale),
                ", ".join((await self._members.suggested(caller.member)).values())
                or say("privacy.no_suggestions", locale),
            ),
        )
        return Card(say("privacy.shown", locale), say("privacy.shown_title", locale), fields)

    async def forget_me(self, caller: Caller, workspaces: Iterable[Workspace] = ()) -> Card:
        """Erase what is kept of the caller: settings, reminder wishes, snoozes, and responses to open postings.

        `workspaces` are others, besides the one she calls from, in which the door knows her. What a platform refuses
        to delete just now is said to her, and the rest goes all the same; asking again takes up where it stopped.
        """
        locale = await self._locale(caller)
        responses, stuck = 0, False
        for workspace in sorted({caller.workspace, *workspaces}):
            try:
                responses += await self._forget_responses(caller.member, workspace)
            except (MessengerError, StorageError) as error:
                stuck = True
                _log.warning("an erasure did not come to its end (%s)", type(error).__name__)
        signed = await self._members.suggested(caller.member)
        rows = await self._members.forget(caller.member)
        await self._unsign(signed)
        lines = [
            self._words.say("privacy.forgotten.settings", locale, count=rows),
            self._words.say("privacy.forgotten.responses", locale, count=responses),
            self._words.say("privacy.forgotten.closed", locale),
        ]
        if stuck:
            lines.append(self._words.say("privacy.forgotten.stuck", locale))
        title = self._words.say("privacy.forgotten.title", locale)
        return Card("\n".join(lines), title, tone=Tone.WARNING if stuck else Tone.NOTICE)

    async def statement(self, caller: Caller, place: Place | None) -> Card:
        """Say plainly what anonymity here means, what it cannot do, and who sees what."""
        cohort = await self._cohort(caller, place)
        locale = await self._locale(caller, cohort)
        say = self._words.say
        policy = f"privacy.policy.{cohort.alert_policy.name.lower()}" if cohort else "privacy.policy.unknown"
        values = {
            "platform": say(f"privacy.platform.{caller.member.platform.value}", locale),
            "closing": say("privacy.closing", locale, count=cohort.open_days)
            if cohort
            else say("privacy.closing_unknown", locale),
            "policy": say(policy, locale),
            "hours": say("privacy.hours", locale, hours=cohort.coverage_hours)
            if cohort and cohort.coverage_hours
            else "",
        }
        fields = tuple(
            (say(f"privacy.statement.{part}.title", locale), say(f"privacy.statement.{part}.text", locale, **values))
            for part in _STATEMENT
        )
        return Card(say("privacy.statement.body", locale), say("privacy.statement.title", locale), fields)

    async def _cohort(self, caller: Caller, place: Place | None) -> Cohort | None:
        """Find whose rules apply to the caller: this place's cohort, or else the only one that she is in."""
        if place and (here := await self._cohorts.at(place)):
            return here
        hers = [each for each in await self._cohorts.in_workspace(caller.workspace) if each.role_of(caller)]
        return hers[0] if len(hers) == 1 else None

    async def _locale(self, caller: Caller, cohort: Cohort | None = None) -> str:
        chosen = (await self._members.settings(caller.member)).locale
        if chosen:
            return chosen
        cohort = cohort or await self._cohort(caller, None)
        return cohort.locale if cohort else "en"
