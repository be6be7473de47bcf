"""What can go wrong with a request when a test asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rehearsal.discord.errors import Refused
from rehearsal.discord.model import Json

KINDS = ("429_local", "429_global", "status", "reset_before", "reset_after", "slow")
STATUSES = (500, 502, 503, 504)


@dataclass
class Rule:
    """The next `count` requests that match go wrong in this way.

    `route` is a regular expression searched in the path after `/api/v10`; `after` makes a `slow` answer wait when
    the effect is done instead of before.
    """

    id: int
    kind: str
    method: str = ".*"
    route: str = ".*"
    count: int = 1
    status: int = 500
    seconds: float = 1.0
    after: bool = False
    struck: int = 0

    def matches(self, method: str, path: str) -> bool:
        if self.struck >= self.count or re.fullmatch(self.method, method, re.IGNORECASE) is None:
            return False
        return re.search(self.route, path) is not None

    def to_json(self) -> Json:
        return dict(vars(self))


class Faults:
    """The rules in force, first come first served."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._ids = 0

    def add(self, entry: Json) -> Rule:
        """Add a rule from its JSON form; raises Refused with a sentence when it makes no sense."""
        kind = entry.get("kind")
        if kind not in KINDS:
            raise Refused(f"A fault's kind is one of {', '.join(KINDS)}, or a gateway fault; not {kind!r}.")
        fields: dict[str, Any] = {name: entry[name] for name in _READ if name in entry}
        unheard = sorted(set(entry) - set(_READ) - {"kind"})
        if unheard:
            raise Refused(f"A fault has no field {unheard[0]!r}.")
        self._ids += 1
        rule = Rule(self._ids, kind, **fields)
        if rule.kind == "status" and rule.status not in STATUSES:
            raise Refused(f"A status fault answers one of {STATUSES}.")
        try:
            re.compile(rule.route)
            re.compile(rule.method)
        except re.error as problem:
            raise Refused(f"This is no regular expression: {problem}") from problem
        self.rules.append(rule)
        return rule

    def strike(self, method: str, path: str) -> Rule | None:
        """Return the rule that befalls this request, having counted it."""
        for rule in self.rules:
            if rule.matches(method, path):
                rule.struck += 1
                return rule
        return None

    def clear(self) -> None:
        self.rules.clear()


_READ = ("method", "route", "count", "status", "seconds", "after")
