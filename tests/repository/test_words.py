"""Nothing that people read is written in code: it stands in the message files, where another language can follow.

Two looks. The first follows what reaches a card, a button, a form or an answer, also by way of a local name. The
second takes any sentence in a room that speaks with people, whatever becomes of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalogue.messages import MessageCatalogue

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = MessageCatalogue(REPOSITORY / "content")

ROOMS = ("care", "cohorts", "duties", "library", "moderation", "privacy", "prompts", "responses", "supervision")
SPEAKING = sorted(
    path
    for folder in (REPOSITORY / "cogs", REPOSITORY / "bot/platforms", *(REPOSITORY / "bot" / room for room in ROOMS))
    for path in folder.rglob("*.py")
)

SHOWN: dict[str, tuple[int | str, ...]] = {
    "Card": (0, 1, 2, 3, "body", "title", "fields", "footer"),
    "Button": (2, "label"),
    "Trouble": (0, 1, "what", "mend"),
    "Invitation": (0, 1, 2, "title", "label", "placeholder"),
    "SelectOption": ("label", "description"),
    "TextInput": ("label", "placeholder"),
    "Label": ("text", "description"),
    "Modal": ("title",),
    "Embed": ("title", "description"),
    "Select": ("placeholder",),
    "ChannelSelect": ("placeholder",),
    "RoleSelect": ("placeholder",),
    "replace": ("body", "title", "fields", "footer"),
    "add_field": ("name", "value"),
    "set_footer": ("text",),
    "open_form": (0,),
    "refuse": (0,),
    "send": (0, "content"),
    "send_message": (0, "content"),
    "edit_original_response": ("content",),
    "respond": (0, "text"),
    "chat_postMessage": ("text",),
    "chat_postEphemeral": ("text",),
}
"""Where a call shows something to people: its positional and named arguments."""

WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[^\W\d_]{2,}[,;:]? [^\W\d_]{2,}[,;:]? [^\W\d_]{2,}")

INSIDE = {
    *(
        node.name
        for node in ast.parse((REPOSITORY / "bot/errors.py").read_text()).body
        if isinstance(node, ast.ClassDef)
    ),
    *("Skipped", "Missed"),  # how a duty ended, for the log
}
"""What is told by its kind: the doors have words for each, and the text is for the log."""

NOT_FOR_PEOPLE = {
    "bot/care/self_test.py": "what the screen must hear before it is trusted; nobody reads it",
    "bot/platforms/discord/faults.py": "errors for the log, with Discord's own names of what is missing",
    "bot/platforms/discord/hearing.py": "Discord's own name of a permission, for the log",
    "bot/platforms/discord/messenger.py": "Discord's own names of its permissions",
    "bot/platforms/discord/permissions.py": "Discord's own names of its permissions, as its settings show them",
    "bot/platforms/slack/faults.py": "errors for the log, with Slack's own names of what is missing",
    "bot/privacy/ordinary.py": "words that the guard lets pass",
    "bot/privacy/shapes.py": "words that the guard looks for",
    "bot/responses/turning.py": "words by which advice is recognised",
}
"""Files with sentences that no language changes, and why."""

AS_IT_IS = {"Message Content Intent": "the name on the switch in Discord's developer portal"}


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def called(node: ast.Call) -> str:
    function = node.func.value if isinstance(node.func, ast.Subscript) else node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def texts(node: ast.AST, local: dict[str, list[ast.expr]], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every literal that an expression can come out as, or hold; what a call is given is that call's business."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id not in seen:
        for value in local.get(node.id, ()):
            yield from texts(value, local, seen | {node.id})
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"join", "format", "strip", "rstrip"}:
            yield from texts(node.func.value, local, seen)
            for argument in node.args:
                yield from texts(argument, local, seen)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body, local, seen)
        yield from texts(node.orelse, local, seen)
    elif isinstance(node, ast.Subscript | ast.FormattedValue):
        yield from texts(node.value, local, seen)
    elif isinstance(node, ast.comprehension | ast.GeneratorExp | ast.ListComp):
        yield from texts(getattr(node, "elt", None) or ast.Constant(0), local, seen)
    elif not isinstance(node, ast.Compare):
        for child in ast.iter_child_nodes(node):
            yield from texts(child, local, seen)


def shown_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every literal with a word in it that reaches people, with its line."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            continue
        local: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        local.setdefault(target.id, []).append(node.value)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and (places := SHOWN.get(called(node))):
                given = [argument for at, argument in enumerate(node.args) if at in places]
                given += [keyword.value for keyword in node.keywords if keyword.arg in places]
                for argument in given:
                    yield from ((node.lineno, text) for text in texts(argument, local) if WORD.search(text))


def sentences_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every literal of three words or more that is no docstring, no log line and no developer's complaint."""
    aside: set[int] = set()
    for node in ast.walk(tree):
        is_enum = isinstance(node, ast.ClassDef) and any("Enum" in ast.dump(base) for base in node.bases)
        if isinstance(node, ast.Raise) or is_enum or (isinstance(node, ast.Call) and called(node) in INSIDE):
            aside |= {id(child) for child in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside.add(id(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and "log" in ast.dump(node.func.value):
            aside |= {id(child) for child in ast.walk(node)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside
        if is_text and SENTENCE.search(node.value):
            yield node.lineno, node.value


@pytest.mark.parametrize("path", SPEAKING, ids=name_of)
def test_nothing_that_people_read_is_hard_coded(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {(line, text) for line, text in shown_in(tree) if text not in AS_IT_IS}
    if name_of(path) not in NOT_FOR_PEOPLE:
        found |= {*sentences_in(tree)}
    assert not found, f"give it a key in content/messages: {sorted(found)}"


def test_the_exceptions_are_still_needed() -> None:
    for name in NOT_FOR_PEOPLE:
        assert [*sentences_in(ast.parse((REPOSITORY / name).read_text(encoding="utf-8")))], name


@pytest.mark.parametrize(
    "code",
    [
        'Card("Hello there")',
        'Card(body, title="Oh")',
        'Button("a", "b", f"{count} left")',
        'def f(x):\n    body = "Nothing here" if x else say("k")\n    return Card(body)',
        'def f(x):\n    lines = ["One", say("k")]\n    return Card("\\n".join(lines))',
        'visit.send(content="Well, " + name)',
        "discord.ui.TextInput[Any](placeholder='Your words')",
        'embed.add_field(name="Theme", value=x)',
        'replace(card, footer="Closed")',
    ],
)
def test_a_hard_coded_text_is_found(code: str) -> None:
    assert [*shown_in(ast.parse(code))]


@pytest.mark.parametrize("code", ['Card(say("a.b"))', 'Card(f"**{x}**")', "Card(', '.join(x))", 'Button("a", "b", c)'])
def test_what_comes_from_the_files_is_not(code: str) -> None:
    assert not [*shown_in(ast.parse(code))]


def keys_in(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and called(node) in {"say", "_say", "BadInput"} and node.args:
            key = node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and "." in key.value:
                yield f"{name_of(path)}:{node.lineno}", key.value


def test_every_key_that_code_names_in_full_exists() -> None:
    named = [pair for path in SPEAKING for pair in keys_in(path)]
    assert len(named) > 100
    known = WORDS.keys("en")
    assert not [(where, key) for where, key in named if key not in known]
