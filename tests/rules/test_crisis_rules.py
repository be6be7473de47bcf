"""The rule files: every example in them is a test, and a file that cannot be used is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.crisis.assessment import Action
from bot.crisis.content import BrokenContent
from bot.crisis.rule_files import load_rules
from bot.crisis.rules import Frame, Rule
from bot.crisis.screening import Screen

CONTENT = Path(__file__).parents[2] / "content"
SCREEN = Screen.load(CONTENT)
EXAMPLES = list(SCREEN.book.examples)
FRAMES = SCREEN.book.frames

LANGUAGE = """\
language: xx
negations: [nope]
i: [me]
client: [they]
close: [pal]
everyday: [the]
lists:
  end: [stop, halt]
"""
RULES = """\
rules:
  - id: xx.one
    action: B
    why: An example.
    say: ["me <end>"]
    fires: ["me stop"]
    quiet: ["pal stop"]
"""


def _named(value: Frame | str) -> str:
    return value.id if isinstance(value, Frame) else value


def write(folder: Path, language: str = LANGUAGE, rules: str = RULES) -> Path:
    pack = folder / "xx"
    pack.mkdir()
    (pack / "_language.yaml").write_text(language, encoding="utf-8")
    (pack / "rules.yaml").write_text(rules, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, text, fires in EXAMPLES if fires])
def test_a_rule_speaks_where_it_must(rule: str, text: str) -> None:
    order = {item.id: item.action for item in (*SCREEN.book.rules, *SCREEN.book.combinations)}
    _, assessment = SCREEN.found(text)
    # A more urgent rule may speak in its stead: what the person gets must be no less.
    assert rule in assessment.rules or assessment.action.urgency > order[rule].urgency, assessment.explain()


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, text, fires in EXAMPLES if not fires])
def test_a_rule_is_quiet_where_it_must(rule: str, text: str) -> None:
    _, assessment = SCREEN.found(text)
    assert rule not in assessment.rules
    # Nor may another rule speak in its stead: whoever reads the example takes the message for calm.
    assert assessment.action is Action.N, assessment.explain()


@pytest.mark.parametrize(("frame", "text"), [(frame, text) for frame in FRAMES for text in frame.quiet], ids=_named)
def test_a_frame_lets_be_what_a_rule_heard(frame: Frame, text: str) -> None:
    _, assessment = SCREEN.found(text)
    assert assessment.action is Action.N, assessment.explain()
    assert frame.id in {reason.partition(":")[2] for reason in assessment.suppressed}


@pytest.mark.parametrize(("frame", "text"), [(frame, text) for frame in FRAMES for text in frame.fires], ids=_named)
def test_a_frame_does_not_silence_what_is_meant(frame: Frame, text: str) -> None:
    lines = [reading.line for reading in SCREEN.book.vocabulary.read(text)]
    assert any(pattern.regex.search(line) for pattern in frame.patterns for line in lines), "its words are not there"
    assert SCREEN.found(text)[1].action is not Action.N


def test_what_wants_a_second_voice_is_mostly_given_one() -> None:
    seconded = {one.id for one in (*SCREEN.book.rules, *SCREEN.book.combinations) if one.seconded}
    texts = [text for rule, text, fires in EXAMPLES if fires and rule in seconded]
    unheard = [text for text in texts if SCREEN.assess(text).action is Action.N]
    assert texts
    assert len(unheard) <= len(texts) / 10


@pytest.mark.parametrize("rule", SCREEN.book.rules, ids=lambda rule: rule.id)
def test_every_rule_can_be_defended(rule: Rule) -> None:
    assert rule.why.strip()
    assert "\n" not in rule.why.strip()
    if rule.action is not Action.N:
        assert rule.fires
        assert rule.quiet
    assert SCREEN.reason(rule.id) == rule.why


def test_five_languages_have_rules_of_their_own() -> None:
    spoken = {rule.language for rule in SCREEN.book.rules if rule.action is Action.A}
    assert {"en", "es", "fr", "de", "pt"} <= spoken


def test_a_small_pack_works(tmp_path: Path) -> None:
    screen = Screen(load_rules(write(tmp_path)))
    assert screen.assess("well, me halt").rules == ("xx.one",)
    assert screen.assess("me go").action is Action.N


def test_an_empty_folder_must_not_start(tmp_path: Path) -> None:
    with pytest.raises(BrokenContent, match="must not start"):
        Screen.load(tmp_path)


@pytest.mark.parametrize("rules", ["rules: []", "frames: []"])
def test_a_pack_without_rules_must_not_start(tmp_path: Path, rules: str) -> None:
    with pytest.raises(BrokenContent, match="must not start"):
        load_rules(write(tmp_path, rules=rules))


@pytest.mark.parametrize(
    ("good", "bad", "field"),
    [
        ("action: B", "action: Q", "xx.one.action"),
        ("why: An example.", "", "xx.one.why"),
        ('say: ["me <end>"]', "say: []", "xx.one.say"),
        ('say: ["me <end>"]', 'say: ["me <nowhere>"]', "xx.one.say"),
        ('say: ["me <end>"]', 'say: ["(me"]', "xx.one.say"),
        ('fires: ["me stop"]', "", "xx.one.fires"),
        ('quiet: ["pal stop"]', "", "xx.one.quiet"),
        ("id: xx.one", "id: xx.one\n    speeker: self", "xx.one.speeker"),
        ("id: xx.one", "id: xx.one\n    plain: perhaps", "xx.one.plain"),
        ("rules:", "rool:", "rool"),
    ],
)
def test_a_broken_rule_is_refused_by_file_and_field(tmp_path: Path, good: str, bad: str, field: str) -> None:
    assert good in RULES
    with pytest.raises(BrokenContent) as refused:
        load_rules(write(tmp_path, rules=RULES.replace(good, bad)))
    assert refused.value.field == field
    assert refused.value.file.endswith("rules.yaml")


@pytest.mark.parametrize(
    ("good", "bad", "field"),
    [
        ("language: xx", "language: yy", "language"),
        ("negations: [nope]", "negations: [no]", "negations"),
        ("i: [me]", "", "i"),
        ("end: [stop, halt]", 'end: ["(stop"]', "lists"),
        ("everyday: [the]", "everyday: [the]\nhint: x", "hint"),
    ],
)
def test_a_broken_language_is_refused_by_field(tmp_path: Path, good: str, bad: str, field: str) -> None:
    assert good in LANGUAGE
    with pytest.raises(BrokenContent) as refused:
        load_rules(write(tmp_path, language=LANGUAGE.replace(good, bad)))
    assert refused.value.field == field


def test_an_id_may_be_given_only_once(tmp_path: Path) -> None:
    twice = RULES + RULES.removeprefix("rules:\n")
    with pytest.raises(BrokenContent, match="twice"):
        load_rules(write(tmp_path, rules=twice))


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("me stop", True),
        ("me stop by accident", False),
        ("me stop, nope by accident", True),
        ("me stop, nope the by accident", True),
        ("me stop, nope, by accident", False),
        ("me nope stop by accident", False),
        ("by accident me stop", False),
        ("me stop " + "the " * 11 + "by accident", False),
        ("me stop " + "the " * 12 + "by accident", True),
        ("me stop. by accident", True),
    ],
)
def test_an_exception_holds_near_what_it_excuses_and_where_it_is_not_denied(
    tmp_path: Path, text: str, speaks: bool
) -> None:
    rules = RULES.replace('["me <end>"]', '["me nope? <end>"]\n    unless: ["by accident"]')
    assessment = Screen(load_rules(write(tmp_path, rules=rules))).assess(text)
    assert (assessment.action is Action.B) is speaks


def test_a_letter_that_stands_for_a_word_elsewhere_stays_itself_in_a_pattern(tmp_path: Path) -> None:
    folder = write(tmp_path, rules=RULES.replace("me <end>", "me n stop"))
    (folder / "yy").mkdir()
    other = LANGUAGE.replace("language: xx", "language: yy") + "expand: {ñ: nope}\n"
    (folder / "yy" / "_language.yaml").write_text(other, encoding="utf-8")
    assert Screen(load_rules(folder)).assess("me n'stop").rules == ("xx.one",)
