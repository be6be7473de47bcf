"""What a check found, said so that a person who writes content, not code, can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import ThirdChairError


class Severity(StrEnum):
    """An error keeps the library from being used; a warning asks for a second look."""

    ERROR = "E"
    WARNING = "W"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, and how to mend it.

    `file` is relative to the content folder, `field` is a dotted path inside it (empty where the whole
    file is meant), `rule` the number that the content guide gives it.
    """

    file: str
    field: str
    severity: Severity
    rule: str
    message: str
    mend: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.field}" if self.field else self.file
        return f"{self.rule} {where}: {self.message} {self.mend}"

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def error(file: str, field: str, rule: str, message: str, mend: str) -> Finding:
    """A finding that refuses the item."""
    return Finding(file, field, Severity.ERROR, rule, message, mend)


def warning(file: str, field: str, rule: str, message: str, mend: str) -> Finding:
    """A finding that asks for a second look."""
    return Finding(file, field, Severity.WARNING, rule, message, mend)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then by file and field, so that two runs print the same."""
    return sorted(findings, key=lambda f: (f.severity is Severity.WARNING, f.file, f.field, f.rule, f.message))


class ContentError(ThirdChairError):
    """The library cannot be used as it stands. `findings` holds every problem, not only the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(in_order(findings))
        head = f"{len(self.findings)} problem{'s' if len(self.findings) != 1 else ''} in the content library"
        super().__init__("\n".join([head, *(f"  {finding}" for finding in self.findings)]))
