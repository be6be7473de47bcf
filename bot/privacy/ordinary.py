"""Capitalised words that are nobody's client: days, tools, and the people whom every training programme quotes."""

from __future__ import annotations

_DAYS_AND_MONTHS = """
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays
january february march april may june july august september october november december today tomorrow yesterday
christmas easter ramadan eid hanukkah diwali halloween
"""

_STARTERS = """
i he she it we they you the this that these those there then when while after before because but and so or if as at in
on of for from with without to who what why how not no yes my her his their our your still now later also just maybe
something someone nobody everyone is was has had me him them us time out
"""

_THINGS = """
session week weekend chapter page step part question room level module year grade item table figure group unit stage
phase day night spring summer autumn winter english german french spanish italian polish turkish arabic hindi chinese
christian muslim jewish catholic british american european african asian zoom teams discord slack skype google god
covid therapy supervision wellbeing adhd autism ptsd monday's friday's centred centered care notes version
health outcome safety
"""

_WELL_KNOWN = """
adler ainsworth beck bion bowen bowlby buber casement cooper ellis epston erickson erikson ferenczi fonagy frankl freud
gendlin gilbert gottman greenberg hayes hycner jung kabat-zinn kernberg klein kohut kolk lacan laing levine linehan
maslow may mcwilliams mearns miller minuchin mitchell moreno norcross perls piaget porges rogers rollnick rosenberg
rothschild safran satir schore schwartz segal seligman siegel skinner spinelli stern strange sullivan teyber thorne
wachtel wampold watson wheeler white winnicott wolpe yalom young google who seuss right perfect phil house bowie
"""

_ORDINARY = frozenset((_DAYS_AND_MONTHS + _STARTERS + _THINGS).split())
_QUOTED = frozenset(_WELL_KNOWN.split())


def is_ordinary(word: str) -> bool:
    """Say whether a capitalised word is too ordinary to be taken for a name."""
    return _plain(word) in _ORDINARY


def is_well_known(surname: str) -> bool:
    """Say whether a surname belongs to somebody whom trainees quote rather than treat."""
    return _plain(surname) in _QUOTED


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'").removesuffix("'s")
