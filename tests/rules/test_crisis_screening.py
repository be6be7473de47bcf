"""The screen as a whole: never raises, always says the same, and nothing around a danger can hide it."""

from __future__ import annotations

import json
import string
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.crisis.assessment import NOTHING, Action, Assessment, Span, Subject
from bot.crisis.screening import Screen
from training.crisis.examples import load

ROOT = Path(__file__).parents[2]
SCREEN = Screen.load(ROOT / "content")
MESSAGES = ROOT / "tests" / "crisis" / "messages"

URGENT = (
    "I'm going to kill myself tonight.",
    "I just took the whole bottle.",
    "I have a plan and a date.",
    "Please don't let my mum find me.",
    "I can't keep myself safe tonight.",
    "me voy a matar esta noche",
    "je vais me suicider ce soir",
    "ich bringe mich heute um",
    "vou me matar hoje",
)
HARMLESS = (
    "Rota for next week: Priya has Tuesday, Sam has Thursday.",
    "Thanks for the biscuits!",
    "Does anyone have the room booking form?",
    "The seminar on attachment was good, slides are on the drive.",
    "My client was late again and we talked about endings.",
    "Book club is on Friday.",
)
PIECES = st.sampled_from(
    [
        "kill",
        "myself",
        "i want to ",
        "not ",
        "die ",
        '"',
        "'",
        "> ",
        "\n",
        ". ",
        "client ",
        "k i l l ",
        "💊",
        "ſ",
        "\u0000",
    ]
)


@given(st.text(max_size=400) | st.lists(PIECES, max_size=60).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_text_gets_an_answer_and_always_the_same(text: str) -> None:
    first = SCREEN.assess(text)

    assert first == SCREEN.assess(text)
    assert len(first.rules) == len(first.spans)
    assert all(0 <= span.start < span.end <= len(text) for span in first.spans)
    assert (first.action is Action.N) == (not first.rules)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ud800", "\u202e", "​", "🇬🇧" * 50, "!" * 1000, "ⓐ" * 5000, "\x00"])
def test_odd_texts_are_nothing(text: str) -> None:
    assert SCREEN.assess(text).action is Action.N


@pytest.mark.parametrize("urgent", URGENT)
@given(before=st.lists(st.sampled_from(HARMLESS), max_size=4), after=st.lists(st.sampled_from(HARMLESS), max_size=4))
@settings(max_examples=25, deadline=None)
def test_nothing_around_an_urgent_sentence_lowers_it(urgent: str, before: list[str], after: list[str]) -> None:
    message = " ".join([*before, urgent if urgent.endswith(".") else f"{urgent}.", *after])
    assert SCREEN.assess(message).action is Action.A


@pytest.mark.parametrize("form", [str.upper, str.title, "**{}**".format, "{}!!!".format])
@pytest.mark.parametrize("urgent", URGENT)
def test_shouting_and_mark_up_change_nothing(urgent: str, form: Callable[[str], str]) -> None:
    assert SCREEN.assess(form(urgent)).action is Action.A


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_sentences_are_harmless(text: str) -> None:
    assert SCREEN.assess(text) == NOTHING


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("I want to die", "B"),
        ("I don't want to die", "N"),
        ("not suicidal, I just don't want to exist", "B"),
        ("I was suicidal in my twenties, long ago", "N"),
        ("I was suicidal in my twenties and I'm right back there again", "B"),
        ("I'm dying of embarrassment", "N"),
        ("She said 'I want to die' in act two of the play", "N"),
        ("suicide squeeze in the ninth inning", "N"),
        ("this printer makes me want to die lol", "N"),
        ("SI is back. mine, not a client's", "B"),
        ("My client denies any suicidal ideation", "N"),
        ("My client just texted that she will kill herself tonight, what do I do?", "C"),
        ("My sister says she wants to die", "C"),
        ("In the role play I was the client and said I wanted to die", "N"),
        ("> I want to die\nHow would you respond to this statement?", "N"),
        ("`kill -9` the zombie process", "N"),
        ("\"'I want to die' is what he says\" she told me", "N"),
        # Smileys, dropped letters and possession are no quotation marks.
        ("it hurts so much :'( I want to kill myself tonight :'( nobody knows", "A"),
        ("'fraid I want to kill myself tonight, been thinkin' about it all week and then some", "A"),
        ("everything hurts\n>:( I'm going to kill myself tonight\nsorry for the long rant", "A"),
        ("she wrote \"'night love\" but I'll kill myself tonight and it isn't my parents' fault", "A"),
        # What is said to be no story is none.
        ("I've been lying awake wishing I was dead, not in a movie way", "B"),
        ("Not a hypothetical: if a trainee has already taken the overdose, who does she ring", "C"),
        ("mi padrastro tiene un hacha y estamos encerradas, no es una película", "A"),
        # A comma behind a quotation belongs to it.
        ("„Ich erhänge mich heute“, sagte der Klient", "N"),
        # A plain answer to the screen silences no plain announcement.
        ("I'm ok. I'm going to kill myself tonight.", "A"),
        ("I'm just tired. I've taken all my pills.", "A"),
        ("I'm safe, I'm going to kill myself tonight", "A"),
    ],
)
def test_subject_negation_time_and_frame_decide(text: str, action: str) -> None:
    assert SCREEN.assess(text).action == action, SCREEN.assess(text).explain()


