"""The screen itself: one pure function from a message to an assessment.

Built once from the rule files. A message is read into plain words; the words that are there choose the patterns
that could match (a gate derived from the patterns themselves); what matches is judged in its context; signals that
belong together are combined; the most worrying finding wins.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.crisis.assessment import NOTHING, Action, Assessment, Subject
from bot.crisis.context import Context, Hit, Marker, Surroundings, Who
from bot.crisis.findings import Finding, graver, subject_of, summed, together
from bot.crisis.patterns import STOP, Gate, Pattern
from bot.crisis.reading import Reading
from bot.crisis.rule_files import load_rules
from bot.crisis.rules import Rule, RuleBook
from bot.crisis.silencing import silences
from bot.crisis.statistical import ALONE, NOT_SECONDED, RULE_IDS, Attention

CURRENT_SIGNAL = "current"
URGENT_SIGNAL = "urgent"
IMMINENCE_SIGNAL = "imminence"
"""Given by rules that say nothing alone: they let the statistical layer say A, which it never may by itself."""
DENIAL_SIGNAL = "denial"
"""Given by rules that say nothing alone: a message that is nothing but such sentences is not put to the layer."""
_EVERYDAY_COST = 50
Candidate = tuple[int, Rule, Pattern]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A hit with its subject, after everything that could silence it."""

    hit: Hit
    who: Who
    reported: bool = False


