"""What a prompt or a vignette is, once it has been read and checked.

The content files are for people who write; these types are for the features that choose, post and
close an item. They are plain values from the standard library: `bot/catalogue` builds them from the
files, rotation reasons about them, and neither knows of the other. Everything about an item is
fixed: an id is never reused, and a changed item is a new file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """The two families of items."""

    PROMPT = "prompt"
    VIGNETTE = "vignette"


class Format(StrEnum):
    """How an item is to be answered; some formats have a modal of their own."""

    MOMENT = "moment"
    DILEMMA = "dilemma"
    NEXT_LINE = "say-the-next-line"
    TWO_VOICES = "two-voices"
    BALINT_WONDER = "balint-wonder"
    PAUSE = "pause"


class Stage(StrEnum):
    """Borton's three words: noticing, making sense, deciding."""

    WHAT = "what"
    SO_WHAT = "so-what"
    NOW_WHAT = "now-what"


class Function(StrEnum):
    """What supervision does here, after Proctor: teach, keep standards, restore."""

    FORMATIVE = "formative"
    NORMATIVE = "normative"
    RESTORATIVE = "restorative"


class Intensity(IntEnum):
    """How much an item may stir; the weekly budget counts these numbers."""

    LIGHT = 1
    STIRRING = 2
    HEAVY = 3


class Pool(StrEnum):
    """When an item may be drawn: any day, within a season, or only when a supervisor releases it."""

    CORE = "core"
    SEASONAL = "seasonal"
    RELEASED = "released"


class HoldFlag(StrEnum):
    """Something that happened near a cohort, raised by a supervisor; items that name it stay back."""

    CLIENT_DEATH = "client-death"
    MEMBER_LOSS = "member-loss"
    PUBLIC_TRAGEDY = "public-tragedy"
    SERVICE_CLOSURE = "service-closure"
    EVALUATION_WEEK = "evaluation-week"


class Season(StrEnum):
    """A stretch of the training year. Cohorts date it themselves, so no calendar is assumed."""

    PLACEMENT_START = "placement-start"
    MID_REVIEW = "mid-review"
    BREAK = "break"
    ENDINGS = "endings"


class Modality(StrEnum):
    """A way of working that an item presumes; `any` for most."""

    ANY = "any"
    CBT = "cbt"
    PSYCHODYNAMIC = "psychodynamic"
    HUMANISTIC = "humanistic"
    SYSTEMIC = "systemic"
    BRIEF = "brief"


class Setting(StrEnum):
    """Where the people of a vignette meet."""

    IN_PERSON = "in-person"
    VIDEO = "video"
    PHONE = "phone"


class CastRole(StrEnum):
    """Who somebody is in a vignette."""

    CLIENT = "client"
    THERAPIST = "therapist"
    OTHER = "other"


class Marker(StrEnum):
    """The event that a vignette opens on, after Ladany's critical events in supervision."""

    SKILL_DIFFICULTY = "skill-difficulty"
    ALLIANCE_STRAIN = "alliance-strain"
    CULTURE_AND_POWER = "culture-and-power"
    ROLE_CONFLICT = "role-conflict"
    COUNTERTRANSFERENCE = "countertransference"
    ATTRACTION = "attraction"
    GENDER_MISUNDERSTANDING = "gender-misunderstanding"
    ATTITUDE = "attitude"
    SHAME = "shame"
    CRISIS = "crisis"


class Status(StrEnum):
    """How far an item has been read. `clinically-reviewed` is only ever set by a qualified supervisor.

    `approved-here` stands in no file: it is what a cohort's own supervisors said of an item, and holds for them alone.
    """

    DRAFT = "draft"
    PEER_READ = "peer-read"
    APPROVED_HERE = "approved-here"
    CLINICALLY_REVIEWED = "clinically-reviewed"
    RETIRED = "retired"

    def reaches(self, floor: Status) -> bool:
        """Whether an item of this status may be posted where `floor` is the least accepted; retired never."""
        return self is not Status.RETIRED and _READING_ORDER[self] >= _READING_ORDER[floor]


_READING_ORDER = {
    Status.DRAFT: 0,
    Status.PEER_READ: 1,
    Status.APPROVED_HERE: 2,
    Status.CLINICALLY_REVIEWED: 2,
    Status.RETIRED: 3,
}


@dataclass(frozen=True, slots=True)
class Afterword:
    """Words posted when the thread closes, never before."""

    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class CastMember:
    """An invented person in a vignette."""

    name: str
    role: CastRole


