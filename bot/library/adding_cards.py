"""What somebody who adds an item is shown: the form, what has to be mended, and that it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Button, Card, Style, Tone
from bot.library.checking import Checker, Objection
from bot.library.drafts import Draft
from bot.library.sheet import shown_fields
from bot.ports.words import Words
from bot.prompts.item import Item

_LISTED = 12
_NAMES_OFFERED = 8
_KEYS = {"title": "title_field"}
_LIMITS = {"title": 100, "body": 2000, "question": 400, "notes": 4000, "people": 400, "afterword": 1200}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form, ready to show. `limit` is in characters; what is a little too long is the lint's to name."""

    name: str
    label: str
    placeholder: str
    limit: int
    text: str = ""
    is_long: bool = True
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """A form for an item; its submission comes back with the draft's id."""

    title: str
    draft_id: str
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Told:
    """What to tell whoever added something; `text` is what she wrote, where nobody else has it."""

    card: Card
    text: str = ""


class AddingCards:
    """Makes the forms and cards."""

    def __init__(self, checker: Checker, words: Words) -> None:
        self._checker = checker
        self._words = words

    def form(self, draft: Draft, locale: str) -> Form:
        sheet, say = draft.sheet, self._words.say
        kind = say(f"prompts.kind.{sheet.kind.value}", locale)
        return Form(
            say("library.form.copy" if sheet.copy_of else "library.form.title", locale, kind=kind),
            draft.id,
            [
                Field(
                    name,
                    say(f"library.form.{_KEYS.get(name, name)}", locale),
                    say(f"library.hint.{_KEYS.get(name, name)}", locale),
                    _LIMITS[name],
                    getattr(sheet, name)[: _LIMITS[name]],
                    is_long=name not in ("title", "question"),
                    is_needed=name != "afterword",
                )
                for name in shown_fields(sheet)
            ],
        )

    def refused(self, draft: Draft, item: Item | None, found: Sequence[Objection], locale: str) -> Card:
        say = self._words.say
        refusing = [each for each in found if each.refuses]
        lines = [_line(each) for each in refusing[:_LISTED]]
        if any(".name" in each.field or "name" in each.message for each in refusing):
            names = self._checker.names(frozenset(item.names if item else ()), _NAMES_OFFERED)
            lines.append(say("library.names", locale, names=", ".join(names)))
        form = (
            ()
            if draft.text is not None
            else (Button("library-again", draft.id, say("library.button.again", locale), Style.PRIMARY),)
        )
        return Card(
            say("library.refused", locale, count=len(refusing)) + "\n" + "\n".join(lines),
            title=say("library.refused_title", locale),
            footer=say("library.refused_footer" if form else "library.refused_file", locale),
            buttons=form,
            tone=Tone.WARNING,
        )

    def asked(self, draft: Draft, kinds: str, locale: str) -> Card:
        say = self._words.say
        buttons = [Button("library-anyway", draft.id, say("library.button.anyway", locale))]
        if draft.text is None:
            buttons.insert(0, Button("library-again", draft.id, say("library.button.again", locale), Style.PRIMARY))
        return Card(say("library.real", locale, found=kinds), buttons=tuple(buttons), tone=Tone.WARNING)

    def kept(
        self, item: Item, found: Sequence[Objection], cohort_id: str, ident: str, is_copy: bool, locale: str
    ) -> Card:
        say = self._words.say
        body = say("library.copied" if is_copy else "library.added", locale, title=item.title)
        fields: tuple[tuple[str, str], ...] = ()
        if found:
            fields = ((say("library.look_again", locale), "\n".join(_line(each) for each in found[:_LISTED])[:1000]),)
        look = Button("library-show", f"{cohort_id}/{ident}", say("library.button.show", locale))
        return Card(body, fields=fields, buttons=(look,))


def _line(objection: Objection) -> str:
    return f"- **{objection.field or '–'}**: {objection.message} {objection.mend}"
