"""The shape of every content file, field by field.

Strict on purpose: an unknown field is nearly always a misspelt one, and a silently ignored
`intensty: 3` would post a heavy item on the wrong day. Lengths and wording are the lint's business
(`check_*.py`); what stands here is what the rest of the bot relies on to be true.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from bot.prompts.item import (
    CastRole,
    Format,
    Function,
    HoldFlag,
    Kind,
    Marker,
    Modality,
    Pool,
    Season,
    Setting,
    Stage,
    Status,
)

LICENCE = "CC-BY-4.0"
ID_PATTERN = r"^[pv](-[a-z0-9]+)+-[0-9]{3}$"


def _unwrap(text: str) -> str:
    """Join the lines of each paragraph: an editor's line breaks are not the reader's."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_unwrap)]
WeekText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_unwrap)
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ItemId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
# YAML has only text where the code has an enum, so the enums alone are read leniently.
KindName = Annotated[Kind, Strict(False)]
Level = Annotated[int, Field(ge=1, le=3)]


def misfit(field: str, message: str, mend: str) -> PydanticCustomError:
    """The error for parts that are each well formed but do not fit together; `field` is where to mend."""
    return PydanticCustomError("misfit", "{message}", {"field": field, "message": message, "mend": mend})


class Shape(BaseModel):
    """Nothing is coerced and nothing unknown is let through."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class AfterwordShape(Shape):
    text: Prose
    source: Text | None = None


class FacilitatorShape(Shape):
    listen_for: list[Prose] = Field(min_length=1)
    probes: list[Prose] = Field(min_length=1, max_length=3)
    trap: Prose
    other_side: Prose | None = None
    safety_note: Prose


class LiteratureShape(Shape):
    cite: Text
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
    checked: bool


class SourcesShape(Shape):
    seeds: list[Annotated[str, StringConstraints(pattern=r"^[0-9]{3}_[0-9a-f]{16}\.txt$")]] = []
    literature: list[LiteratureShape] = []


class ProvenanceShape(Shape):
    author_role: Text
    ai_drafted: bool
    licence: Literal["CC-BY-4.0"]


class ReadingShape(Shape):
    """Who read the item, by role and never by name, and when."""

    role: Text
    date: date


class ReviewShape(Shape):
    status: Annotated[Status, Strict(False)]
    readers: list[ReadingShape] = []
    clinical: ReadingShape | None
    cultural: ReadingShape | None
    due: date
    changes: list[Text] = []

    @model_validator(mode="after")
    def status_is_earned(self) -> Self:
        if self.status is Status.APPROVED_HERE:
            raise misfit(
                "status",
                "approved-here is what a cohort says of an item, in chat.",
                "Use draft, peer-read, clinically-reviewed or retired.",
            )
        if self.status is Status.PEER_READ and len(self.readers) < 2:
            raise misfit(
                "status",
                "peer-read needs two readers.",
                "Add both under review.readers (role and date), or set status to draft.",
            )
        if self.status is Status.CLINICALLY_REVIEWED and self.clinical is None:
            raise misfit(
                "status",
                "clinically-reviewed needs a clinical reading.",
                "Fill review.clinical with the supervisor's role and the date, or lower the status.",
            )
        return self


class CastShape(Shape):
    name: Text
    role: Annotated[CastRole, Strict(False)]


class BeatShape(Shape):
    body: Prose
    question: Prose


class ItemShape(Shape):
    """One file under `prompts/` or `vignettes/`."""

    schema_version: Literal[1] = Field(alias="schema")
    id: ItemId
    kind: KindName
    format: Annotated[Format, Strict(False)]
    title: Text
    body: Prose
    question: Prose
    response_starters: list[Text] = Field(default=[], max_length=3)
    role_cards: list[Text] = []
    afterword: AfterwordShape | None = None
    theme: Slug
    also: list[Slug] = []
    competency: list[Slug] = Field(min_length=1)
    level: list[Level] = Field(min_length=1, max_length=3)
    stage: Annotated[Stage, Strict(False)]
    function: Annotated[Function, Strict(False)]
    eye: Annotated[int, Field(ge=1, le=7)] | None = None
    intensity: Annotated[int, Field(ge=1, le=3)]
    content_label: Text | None = None
    moderator_present: bool = False
    crisis_text: Literal["trainee-self", "client-risk", "colleague-concern"] | None = None
    hold_when: list[Annotated[HoldFlag, Strict(False)]] = []
    modality: list[Annotated[Modality, Strict(False)]] = Field(min_length=1)
    pool: Annotated[Pool, Strict(False)] = Pool.CORE
    season: list[Annotated[Season, Strict(False)]] = []
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
    facilitator: FacilitatorShape
    sources: SourcesShape
    fictional: Literal[True]
    provenance: ProvenanceShape
    review: ReviewShape
    cast: list[CastShape] = []
    setting: Annotated[Setting, Strict(False)] | None = None
    marker: Annotated[Marker, Strict(False)] | None = None
    problem: Slug | None = None
    beats: list[BeatShape] = Field(default=[], max_length=1)

    @model_validator(mode="after")
    def parts_fit_together(self) -> Self:
        if len(set(self.level)) != len(self.level):
            raise misfit("level", "the same level stands there twice.", "Name each level once.")
        if self.theme in self.also:
            raise misfit("also", "the main theme is repeated here.", "Name only further themes under also.")
        if not self.id.startswith(self.kind.value[0] + "-"):
            raise misfit(
                "id", "the first letter does not match the kind.", "Begin a prompt's id with p-, a vignette's with v-."
            )
        if self.pool is Pool.SEASONAL and not self.season:
            raise misfit("season", "a seasonal item names no season.", "Name a season, or set pool to core.")
        self._vignette_parts()
        return self

    def _vignette_parts(self) -> None:
        parts = ("cast", "setting", "marker", "problem")
        if self.kind is Kind.VIGNETTE:
            for name in parts:
                if not getattr(self, name):
                    raise misfit(name, "a vignette needs this field.", f"Add {name}.")
            if self.format is Format.PAUSE:
                raise misfit("format", "pause belongs to prompts.", "Choose one of the vignette formats.")
            return
        for name in (*parts, "beats"):
            if getattr(self, name):
                raise misfit(name, "only a vignette has this field.", f"Remove {name}, or make it a vignette.")
        if self.format not in {Format.MOMENT, Format.DILEMMA, Format.PAUSE}:
            raise misfit("format", "this format belongs to vignettes.", "Use moment, dilemma or pause for a prompt.")


class ThemeShape(Shape):
    title: Text
    contested: bool = False
    nuance: Prose | None = None
    seeds: list[Annotated[str, StringConstraints(pattern=r"^S[0-4]$")]] = []

    @model_validator(mode="after")
    def contested_says_why(self) -> Self:
        if self.contested and self.nuance is None:
            raise misfit("nuance", "a contested theme needs its nuance.", "Say in a sentence what is disputed.")
        return self


class ThemesShape(Shape):
    """`themes.yaml`."""

    themes: dict[Slug, ThemeShape] = Field(min_length=1)


class CompetencyShape(Shape):
    title: Text
    looks_like: Prose


class CompetenciesShape(Shape):
    """`competencies.yaml`."""

    competencies: dict[Slug, CompetencyShape] = Field(min_length=1)


class NamesShape(Shape):
    """`names.yaml`: reviewed given names by naming tradition."""

    traditions: dict[Slug, list[Text]] = Field(min_length=1)


class PickShape(Shape):
    theme: Slug | None = None
    kind: KindName | None = None
    format: Annotated[Format, Strict(False)] | None = None
    function: Annotated[Function, Strict(False)] | None = None
    max_intensity: Annotated[int, Field(ge=1, le=3)] = 3

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not (self.theme or self.kind or self.format or self.function):
            raise misfit("theme", "a pick says what it wants.", "Give it a theme, a kind, a format or a function.")
        return self


class SlotShape(Shape):
    week: Annotated[int, Field(ge=1)]
    day: Annotated[int, Field(ge=1, le=7)]
    item: ItemId | None = None
    pick: PickShape | None = None

    @model_validator(mode="after")
    def one_of_two(self) -> Self:
        if (self.item is None) == (self.pick is None):
            raise misfit("item", "a slot has either an item or a pick.", "Keep one of the two.")
        return self


class WeekShape(Shape):
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    opening: WeekText
    closing: WeekText


class SequenceShape(Shape):
    """One file under `sequences/`."""

    schema_version: Literal[1] = Field(alias="schema")
    id: Slug
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    audience_level: list[Level] = Field(min_length=1)
    opening_text: WeekText
    closing_text: WeekText
    weeks: list[WeekShape] = Field(min_length=1, max_length=52)
    slots: list[SlotShape] = Field(min_length=1)

    @model_validator(mode="after")
    def slots_fit(self) -> Self:
        places = [(slot.week, slot.day) for slot in self.slots]
        if len(set(places)) != len(places):
            raise misfit("slots", "two slots share a week and day.", "Give each slot a day of its own.")
        if max(week for week, _ in places) > len(self.weeks):
            raise misfit("slots", "a slot lies after the last week.", "Add a week, or move the slot.")
        if empty := sorted(set(range(1, len(self.weeks) + 1)) - {week for week, _ in places}):
            raise misfit("slots", f"week {empty[0]} has no slot.", "Give it one, or take the week out.")
        items = [slot.item for slot in self.slots if slot.item is not None]
        if twice := sorted({item for item in items if items.count(item) > 1}):
            raise misfit("slots", f"{twice[0]} stands there twice.", "Nothing is posted twice: choose another item.")
        return self