def test_an_assessment_explains_itself_without_a_word_of_the_message() -> None:
    text = "Honestly I'm going to kill myself tonight"
    assessment = SCREEN.assess(text)

    assert assessment.subject is Subject.SELF
    assert text[slice(*assessment.spans[0])].lower().endswith(("kill myself", "tonight"))
    told = assessment.explain() + repr(assessment)
    assert "honestly" not in told.lower()
    assert all(rule in assessment.explain() for rule in assessment.rules)
    assert all(SCREEN.reason(rule) for rule in assessment.rules)


def test_an_assessment_says_what_was_silenced_and_by_what() -> None:
    assessment = SCREEN.assess("this spreadsheet makes me want to die")
    assert assessment.action is Action.N
    assert any(name.endswith(":en.frame.die-idiom") for name in assessment.suppressed)
    assert "silenced" in assessment.explain()


def test_the_order_of_urgency() -> None:
    assert sorted(Action, key=lambda action: -action.urgency) == [Action.A, Action.B, Action.C, Action.N]
    assert Assessment(Action.N).explain() == "N: no rule spoke"
    assert Span(1, 2) == (1, 2)


HOSTILE = {
    "letters": "a" * 4000,
    "spelled out": "k i l l " * 500,
    "beginnings": "i want to " * 400,
    "quotes": "'\"" * 2000,
    "quotations": "'he kms' x " * 363,
    "apostrophes": "I want to die " + "'" * 3986,
    "runs": "".join(letter * 150 for letter in string.ascii_lowercase),
    "leet": "1|!3" * 1000,
    "dots": "a.b-c_d*" * 500,
    "stars": " ".join(f"{a}{b}**{c}" for a in "abcdefgh" for b in "aeiou" for c in "lnrst"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_hostile_text_is_at_most_about_twice_the_work(name: str) -> None:
    # Counted in calls into the interpreter rather than in seconds, which belong to the machine.
    def calls(text: str) -> int:
        screen = Screen(SCREEN.book)
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1

        sys.setprofile(count)
        try:
            screen.assess(text)
        finally:
            sys.setprofile(None)
        return seen

    once, twice = calls(HOSTILE[name]), calls(HOSTILE[name] * 2)
    assert twice <= 2.5 * once + 2000


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (MESSAGES / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("name", "own", "alarms"), [("dev.jsonl", 0.90, 0.02), ("fresh.jsonl", 0.82, 0.02), ("heldout.jsonl", 0.83, 0.02)]
)
def test_the_rules_do_not_get_worse(name: str, own: float, alarms: float) -> None:
    answers = [(row["action"], SCREEN.assess(row["text"]).action.value) for row in rows(name)]
    at_risk = [answer for expected, answer in answers if expected in "AB"]
    calm = [answer for expected, answer in answers if expected == "N"]

    assert sum(answer in "AB" for answer in at_risk) >= own * len(at_risk)
    assert sum(answer != "N" for answer in calm) <= alarms * len(calm)


@pytest.mark.parametrize(
    ("language", "heard"), [("de", 0.365), ("en", 0.359), ("es", 0.411), ("fr", 0.425), ("pt", 0.423)]
)
def test_the_rules_alone_hear_as_many_plain_phrases_as_they_did(language: str, heard: float) -> None:
    # Whoever narrows rules by calm sentences alone loses plain ones of risk without seeing it.
    said = [it.text for it in load() if it.line and it.label != "none" and it.lang == language]
    rules = Screen(SCREEN.book)
    assert sum(rules.assess(text).action is not Action.N for text in said) >= heard * len(said)
