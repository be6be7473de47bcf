"""Advice where the group is asked to wonder.

In a Balint round the one who tells listens, and the others wonder; what she needs least is to be told what to do
(Salinsky, on the leader's task). A reply in the shape of advice is handed back once, with a question and no blame:
its writer may turn it, or let it stand as it is.
"""

from __future__ import annotations

import re

_SHAPES = {
    "en": r"\b(?:(?:s?he|they|you|the therapist|\w+) (?:really |just |definitely )?(?:should(?:n't)?|ought to|needs? to"
    r"|has to|have to|must|had better)\b(?! be\b| have (?:felt|been|seemed))"
    r"|(?:my advice|i(?:'d| would) (?:advise|recommend|suggest|tell (?:her|him|them|you))|(?:have you|has s?he) tried"
    r"|why (?:not|don't (?:you|they)|doesn't s?he)|what (?:s?he|they|you) needs? (?:to do )?is"
    r"|if i were (?:you|her|him)|next time[, ](?:s?he|they|you|just|try)|try to\b|make sure\b))",
    "es": r"\b(?:(?:\w+ )?(?:deber[ií]as?|deber[ií]an|tienes? que|tienen que|hay que|necesitas?)\b"
    r"|mi consejo|te aconsejo|te recomiendo|le recomendar[ií]a|le dir[ií]a|has probado|por qu[eé] no\b"
    r"|yo que (?:t[uú]|ella|[eé]l)|si yo fuera|la pr[oó]xima vez|intenta\b|aseg[uú]rate)",
}

_WONDERING = re.compile(
    r"\b(?:i wonder|makes me wonder|part of me|i imagine|maybe i|me pregunto|me imagino|imagino|parte de m[ií])\b",
    re.IGNORECASE,
)
_ADVICE = {locale: re.compile(shape, re.IGNORECASE) for locale, shape in _SHAPES.items()}
_SENTENCE = re.compile(r"[.!?\n]+")


def is_advice(text: str) -> bool:
    """Say whether a sentence of `text` has the shape of advice and does not wonder.

    Shape is all that is looked at, so it errs; whoever is asked can let her words stand.
    """
    return any(
        advice.search(sentence) and not _WONDERING.search(sentence)
        for sentence in _SENTENCE.split(text.replace("’", "'"))
        for advice in _ADVICE.values()
    )
