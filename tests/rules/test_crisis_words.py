"""Reading a message: contractions, sentences, disguises undone, and offsets that lead back to the original."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.crisis.assessment import Action
from bot.crisis.folding import fold, offsets
from bot.crisis.reading import QUESTION, QUOTE, quotations
from bot.crisis.screening import Screen

sys.path.insert(0, str(Path(__file__).parents[1] / "crisis"))
from disguises import DISGUISES, PHRASES

CONTENT = Path(__file__).parents[2] / "content"
SCREEN = Screen.load(CONTENT)
READ = SCREEN.book.vocabulary.read


def line(text: str) -> str:
    return READ(text)[0].line.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can't", "i can not"),
        ("I'm fine", "i am fine"),
        ("the client's plan", "the client s plan"),
        ("j'ai mal", "j ai mal"),
        ("One. Two! three", "one . two . three"),
        ("yes, no", "yes , no"),
        ("see https://example.org/kill-myself now", "see now"),
        ("i want\nto die", "i want to die"),
        (
            "The session went well on Tuesday afternoon.\nI want to rest",
            "the session went well on tuesday afternoon . . i want to rest",
        ),
    ],
)
def test_a_message_becomes_a_row_of_plain_words(text: str, expected: str) -> None:
    assert line(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "see you at 7.30 in room 4",
        "co-worker and re-read",
        "the 10th of May, £5.00",
        "C++ and C#",
        "the overhanging deathbed of a readying bridgehead, attending to nightlife and an unfeeling afterthought",
        "Nachtleben, Überleben und ein Tablettendöschen; das Abspringen und Einspringen",
        "morrerão de tédio, formatar e acabaria",
        "I'm hurrying, the deadlock is in the outgoing queue, appending and undergoing a disappearance",
        "a consecutive lifestyle of overthinking, prosecution and harmonica; we are panning",
        "der Mörder starb unter den Sternen, sie streben auf dem Tablett, Termine verschwanden und verschwenden",
        "mûrir, la mélodie de Normandie, des fastidieux discutaient",
        "se quedó quieto, acortar la novedad, los baldes",
        "suavidade, novidade e cavidade, discutindo para não corar nem morder",
    ],
)
def test_ordinary_text_is_not_taken_for_a_disguise(text: str) -> None:
    assert READ(text)[0].views == ()


def test_ninety_seven_of_a_hundred_disguises_keep_the_action() -> None:
    kept = [
        SCREEN.assess(hide(phrase)).action is SCREEN.assess(phrase).action
        for hide in DISGUISES.values()
        for phrase in PHRASES
    ]
    assert len(kept) == 250
    assert sum(kept) >= 0.97 * len(kept)


@pytest.mark.parametrize(
    "text",
    [
        "h e y  b r e n d a  i  w a n t  t o  k i l l  m y s e l f",
        "i want to k·i·l·l m·y·s·e·l·f",
        "thinking of s:u:i:c:i:d:e again",
        "i want to 'k''i''l''l' myself",
        "i want to k😶i😶l😶l myself",
        "I want to (k)ill myself",
        "i want to k#ll myself",
        "i want to k_ll myself",
        "i want to kxll myself",
        "I WΑΝΤ ΤΟ ΚΙLL ΜΥSΕLF",
        "ι ωαηт тσ кιℓℓ муѕєℓƒ",
        "ł ₩₳₦₮ ₮Ø ĐłɆ",
        "ɟlǝsʎɯ llᴉʞ oʇ ʇuɐʍ ᴉ",
        "IwIshIwasdead",
        "thinking about sui-\ncide again",
        "i am suicisal",
        "I took an 😅 overdose of pills",
        "I want to kill 😂 myself",
        "haha 😂 well flesym llik ot tnaw i",
    ],
)
def test_other_disguises_are_heard_too(text: str) -> None:
    assert SCREEN.found(text)[1].action in (Action.A, Action.B)


@pytest.mark.parametrize(
    "text",
    [
        "I took my tables home",
        "the bride walked to the car",
        "t h a n k  y o u  a l l",
        "H A P P Y  B I R T H D A Y  Z O F I A",
        "what a f#cking week",
        "a, b, c, i will die laughing",
        "I/O and A/B/C test",
        "iPhone vs IKEA and WiFi",
        "wE lOvE dEaDlInEs",
        "bldng 4, rm 12",
        "kill me 😂 now, stats again",
        "c🎉o🎉n🎉g🎉r🎉a🎉t🎉s",
        "my sweet girl @ Hartford, Connecticut",
        "le service d'orthopédie",
        "das Glas ist angeritzt",
        "se cortarem a verba, paramos",
        "Shhhh!",
        "the befriending scheme and a dietician",
    ],
)
def test_what_looks_like_a_disguise_and_is_none_stays_calm(text: str) -> None:
    assert SCREEN.found(text)[1].action is Action.N


@pytest.mark.parametrize(
    "text",
    [
        "took an overdoes an hour ago",
        "gonna slit my writs",
        "wising i was dead",
        "everyone would be bette off without me",
        "im planing to kill myself tonight",
        "thinning about killing myself",
        "felling suicidal again",
        "quier morir",
        "quero desparecer para sempre",
        "goodbyeforever",
        "overdosedlastnight",
        "lifeisover i cant",
        "cantliveanymore",
        "I am going to kill myselftomorrow",
        "the suicidenote is written",
        "voy a matarmehoy",
        "voy a matamre hoy",
        "vou me matarhoje",
        "Ich will sterbenund morgen ist Prüfung",
    ],
)
def test_slips_that_are_rare_words_and_sentences_without_spaces_are_heard(text: str) -> None:
    assert SCREEN.assess(text).action in (Action.A, Action.B)


def test_a_client_told_of_without_a_space_is_heard() -> None:
    assert SCREEN.assess("client says she will killherself today").action is Action.C


@pytest.mark.parametrize("phrase", PHRASES)
def test_the_phrases_themselves_are_heard(phrase: str) -> None:
    assert SCREEN.assess(phrase).action in (Action.A, Action.B)


@pytest.mark.parametrize(("name", "phrase"), [(name, "i want to kill myself") for name in DISGUISES])
def test_an_undone_disguise_still_points_at_the_original_words(name: str, phrase: str) -> None:
    hidden = f"hello there. {DISGUISES[name](phrase)}"
    for span in SCREEN.assess(hidden).spans:
        assert len("hello there.") <= span.start < span.end <= len(hidden)


def test_a_reversed_message_points_at_its_own_words() -> None:
    text = "look: flesym llik ot tnaw i"
    assessment = SCREEN.assess(text)
    assert "reversed" in assessment.modifiers
    assert text[slice(*assessment.spans[0])].startswith("flesym")


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_folding_keeps_an_origin_for_every_character(text: str) -> None:
    origins = offsets(text)
    assert len(origins) == len(fold(text))
    assert origins == sorted(origins)
    assert all(0 <= origin < len(text) for origin in origins)


@given(st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_every_word_has_a_place(text: str) -> None:
    for reading in READ(text):
        places = reading.places()
        assert len(places) == len(reading.words)
        assert all(0 <= start < end <= len(reading.folded) for start, end in places)


@pytest.mark.parametrize(
    ("text", "weighed"),
    [
        ("I am tired. So what", "i am tired . so what"),
        ("anyone awake?", "anyone awake ? ."),
        ("'they are better off' is her belief", '" they are better off " is her belief'),
        ('he said "I want to go".', 'he said " i want to go " .'),
        ("> I'd sooner not be here\nline 44, which code?", '" i would sooner not be here " line 44 , which code ? .'),
        ("don't, it's John's", "do not , it is john s"),
    ],
)
def test_the_layer_reads_questions_and_quotations_too(text: str, weighed: str) -> None:
    assert " ".join(READ(text)[0].weighed()) == weighed


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("he goes 'I'd rather be dead' and", ["'i'd rather be dead'"]),
        ("'they'd be better off' and 'don't be a burden' as rule", ["'they'd be better off'", "'don't be a burden'"]),
        ("I want out 'cause it's the kids' fault", []),
        ("the clients' notes said \u2018no risk\u2019 again", ["'no risk'"]),
        ("don't. won't. rock 'n' roll", []),
        ("opened 'here\nand closed' there", []),
        ("'" * 4000, []),
        ('"' + "a" * 700 + '"', []),
    ],
)
def test_quotations_are_told_from_contractions(text: str, quoted: list[str]) -> None:
    folded = fold(text)
    assert [folded[start:end] for start, end in quotations(folded)] == quoted


@given(st.text(alphabet="ab'\"?.!> \n,", max_size=120))
@settings(max_examples=300, deadline=None)
def test_marks_are_only_ever_added_to_the_words(text: str) -> None:
    for reading in READ(text):
        assert [word for word in reading.weighed() if word not in (QUOTE, QUESTION)] == list(reading.words)
