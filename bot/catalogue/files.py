"""Reading one YAML file: every way in which it can be broken becomes a finding that names the field.

People write these files in whatever editor they have, so the usual slips (a tab, a key written twice,
an unquoted colon, a colour of quote that an editor "improved") are met with a sentence, not a traceback.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.catalogue.report import Finding, error
from bot.catalogue.shapes import Shape

ShapeT = TypeVar("ShapeT", bound=Shape)

RULE = "E12"
_TEXT = "tag:yaml.org,2002:str"
_OPENERS = "[{-?:"
_MANY_OPENERS = 400
_DEEPEST = 30
_LONGEST_PLAIN = 200
_TOP_LEVEL_KEY = re.compile(r"^([A-Za-z_]+)\s*:")


def parse(text: str) -> Any:
    """Read YAML as plain values; raises `yaml.YAMLError`.

    Three things that YAML allows are refused: a key that stands twice, of which the author would lose one silently; an
    alias, with which a few lines can grow into more than fits into memory; and what is nested deeper than any content,
    on which the parser's own recursion would take the process down. Nodes are turned into values here, because PyYAML's
    own way takes three times as long and the whole library is read at every start.
    """
    if sum(map(text.count, _OPENERS)) > _MANY_OPENERS:
        _require_shallow(text)
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _value(loader, node, set())
    finally:
        loader.dispose()


def _require_shallow(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                mark = cast("yaml.Mark | None", event.start_mark)  # the C parser's own, which has the same attributes
                raise yaml.constructor.ConstructorError(None, None, "too much is nested here", mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(loader: yaml.CSafeLoader, node: yaml.Node, seen: set[int]) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag == _TEXT else _plain(loader, node)
    if id(node) in seen:
        raise yaml.constructor.ConstructorError(None, None, "an alias stands here", node.start_mark)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, each, seen) for each in node.value]
    values: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be one word", key_node.start_mark)
        key = _value(loader, key_node, seen)
        if key in values:
            raise yaml.constructor.ConstructorError(None, None, f"{key} stands there twice", key_node.start_mark)
        values[key] = _value(loader, value_node, seen)
    return values


def _plain(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Any:
    """Read a number, a date, yes or no. What only looks like one (the 45th of a month) PyYAML meets in many ways."""
    try:
        if len(node.value) > _LONGEST_PLAIN:
            raise ValueError
        return loader.construct_object(node)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        said = "this looks like a number or a date and is none; text like it belongs in quotes"
        raise yaml.constructor.ConstructorError(None, None, said, node.start_mark) from None


def read_shape(path: Path, root: Path, shape: type[ShapeT]) -> tuple[ShapeT | None, list[Finding]]:
    """Read and validate one file; the shape is None where there are findings."""
    file = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None, [error(file, "", RULE, "the file is not UTF-8 text.", "Save it again as UTF-8.")]
    except OSError as problem:
        return None, [error(file, "", RULE, "the file cannot be read.", f"{problem.strerror}.")]
    return read_text(text, file, shape)


def read_text(text: str, file: str, shape: type[ShapeT]) -> tuple[ShapeT | None, list[Finding]]:
    """Read and validate text that came from a file or was sent in; `file` is what findings call it."""
    try:
        data = parse(text)
    except yaml.YAMLError as problem:
        return None, [_syntax_finding(file, text, problem)]
    if not isinstance(data, dict):
        return None, [error(file, "", RULE, "no fields found.", "Write it as `field: value` lines.")]
    try:
        return shape.model_validate(data), []
    except ValidationError as problem:
        return None, [_shape_finding(file, detail, shape) for detail in problem.errors(include_url=False)]


def _syntax_finding(file: str, text: str, problem: yaml.YAMLError) -> Finding:
    mark = _where(problem)
    if mark is None:
        return error(file, "", RULE, "the file holds a character YAML forbids.", "Remove control characters.")
    lines = text.splitlines()
    number = min(mark.line, len(lines) - 1)
    field = next((m[1] for n in range(number, -1, -1) if (m := _TOP_LEVEL_KEY.match(lines[n]))), "")
    what = str(getattr(problem, "problem", "") or "it cannot be read")
    if "\t" in re.match(r"\s*", lines[number])[0]:  # type: ignore[index]  # \s* always matches
        return error(file, field, RULE, f"line {number + 1} is indented with a tab.", "Indent with two spaces.")
    if what.endswith("stands there twice"):
        return error(file, field, RULE, f"{what} (line {number + 1}).", "Keep one of the two.")
    return error(
        file,
        field,
        RULE,
        f"line {number + 1} is not valid YAML ({what}).",
        "Check indentation, quotes, and put text with a colon in it in quotes.",
    )


def _where(problem: yaml.YAMLError) -> yaml.Mark | None:
    """Where to mend: an unclosed bracket or quote is noticed lines later, and meant where it opens."""
    if not isinstance(problem, yaml.MarkedYAMLError):
        return None
    opened = problem.context is not None and ("flow" in problem.context or "quoted" in problem.context)
    return problem.context_mark if opened and problem.context_mark else problem.problem_mark


def _shape_finding(file: str, detail: ErrorDetails, shape: type[Shape]) -> Finding:
    context: dict[str, Any] = detail.get("ctx", {})
    field = _dotted(detail["loc"])
    match detail["type"]:
        case "misfit":
            field = ".".join(part for part in (field, context["field"]) if part)
            return error(file, field, RULE, context["message"], context["mend"])
        case "missing":
            return error(file, field, RULE, "the field is missing.", f"Add {field}.")
        case "extra_forbidden":
            near = difflib.get_close_matches(str(detail["loc"][-1]), _known_fields(shape), n=1)
            mend = f"Did you mean {near[0]}?" if near else "Remove it, or check the spelling."
            return error(file, field, RULE, "there is no such field.", mend)
        case "enum" | "literal_error":
            return error(file, field, RULE, "the value is not one of the choices.", f"Use {context['expected']}.")
        case "string_type":
            return error(
                file,
                field,
                RULE,
                "text is expected here.",
                "Write text, in quotes if it looks like a number, date, yes or no.",
            )
        case "string_pattern_mismatch":
            return error(file, field, RULE, "the text has the wrong form.", f"It must match {context['pattern']}.")
        case _:
            return error(
                file,
                field,
                RULE,
                f"{detail['msg'].removeprefix('Input should be ')}.".capitalize(),
                "Correct the value.",
            )


def _dotted(loc: tuple[int | str, ...]) -> str:
    """`('facilitator', 'probes', 0)` as `facilitator.probes[0]`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _known_fields(shape: type[Shape]) -> list[str]:
    return [info.alias or name for name, info in shape.model_fields.items()]