class Screen:
    """Everything needed to assess messages; immutable after construction and safe to share."""

    def __init__(self, book: RuleBook, attention: Attention | None = None) -> None:
        self._book = book
        self._attention = attention
        self._languages = tuple(book.languages.values())
        self._vocabulary = book.vocabulary
        self._reasons = {rule.id: rule.why for rule in book.rules}
        self._reasons |= {combination.id: combination.why for combination in book.combinations}
        self._reasons |= {frame.id: frame.why for frame in book.frames}
        self._reasons[ALONE] = NOT_SECONDED
        self._seconded = {rule.id for rule in book.rules if rule.seconded}
        self._seconded |= {combination.id for combination in book.combinations if combination.seconded}
        frequency = _frequency(book)
        agreeing = [rule for rule in book.rules if IMMINENCE_SIGNAL in rule.signals]
        denying = [rule for rule in book.rules if DENIAL_SIGNAL in rule.signals]
        apart = {*agreeing, *denying}
        self._gate = Gate(_patterns(rule for rule in book.rules if not rule.plain and rule not in apart), frequency)
        self._denial_gate = Gate(_patterns(denying), frequency)
        self._plain_gate = Gate(_patterns(rule for rule in book.rules if rule.plain), frequency)
        self._imminent_gate = Gate(_patterns(agreeing), frequency)
        self._surroundings = Surroundings(book, frequency)

    @classmethod
    def load(cls, content_dir: Path) -> Screen:
        """Build the screen from ``crisis/rules`` below the content folder, with the statistical layer if it is there.

        Raises BrokenContent, naming file and field, for a broken file and for a folder without rules.
        """
        return cls(load_rules(content_dir / "crisis" / "rules"), Attention.load(content_dir))

    @classmethod
    def of_rules(cls, content_dir: Path) -> Screen:
        """Build the screen from the rules alone: what the statistical layer is trained and measured against."""
        return cls(load_rules(content_dir / "crisis" / "rules"))

    @property
    def book(self) -> RuleBook:
        """The rules that this screen was built from."""
        return self._book

    def reason(self, rule_id: str) -> str:
        """Say in one line why a rule, combination or frame exists."""
        return self._reasons.get(rule_id) or RULE_IDS.get(rule_id, "")

    def words(self, text: str) -> Sequence[str]:
        """Give the plain words of a message as the statistical layer reads them."""
        return self._vocabulary.read(text)[0].weighed()

    def assess(self, text: str) -> Assessment:
        """Decide about one message. Pure, deterministic, linear in its length; never raises for a string."""
        readings = self._vocabulary.read(text)
        sure, hinted = self._found(readings)
        if self._attention is None:
            return hinted
        first = readings[0]
        if hinted.action is Action.N and self._only_denies(first):
            return sure
        agreed = partial(self._imminence, first)
        return self._attention.raise_for(first.weighed(), len(text), sure, hinted=hinted, agreed=agreed)

    def found(self, text: str) -> tuple[Assessment, Assessment]:
        """Give what the rules find that speak alone, and what they find together with those that want a second voice.

        Without the statistical layer nobody could second them, so all speak: better one alarm too many.
        """
        return self._found(self._vocabulary.read(text))

    def _found(self, readings: Sequence[Reading]) -> tuple[Assessment, Assessment]:
        sure = hinted = NOTHING
        for reading in readings:
            alone, together = self._assess(reading)
            sure, hinted = graver(sure, alone), graver(hinted, together)
        return sure, hinted

    def _imminence(self, reading: Reading) -> tuple[str, ...]:
        """Name the rules that hear time, means, an act or a parting, which alone would say nothing."""
        candidates = self._imminent_gate.candidates(reading.present)
        return tuple(dict.fromkeys(rule.id for _, rule, pattern in candidates if pattern.regex.search(reading.line)))

    def _only_denies(self, reading: Reading) -> bool:
        """Say whether every sentence is a plain denial and nothing else; such words resemble what they deny."""
        rest = reading.line
        for _, _, pattern in self._denial_gate.candidates(reading.present):
            rest = pattern.regex.sub("", rest)
        return rest != reading.line and not rest.replace(STOP, "").strip()

    def _assess(self, reading: Reading) -> tuple[Assessment, Assessment]:
        matches = _matches(self._worth_matching(self._gate.candidates(reading.present)), reading)
        if not self._could_matter({rule for rule, _, _ in matches}):
            return NOTHING, NOTHING
        context = Context(reading, self._surroundings)
        matches += _matches(self._plain_gate.candidates(reading.present), reading)
        hits = [
            hit
            for rule, pattern, match in matches
            if context.speaks_its_language(hit := Hit(rule, *context.place(match)), pattern)
        ]
        return self._judge(context, hits)

    def _worth_matching(self, candidates: list[Candidate]) -> list[Candidate]:
        """Leave out the rules that only give signals, where no combination could come of them."""
        if not any(rule.action is Action.N for _, rule, _ in candidates):
            return candidates
        possible = {signal for _, rule, _ in candidates for signal in rule.signals}
        wanted = {
            signal
            for combination in self._book.combinations
            if possible.issuperset(combination.signals)
            for signal in combination.signals
        }
        return [
            candidate
            for candidate in candidates
            if candidate[1].action is not Action.N or not wanted.isdisjoint(candidate[1].signals)
        ]

    def _could_matter(self, rules: set[Rule]) -> bool:
        """Say whether rules that matched can come to anything: one has an action, or some make a combination."""
        if any(rule.action is not Action.N for rule in rules):
            return True
        if len(rules) < 2:
            return False
        signals = {signal for rule in rules for signal in rule.signals}
        return any(signals.issuperset(combination.signals) for combination in self._book.combinations)

    def _judge(self, context: Context, hits: list[Hit]) -> tuple[Assessment, Assessment]:
        heard: list[_Heard] = []
        silenced: list[str] = []
        urgent = any(URGENT_SIGNAL in hit.rule.signals for hit in hits)
        for hit in hits:
            verdict = self._hear(context, hit, urgent=urgent)
            if isinstance(verdict, str):
                silenced.append(f"{hit.rule.id}:{verdict}")
            elif verdict is not None:
                heard.append(verdict)
        findings = self._findings(context, heard)
        suppressed = tuple(dict.fromkeys(silenced))
        hinted = summed(context, findings, suppressed)
        alone = [finding for finding in findings if finding.id not in self._seconded]
        return (hinted if len(alone) == len(findings) else summed(context, alone, suppressed)), hinted

    def _hear(self, context: Context, hit: Hit, *, urgent: bool) -> _Heard | str | None:
        """Return what a hit says, or why it is silenced, or None where it says nothing at all."""
        rule = hit.rule
        language = self._book.languages[rule.language]
        endorsed = (rule.language, Marker.ENDORSED) in context.markers
        if rule.unless and not endorsed and context.excuses(hit):
            return "unless"
        if rule.needs and not context.says(rule.needs):
            return None
        if rule.plain:
            return _Heard(hit, Who.NOBODY)
        who = context.who(hit)
        if who is Who.NOBODY:
            return None
        reported = False
        if context.is_quoted(hit) and not endorsed:
            if who is not Who.SELF or not context.says_outside_quotes(hit, language):
                return "quoted"
            who, reported = Who.CLIENT, True
        if rule.heed_negation and context.is_negated(hit):
            return "negated"
        meant = (rule.language, Marker.MEANT) in context.markers
        again = (rule.language, Marker.AGAIN) in context.markers
        for frame in context.frames_around(hit, reported=reported):
            if silences(frame, hit, who, endorsed=endorsed, meant=meant, again=again, urgent=urgent):
                return frame.id
        return _Heard(hit, who, reported)

    def _findings(self, context: Context, heard: list[_Heard]) -> list[Finding]:
        findings: list[Finding] = []
        said_now = any(CURRENT_SIGNAL in item.hit.rule.signals for item in heard)
        signals: dict[str, list[Hit]] = defaultdict(list)
        for item in heard:
            hit, rule = item.hit, item.hit.rule
            place = (hit.first, hit.last)
            if item.who.is_self or rule.plain:
                for signal in rule.signals:
                    signals[signal].append(hit)
                if rule.action is not Action.N and not rule.plain:
                    findings.append(Finding(rule.id, rule.action, subject_of(rule.action), place))
            elif rule.action is not Action.N and context.current(rule, item.who, said_now=said_now):
                modifiers = ("reported",) if item.reported else ()
                findings.append(Finding(rule.id, Action.C, Subject.OTHER, place, modifiers))
        findings += self._combined(context, signals)
        return findings

    def _combined(self, context: Context, signals: dict[str, list[Hit]]) -> list[Finding]:
        findings = []
        for combination in self._book.combinations:
            if any(name not in signals for name in combination.signals):
                continue
            place = together(context, [signals[name] for name in combination.signals], near=combination.near)
            if place is not None:
                subject = subject_of(combination.action)
                findings.append(Finding(combination.id, combination.action, subject, place, combination.signals))
        return findings


def _patterns(rules: Iterable[Rule]) -> Iterable[tuple[Rule, Pattern]]:
    return ((rule, pattern) for rule in rules for pattern in rule.patterns)


def _matches(candidates: list[Candidate], reading: Reading) -> list[tuple[Rule, Pattern, re.Match[str]]]:
    line = reading.line
    return [(rule, pattern, match) for _, rule, pattern in candidates for match in pattern.regex.finditer(line)]


def _frequency(book: RuleBook) -> Counter[str]:
    """Count how common each word is, in the examples of the rules and by the lists of everyday words."""
    texts = " . ".join(text for _, text, _ in book.examples)
    frequency = Counter(word for reading in book.vocabulary.read(texts) for word in reading.words)
    for language in book.languages.values():
        frequency.update(dict.fromkeys(language.everyday, _EVERYDAY_COST))
    return frequency