@dataclass(frozen=True, slots=True)
class Beat:
    """A second part of a vignette, released later."""

    body: str
    question: str


@dataclass(frozen=True, slots=True)
class FacilitatorNote:
    """For supervisors only: what to listen for, how to go deeper, where it goes wrong, what keeps it safe."""

    listen_for: tuple[str, ...]
    probes: tuple[str, ...]
    trap: str
    safety_note: str
    other_side: str | None = None


@dataclass(frozen=True, slots=True)
class Literature:
    """A published source; `checked` says whether the page or abstract was really opened."""

    cite: str
    url: str | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the idea of an item comes from: source texts by file name, and literature."""

    seeds: tuple[str, ...] = ()
    literature: tuple[Literature, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A prompt or a vignette of the library.

    `level` holds 1 (starting) to 3 (consolidating), the primary one first. `eye` is the angle of the
    seven-eyed model, 1 to 7. `cast`, `setting`, `marker`, `problem` and `beats` belong to vignettes.
    `path` is relative to the content folder.
    """

    id: str
    kind: Kind
    format: Format
    title: str
    body: str
    question: str
    theme: str
    competency: tuple[str, ...]
    level: tuple[int, ...]
    stage: Stage
    function: Function
    intensity: Intensity
    facilitator: FacilitatorNote
    status: Status
    also: tuple[str, ...] = ()
    response_starters: tuple[str, ...] = ()
    role_cards: tuple[str, ...] = ()
    afterword: Afterword | None = None
    eye: int | None = None
    content_label: str | None = None
    moderator_present: bool = False
    crisis_text: str | None = None
    hold_when: frozenset[HoldFlag] = frozenset()
    modality: frozenset[Modality] = frozenset({Modality.ANY})
    pool: Pool = Pool.CORE
    season: frozenset[Season] = frozenset()
    locale: str = "en"
    sources: Sources = field(default_factory=Sources)
    review_due: date | None = None
    cast: tuple[CastMember, ...] = ()
    setting: Setting | None = None
    marker: Marker | None = None
    problem: str | None = None
    beats: tuple[Beat, ...] = ()
    path: str = ""

    @property
    def primary_level(self) -> int:
        return self.level[0]

    @property
    def opening(self) -> str:
        """The first three words, folded to lower case: what readers recognise as "that one again"."""
        return " ".join(self.body.split(maxsplit=3)[:3]).casefold()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(person.name for person in self.cast)


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject that items are about; a contested one must always show its other side."""

    slug: str
    title: str
    contested: bool = False
    nuance: str | None = None
    from_seeds: bool = False


@dataclass(frozen=True, slots=True)
class Competency:
    """One of the abilities that the library spreads its attention over."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Pick:
    """A place in a sequence that is filled from the pool: what is not said may be anything."""

    theme: str | None = None
    kind: Kind | None = None
    format: Format | None = None
    function: Function | None = None
    max_intensity: Intensity = Intensity.HEAVY

    def fits(self, item: Item) -> bool:
        """Whether an item may take the place."""
        return (
            self.theme in (None, item.theme, *item.also)
            and self.kind in (None, item.kind)
            and self.format in (None, item.format)
            and self.function in (None, item.function)
            and item.intensity <= self.max_intensity
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """One day of a sequence: a fixed item or a pick. `week` counts from 1; `day` is 1 (Monday) to 7."""

    week: int
    day: int
    item_id: str | None = None
    pick: Pick | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a curriculum, with the words that open and close it."""

    title: str
    opening: str
    closing: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A curriculum: slots over some weeks. `opening_text` and `closing_text` frame the whole of it."""

    id: str
    title: str
    weeks: tuple[Week, ...]
    audience_level: tuple[int, ...]
    slots: tuple[Slot, ...]
    opening_text: str
    closing_text: str


@dataclass(frozen=True, slots=True)
class Library:
    """Everything under `content/` that rotation and posting work with."""

    items: tuple[Item, ...]
    themes: Mapping[str, Theme]
    competencies: Mapping[str, Competency]
    sequences: tuple[Sequence, ...] = ()

    def sequence(self, sequence_id: str) -> Sequence:
        """The sequence of this id; `KeyError` where the library has none."""
        for sequence in self.sequences:
            if sequence.id == sequence_id:
                return sequence
        raise KeyError(sequence_id)

    def item(self, item_id: str) -> Item:
        """The item of this id; `KeyError` where the library has none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)
