"""What can go wrong with a call, or with the line that events come on, when a test asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rehearsal.slack.errors import Refused
from rehearsal.slack.model import Json

KINDS = ("429", "status", "error", "reset_before", "reset_after", "slow")
LINE_KINDS = ("disconnect", "drop_socket", "duplicate_events", "reorder_events", "lose_acks")
STATUSES = (500, 502, 503, 504)


@dataclass
class Rule:
    """The next `count` calls whose method matches go wrong in this way.

    `method` is a regular expression; `error` Slack's own code (`is_archived`, `token_revoked`, ...); `after` makes a
    slow answer wait when the effect is done instead of before.
    """

    id: int
    kind: str
    method: str = ".*"
    count: int = 1
    status: int = 500
    error: str = "internal_error"
    seconds: float = 1.0
    after: bool = False
    struck: int = 0

    def matches(self, method: str) -> bool:
        return self.struck < self.count and re.fullmatch(self.method, method) is not None

    def to_json(self) -> Json:
        return dict(vars(self))


class Faults:
    """The rules in force, first come first served, and the numbers of line faults still to come."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.line: dict[str, int] = {}
        self._ids = 0

    def add(self, entry: Json) -> Rule:
        """Add a rule from its JSON form; raises Refused with a sentence when it makes no sense."""
        kind = entry.get("kind")
        if kind not in KINDS:
            raise Refused(f"A fault's kind is one of {', '.join((*KINDS, *LINE_KINDS))}; not {kind!r}.")
        unheard = sorted(set(entry) - set(_READ) - {"kind"})
        if unheard:
            raise Refused(f"A fault has no field {unheard[0]!r}.")
        fields: dict[str, Any] = {name: entry[name] for name in _READ if name in entry}
        self._ids += 1
        rule = Rule(self._ids, kind, **fields)
        if rule.kind == "status" and rule.status not in STATUSES:
            raise Refused(f"A status fault answers one of {STATUSES}.")
        try:
            re.compile(rule.method)
        except re.error as problem:
            raise Refused(f"This is no regular expression: {problem}") from problem
        self.rules.append(rule)
        return rule

    def strike(self, method: str) -> Rule | None:
        """Return the rule that befalls this call, having counted it."""
        for rule in self.rules:
            if rule.matches(method):
                rule.struck += 1
                return rule
        return None

    def take(self, kind: str) -> bool:
        """Say whether a line fault of this kind is to happen now, having counted it."""
        left = self.line.get(kind, 0)
        if left:
            self.line[kind] = left - 1
        return left > 0

    def clear(self) -> None:
        self.rules.clear()
        self.line.clear()


_READ = ("method", "count", "status", "error", "seconds", "after")
