"""Rotation's record in words: what `/why` and `/preview` say."""

from __future__ import annotations

from bot.ports.words import Words
from bot.prompts.why import Nothing, Why


def say_why(why: Why, words: Words, locale: str) -> str:
    """Explain a choice in a few plain lines."""
    lines = [
        words.say(
            f"prompts.why.source.{why.source.value}",
            locale,
            eligible=why.eligible,
            unseen=why.unseen,
            fitting=why.fitting,
        )
    ]
    lines += [words.say(f"prompts.why.limit.{limit.value}", locale) for limit in why.limits]
    lines += [words.say(f"prompts.why.relaxed.{rule.value}", locale) for rule in why.relaxed]
    lines += [words.say(f"prompts.why.remark.{note.remark.value}", locale, about=note.about) for note in why.notes]
    if why.last_used:
        lines.append(words.say("prompts.why.repeat", locale, day=words.day(why.last_used, locale)))
    return "\n".join(f"- {line}" for line in lines)


def say_nothing(nothing: Nothing, words: Words, locale: str) -> str:
    """Say why a day goes without an item."""
    return words.say(f"prompts.nothing.{nothing.reason.value}", locale)
