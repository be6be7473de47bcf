"""The form for an item: five fields, which is as many as a modal has, and a few choices made before it opens.

The supervisors' notes share one field, a line each, with the name of the note in front. Labels are read in every
language that there are words in, so that a form begun in one can be ended in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.ports.words import Words
from bot.prompts.item import CastRole, Intensity, Item, Kind

NOTES = ("listen_for", "probes", "trap", "other_side", "safety_note")
_LISTS = frozenset({"listen_for", "probes"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """An item as it is being written. `people` is a vignette's cast, `afterword` a prompt's last word.

    `more` are fields of a file that the form does not show; they are kept as they were. `copy_of` is the item that
    this one is to take the place of.
    """

    kind: Kind = Kind.PROMPT
    theme: str = ""
    intensity: int = 1
    label: str = ""
    setting: str = "in-person"
    marker: str = "skill-difficulty"
    problem: str = "unstated"
    title: str = ""
    body: str = ""
    question: str = ""
    notes: str = ""
    people: str = ""
    afterword: str = ""
    more: Mapping[str, Any] | None = None
    copy_of: str | None = None

    @property
    def last(self) -> str:
        """The name of the fifth field."""
        return "people" if self.kind is Kind.VIGNETTE else "afterword"

    def filled(self, values: Mapping[str, str]) -> Sheet:
        """Return the sheet with what was typed."""
        shown = ("title", "body", "question", "notes", self.last)
        typed: dict[str, Any] = {name: values[name].strip() for name in shown if name in values}
        return replace(self, **typed)


def blank_notes(words: Words, locale: str) -> str:
    """Give the notes' labels, one a line, to be written behind."""
    return "\n".join(f"{words.say(f'library.note.{name}', locale)}: " for name in NOTES)


def fields_of(sheet: Sheet, words: Words) -> dict[str, Any]:
    """Put a sheet down as the fields of a content file. Empty ones are left out, for the reader to name."""
    notes = _read_notes(sheet.notes, words)
    fields: dict[str, Any] = {
        "kind": sheet.kind.value,
        "format": "moment",
        "title": sheet.title,
        "body": sheet.body,
        "question": sheet.question,
        "theme": sheet.theme,
        "competency": ["reflection"],
        "level": [1, 2],
        "stage": "what",
        "function": "formative",
        **(sheet.more or {}),
        "intensity": sheet.intensity,
        "moderator_present": sheet.intensity == Intensity.HEAVY,
        "facilitator": notes,
        "fictional": True,
    }
    if sheet.label:
        fields["content_label"] = sheet.label
    if sheet.kind is Kind.VIGNETTE:
        fields |= {"setting": sheet.setting, "marker": sheet.marker, "problem": sheet.problem}
        fields["cast"] = [*_read_people(sheet.people, words)]
    elif sheet.afterword:
        fields["afterword"] = {"text": sheet.afterword}
    return {name: value for name, value in fields.items() if value != ""}


def sheet_of(item: Item, fields: Mapping[str, Any], words: Words, locale: str) -> Sheet:
    """Open an item that is there already, with `fields` of its file, to make a copy of it."""
    note = item.facilitator
    lines = {
        "listen_for": note.listen_for,
        "probes": note.probes,
        "trap": (note.trap,),
        "other_side": (note.other_side or "",),
        "safety_note": (note.safety_note,),
    }
    role = {each: words.say(f"library.role.{each.value}", locale) for each in CastRole}
    label = {name: words.say(f"library.note.{name}", locale) for name in NOTES}
    shown = {"title", "body", "question", "facilitator", "cast", "content_label", "intensity", "moderator_present"}
    ours = {"schema", "id", "review", "provenance", "sources", "fictional"}
    more = {name: value for name, value in fields.items() if name not in shown | ours}
    if item.kind is Kind.PROMPT:
        more.pop("afterword", None)
    return Sheet(
        kind=item.kind,
        theme=item.theme,
        intensity=int(item.intensity),
        label=item.content_label or "",
        setting=item.setting.value if item.setting else "in-person",
        marker=item.marker.value if item.marker else "skill-difficulty",
        problem=item.problem or "unstated",
        title=item.title,
        body=item.body,
        question=item.question,
        notes="\n".join(f"{label[name]}: {text}" for name in NOTES for text in lines[name] if text),
        people="\n".join(f"{person.name}: {role[person.role]}" for person in item.cast),
        afterword=item.afterword.text if item.afterword else "",
        more=more,
        copy_of=item.id,
    )


def _read_notes(text: str, words: Words) -> dict[str, Any]:
    labels = {words.say(f"library.note.{name}", each).casefold(): name for name in NOTES for each in words.locales}
    found: dict[str, list[str]] = {}
    current = "listen_for"
    for line in filter(None, (line.strip() for line in text.splitlines())):
        label, colon, rest = line.partition(":")
        if colon and label.strip().casefold() in labels:
            current, line = labels[label.strip().casefold()], rest.strip()
        if line:
            found.setdefault(current, []).append(line.removeprefix("- "))
    return {name: lines if name in _LISTS else " ".join(lines) for name, lines in found.items()}


def _read_people(text: str, words: Words) -> Iterator[Mapping[str, str]]:
    """Read `Name: role`, a line each or parted by semicolons. Without a role somebody is just there."""
    known = {
        words.say(f"library.role.{role.value}", each).casefold(): role for role in CastRole for each in words.locales
    }
    for part in text.replace(";", "\n").splitlines():
        name, _, role = (piece.strip() for piece in part.partition(":"))
        if name:
            yield {"name": name, "role": known.get(role.casefold(), CastRole.OTHER).value}


def shown_fields(sheet: Sheet) -> Sequence[str]:
    """The names of the form's fields, in order."""
    return ("title", "body", "question", "notes", sheet.last)
