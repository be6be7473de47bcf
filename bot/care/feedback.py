"""Trying the screen, and telling that it was wrong: explained in full, kept as counts of rule ids.

Of a wrong alarm or a missed message only the rules, the action and the month are counted, for nobody in particular.
Counts change nothing by themselves: no rule is ever switched off by them, and an A least of all.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter, OrderedDict
from itertools import zip_longest
from typing import Protocol

from bot.cards import Card
from bot.care.decisions import Decisions
from bot.care.watching import Watch
from bot.crisis.assessment import Action, Assessment, Span
from bot.errors import NotAllowed
from bot.people import Caller, Cohort, MessageRef, Role
from bot.ports.clock import Clock
from bot.ports.cohorts import CohortStore
from bot.ports.feedback import FeedbackStore, Opinion, Verdict
from bot.ports.words import Words

FEW = 5
"""Fewer than this are not shown, and more only in steps of it: a count of one is somebody."""

_LISTED = 8
_REPORTED = 15
_EXCERPT = 90
_REMEMBERED = 1000
_SEEN = frozenset({Action.A, Action.B})


class Reasons(Protocol):
    """What can say why a rule exists."""

    def reason(self, rule_id: str) -> str: ...


class Feedback:
    """What people may say of the screen, and ask it."""

    def __init__(
        self,
        watch: Watch,
        reasons: Reasons,
        decisions: Decisions,
        counts: FeedbackStore,
        cohorts: CohortStore,
        words: Words,
        clock: Clock,
    ) -> None:
        self._watch = watch
        self._reasons = reasons
        self._decisions = decisions
        self._counts = counts
        self._cohorts = cohorts
        self._words = words
        self._clock = clock
        self._secret = secrets.token_bytes(16)
        self._heard: OrderedDict[bytes, None] = OrderedDict()

    async def try_out(self, caller: Caller, sentence: str) -> Card:
        """Show a supervisor what the screen makes of a sentence, and why. Nothing is kept, and nobody is told."""
        locale = (await self._of(caller, Role.SUPERVISOR)).heard_by(caller).locale
        found = await self._watch.assess(sentence)
        if isinstance(found, str):
            return Card(self._words.say("care.trial.failed", locale, failure=found))
        return self._explained(found, sentence, locale)

    async def wrong_alarm(self, caller: Caller, subject: str) -> Card:
        """Count a wrong alarm, once, if it is still known what spoke. The answer is the same for everybody."""
        decided = self._decisions.take(subject)
        if decided is not None:
            await self._counts.add(Verdict.WRONG_ALARM, decided.action.value, decided.rules, self._clock.now().date())
        cohort = await self._near(caller)
        locale = cohort.heard_by(caller).locale if cohort else caller.locale or "en"
        return Card(self._words.say("care.feedback.wrong_thanks", locale))

    async def missed(self, caller: Caller, message: MessageRef, text: str) -> Card:
        """Count a message that should have been met; the answer does not tell whether it was."""
        cohort = await self._of(caller)
        found = await self._watch.assess(text)
        if isinstance(found, Assessment) and found.action not in _SEEN and self._first_time(caller, message):
            silenced = (pair.partition(":")[0] for pair in found.suppressed)
            rules = (*found.rules, *silenced)
            await self._counts.add(Verdict.MISSED, found.action.value, rules, self._clock.now().date())
        say, locale = self._words.say, cohort.heard_by(caller).locale
        lines = [say("care.feedback.missed_thanks", locale)]
        if cohort.site_protocol:
            lines.append(say("care.feedback.protocol", locale, protocol=cohort.site_protocol))
        if cohort.on_call:
            lines.append(say("care.alert.on_call", locale, contact=cohort.on_call))
        return Card("\n\n".join(lines))

    async def report(self, caller: Caller) -> Card:
        """Show a supervisor what was said of the screen, rule by rule."""
        locale = (await self._of(caller, Role.SUPERVISOR)).heard_by(caller).locale
        opinions = await self._counts.every()
        fields = []
        for verdict in Verdict:
            rows = self._rows([opinion for opinion in opinions if opinion.verdict is verdict], locale)
            listed = "\n".join(rows[:_REPORTED]) or self._words.say("care.report.too_few", locale, few=FEW)
            fields.append((self._words.say(f"care.report.{verdict.name.lower()}", locale), listed))
        say = self._words.say
        return Card(say("care.report.body", locale, few=FEW), say("care.report.title", locale), tuple(fields))

    def _explained(self, found: Assessment, sentence: str, locale: str) -> Card:
        def say(key: str, **values: object) -> str:
            return self._words.say(f"care.trial.{key}", locale, **values)

        spoke = [self._line(rule, span, sentence) for rule, span in zip_longest(found.rules, found.spans) if rule]
        silenced = [self._silenced(pair) for pair in found.suppressed]
        fields = {
            "spoke": "\n".join(spoke[:_LISTED]) or say("nothing_spoke"),
            "about": say(f"subject.{found.subject.value}"),
            "modifiers": ", ".join(found.modifiers),
            "silenced": "\n".join(silenced[:_LISTED]),
        }
        body = say(f"action.{found.action.value}")
        if found.action in _SEEN:
            body += "\n\n" + say("quiet_line")
        shown = tuple((say(f"field.{name}"), text) for name, text in fields.items() if text)
        return Card(body, say("title"), shown, footer=say("kept_nowhere"))

    def _line(self, rule: str, span: Span | None, sentence: str) -> str:
        words = sentence[span.start : span.end].replace("\n", " ")[:_EXCERPT] if span else ""
        return ": ".join(filter(None, (f"**{rule}**", self._reasons.reason(rule), f"“{words}”" if words else "")))

    def _silenced(self, pair: str) -> str:
        rule, _, by = pair.partition(":")
        return ": ".join(filter(None, (f"**{rule}** ← {by}", self._reasons.reason(by))))

    def _rows(self, opinions: list[Opinion], locale: str) -> list[str]:
        times: Counter[tuple[str, str]] = Counter()
        for opinion in opinions:
            times[opinion.rule, opinion.action] += opinion.times
        return [
            self._words.say(
                "care.report.row",
                locale,
                rule=rule or self._words.say("care.report.no_rule", locale),
                action=action,
                times=rounded(count),
                why=self._reasons.reason(rule),
            ).rstrip()
            for (rule, action), count in sorted(times.items(), key=lambda item: (-rounded(item[1]), item[0]))
            if count >= FEW
        ]

    def _first_time(self, caller: Caller, message: MessageRef) -> bool:
        said = f"{caller.member.id}/{message.id}".encode()
        mark = hashlib.blake2b(said, key=self._secret, digest_size=12).digest()
        if mark in self._heard:
            return False
        self._heard[mark] = None
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        return True

    async def _of(self, caller: Caller, *roles: Role) -> Cohort:
        for cohort in await self._cohorts.in_workspace(caller.workspace):
            if cohort.role_of(caller) in (roles or tuple(Role)):
                return cohort
        raise NotAllowed

    async def _near(self, caller: Caller) -> Cohort | None:
        cohorts = await self._cohorts.in_workspace(caller.workspace)
        return next((cohort for cohort in cohorts if cohort.role_of(caller)), None)


def rounded(times: int) -> int:
    """Round down to steps, so that two reports a day apart do not tell that one person spoke in between."""
    return times - times % FEW
