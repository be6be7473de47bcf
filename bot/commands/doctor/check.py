"""What one look found."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.terminal import Mark


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's. `about` is what was looked at, `mend` what to do (empty where all is well)."""

    mark: Mark
    about: str
    said: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.about}: {self.said}" + (f" {self.mend}" if self.mend else "")


def good(about: str, said: str) -> Check:
    """All is well."""
    return Check(Mark.GOOD, about, said)


def look(about: str, said: str, mend: str) -> Check:
    """The bot works, but somebody should know."""
    return Check(Mark.LOOK, about, said, mend)


def mend(about: str, said: str, mend: str) -> Check:
    """The bot, or a part of it, will not work like this."""
    return Check(Mark.MEND, about, said, mend)
