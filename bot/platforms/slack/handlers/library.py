"""A cohort's own library: adding, reviewing, suggesting, and what was said of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.cards import Card
from bot.errors import BadInput
from bot.library.sheet import Sheet
from bot.platforms.slack import forms
from bot.platforms.slack.desk import Desk
from bot.platforms.slack.handlers.offers import choose, label, named
from bot.platforms.slack.router import First, parts
from bot.platforms.slack.visit import Json, Visit
from bot.prompts.item import Kind, Marker, Setting

KINDS = {kind.value: kind.value for kind in Kind}
INTENSITIES = {"light": "1", "stirring": "2", "heavy": "3"}
SETTINGS = {each.name.lower(): each.value for each in Setting}
MARKERS = {each.name.lower(): each.value for each in Marker}
NAMED = {"no": "no", "yes": "yes"}

NEW, UPLOAD, SUGGEST = "tc:library-new:sheet", "tc:library-upload:text", "tc:suggest-new:kind"


class Field(Protocol):
    """A field of a form, as the library describes it."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def placeholder(self) -> str: ...
    @property
    def limit(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def is_long(self) -> bool: ...
    @property
    def is_needed(self) -> bool: ...


class Told(Protocol):
    """What to tell whoever added something; `text` is what she wrote, where it was not kept."""

    @property
    def card(self) -> Card: ...
    @property
    def text(self) -> str: ...


def register(desk: Desk) -> None:
    _adding(desk)
    _reviewing(desk)
    _suggesting(desk)
    _opinions(desk)


async def tell(visit: Visit, told: Told) -> None:
    """Show what became of it, and give the words back where they were not kept."""
    await visit.show(told.card, text=told.text)


def inputs(fields: Sequence[Field]) -> list[Json]:
    """Lay a form's fields out."""
    return [
        forms.text_input(
            field.name,
            field.label,
            field.text,
            placeholder=field.placeholder,
            limit=field.limit,
            long=field.is_long,
            optional=not field.is_needed,
        )
        for field in fields
    ]


def _adding(desk: Desk) -> None:
    words = desk.words

    async def add(visit: Visit, theme: str) -> None:
        await visit.quickly(desk.house.cohorts.supervised(visit.caller, visit.room))
        path, locale = "library.add", visit.locale

        def select(name: str, values: dict[str, str]) -> Json:
            offered = named(desk, locale, f"{path}.choices.{name}", values)
            return forms.select_input(name, label(desk, locale, f"{path}.{name}"), offered)

        made = [
            select("kind", KINDS),
            forms.text_input("theme", label(desk, locale, f"{path}.theme"), theme),
            select("intensity", INTENSITIES),
            forms.text_input("label", label(desk, locale, f"{path}.label"), optional=True, limit=60),
            select("setting", SETTINGS),
            select("marker", MARKERS),
            forms.text_input("problem", label(desk, locale, f"{path}.problem"), "unstated", optional=True),
        ]
        await visit.open_form(words.say("slack.library.add", locale), made, NEW)

    async def begin(visit: Visit, _: str) -> None:
        typed = visit.typed
        await desk.heed(visit, typed["theme"], typed["label"], typed["problem"])
        themes = await desk.house.reviewing.find_themes(visit.caller, visit.room, typed["theme"])
        wanted = typed["theme"].strip().casefold()
        theme = next((value for value, name in themes if wanted in (value.casefold(), name.casefold())), "")
        sheet = Sheet(
            Kind(typed["kind"]),
            theme or (themes[0][0] if len(themes) == 1 else typed["theme"].strip()),
            int(typed["intensity"]),
            typed["label"].strip(),
            typed["setting"],
            typed["marker"],
            typed["problem"].strip() or "unstated",
        )
        form = await desk.house.adding.begin(visit.caller, visit.room, sheet)
        await visit.next_form(form.title, inputs(form.fields), f"tc:library-filled:{form.draft_id}")

    async def reopen(visit: Visit, subject: str) -> None:
        adding = desk.house.adding
        if visit.action == "library-again":
            begun = adding.again(visit.caller, subject)
        elif visit.action == "suggestion-copy":
            begun = adding.begin_suggested(visit.caller, subject)
        else:
            begun = adding.begin_copy(visit.caller, *parts(subject, 2))
        form = await visit.quickly(begun)
        await visit.open_form(form.title, inputs(form.fields), f"tc:library-filled:{form.draft_id}")

    async def filled(visit: Visit, draft_id: str) -> None:
        adding = desk.house.adding
        # Whatever becomes of it: what was typed is read first, also that into the form before.
        await desk.heed(visit, *visit.typed.values(), *adding.typed_before(visit.caller, draft_id))
        await tell(visit, await adding.filled(visit.caller, draft_id, dict(visit.typed)))

    async def anyway(visit: Visit, draft_id: str) -> None:
        await tell(visit, await desk.house.adding.anyway(visit.caller, draft_id))

    async def upload(visit: Visit, _: str) -> None:
        await visit.quickly(desk.house.cohorts.supervised(visit.caller, visit.room))
        asked = words.say("slack.library.paste", visit.locale)
        made = [forms.text_input("text", asked, limit=forms.LONGEST, long=True)]
        await visit.open_form(words.say("slack.library.upload", visit.locale), made, UPLOAD)

    async def uploaded(visit: Visit, _: str) -> None:
        text = visit.typed["text"]
        await desk.heed(visit, text)
        await tell(visit, await desk.house.adding.upload(visit.caller, visit.room, text.encode()))

    router = desk.router
    router.command("library add", add, first=First.FORM)
    router.command("library upload", upload, first=First.FORM)
    router.on("library-new", begin)
    router.on("library-upload", uploaded)
    for action in ("library-again", "library-copy", "suggestion-copy"):
        router.on(action, reopen, first=First.FORM)
    router.on("library-filled", filled)
    router.on("library-anyway", anyway)


def _reviewing(desk: Desk) -> None:
    async def review(visit: Visit, subject: str) -> None:
        reviewing = desk.house.reviewing
        acts = {
            "show": reviewing.show,
            "approve": reviewing.approve,
            "retire": reviewing.retire,
            "restore": reviewing.restore,
        }
        cohort_id, item_id = parts(subject, 2)
        await visit.show(await acts[visit.choice or "show"](visit.caller, cohort_id, item_id))

    async def which(visit: Visit, typed: str) -> None:
        await desk.house.cohorts.supervised(visit.caller, visit.room)
        visit.action = "library-show"
        offered = await desk.house.reviewing.find(visit.caller, visit.room, typed)
        await choose(desk, visit, typed, offered, "library-show", review)

    async def listed(visit: Visit, _: str) -> None:
        await visit.show(*await desk.house.reviewing.listed(visit.caller, visit.room))

    router = desk.router
    router.command("library show", which)
    router.command("library list", listed)
    for act in ("show", "approve", "retire", "restore"):
        router.on(f"library-{act}", review)


def _suggesting(desk: Desk) -> None:
    async def suggest(visit: Visit, theme: str) -> None:
        path, locale = "suggest", visit.locale

        def select(name: str, values: dict[str, str]) -> Json:
            offered = named(desk, locale, f"{path}.choices.{name}", values)
            return forms.select_input(name, label(desk, locale, f"{path}.{name}"), offered)

        made = [
            select("kind", KINDS),
            forms.text_input("theme", label(desk, locale, f"{path}.theme"), theme, optional=True),
            select("named", NAMED),
        ]
        await visit.open_form(desk.words.say("slack.library.suggest", locale), made, SUGGEST)

    async def begin(visit: Visit, _: str) -> None:
        typed = visit.typed
        await desk.heed(visit, typed["theme"])
        theme, shown = typed["theme"].strip(), typed["named"] == "yes"
        form = await desk.house.suggesting.begin(visit.caller, visit.room, typed["kind"], theme, shown=shown)
        await visit.next_form(form.title, inputs(form.fields), f"tc:suggest-filled:{form.subject}")

    async def suggested(visit: Visit, subject: str) -> None:
        await desk.heed(visit, *visit.typed.values())
        made = desk.house.suggesting.make(visit.caller, subject, dict(visit.typed), visit.token)
        await tell(visit, await made)

    async def open_(visit: Visit, _: str) -> None:
        cards = await desk.house.suggesting.open(visit.caller, visit.room)
        if not cards:
            raise BadInput("slack.offer.none")
        await visit.show(*cards)

    async def take(visit: Visit, suggestion_id: str) -> None:
        await tell(visit, await desk.house.adding.approve_suggested(visit.caller, suggestion_id))

    async def decline(visit: Visit, suggestion_id: str) -> None:
        await visit.show(await desk.house.suggesting.decline(visit.caller, suggestion_id))

    router = desk.router
    router.command("suggest", suggest, first=First.FORM)
    router.command("library suggestions", open_)
    router.on("suggest-new", begin)
    router.on("suggest-filled", suggested)
    router.on("suggestion-approve", take)
    router.on("suggestion-decline", decline)


def _opinions(desk: Desk) -> None:
    async def report(visit: Visit, _: str) -> None:
        await visit.show(await desk.house.opinions.report(visit.caller, visit.room))

    desk.router.command("library feedback", report)
