"""Does the library have what it set out to have? Counts against the plan of the launch library.

The plan is the content guide's: 365 items for every day, 20 for seasons, 15 that a supervisor releases, and a split
over formats, levels, functions and stages that rotation can live on. A split is met within a tenth, since an item that
says what it should is worth more than an even number; totals and the share of each theme are minimums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from bot.prompts.item import Format, Function, Intensity, Item, Kind, Library, Pool, Setting, Stage

CORE, SEASONAL, RELEASED = 365, 20, 15
WHOLE = CORE + SEASONAL + RELEASED
KINDS = {Kind.PROMPT: 240, Kind.VIGNETTE: 125}
VIGNETTE_FORMATS = {
    Format.MOMENT: 55,
    Format.DILEMMA: 25,
    Format.NEXT_LINE: 25,
    Format.TWO_VOICES: 12,
    Format.BALINT_WONDER: 8,
}
LEVELS = {1: 146, 2: 146, 3: 73}
INTENSITIES = {Intensity.LIGHT: 164, Intensity.STIRRING: 146, Intensity.HEAVY: 55}
FUNCTIONS = {Function.FORMATIVE: 183, Function.NORMATIVE: 80, Function.RESTORATIVE: 102}
STAGES = {Stage.WHAT: 130, Stage.SO_WHAT: 145, Stage.NOW_WHAT: 90}
PER_SEED_THEME, PER_OTHER_THEME = 4, 6
HEAVY_SEED_THEMES = (
    *("not-knowing", "advice-pull", "rescue-pull", "rupture-repair", "silence", "start-where-they-are"),
    *("shame-and-safety", "dependence-autonomy", "endings"),
)
HEAVY_SEED_EXTRA = 37
INTEGRATIVE = 12
NAMES, TRADITIONS = 150, 25
REMOTE_SHARE = 0.25
LEEWAY = 0.1


@dataclass(frozen=True, slots=True)
class Quota:
    """One number of the plan: `have` lies from `least` to `most` (None: no upper bound) where it is met."""

    about: str
    have: int
    least: int
    most: int | None = None

    @property
    def is_met(self) -> bool:
        return self.have >= self.least and (self.most is None or self.have <= self.most)

    def __str__(self) -> str:
        wanted = f"at least {self.least}" if self.most is None else f"{self.least} to {self.most}"
        return f"{self.about}: {self.have}, planned {wanted}"


def quotas(library: Library, names: Mapping[str, str]) -> Iterator[Quota]:
    """Hold a library against the plan; `names` maps reviewed names to their tradition."""
    items = [item for item in library.items if item.locale == "en"]
    core = [item for item in items if item.pool is Pool.CORE]
    pools = Counter(item.pool for item in items)
    yield Quota("core items", len(core), CORE)
    yield Quota("seasonal items", pools[Pool.SEASONAL], SEASONAL)
    yield Quota("items held for release", pools[Pool.RELEASED], RELEASED)
    vignettes = [item for item in core if item.kind is Kind.VIGNETTE]
    yield from _split("core", KINDS, Counter(item.kind for item in core))
    yield from _split("core vignettes as", VIGNETTE_FORMATS, Counter(item.format for item in vignettes))
    yield from _split("core at level", LEVELS, Counter(item.primary_level for item in core))
    yield from _split("core of intensity", INTENSITIES, Counter(item.intensity for item in core))
    yield from _split("core", FUNCTIONS, Counter(item.function for item in core))
    yield from _split("core", STAGES, Counter(item.stage for item in core))
    yield from _themes(library, Counter(item.theme for item in items))
    yield Quota("integrative items (three themes or more)", sum(len(item.also) >= 2 for item in items), INTEGRATIVE)
    yield from _people([item for item in items if item.kind is Kind.VIGNETTE], names)


def _split(about: str, planned: Mapping[Any, int], have: Mapping[Any, int]) -> Iterator[Quota]:
    for name, wanted in planned.items():
        least, most = floor(wanted * (1 - LEEWAY)), ceil(wanted * (1 + LEEWAY))
        yield Quota(f"{about} {getattr(name, 'value', name)}", have.get(name, 0), least, most)


def _themes(library: Library, have: Counter[str]) -> Iterator[Quota]:
    for theme in library.themes.values():
        yield Quota(f"theme {theme.slug}", have[theme.slug], PER_SEED_THEME if theme.from_seeds else PER_OTHER_THEME)
    heavy = [slug for slug in HEAVY_SEED_THEMES if slug in library.themes]
    wanted = PER_SEED_THEME * len(heavy) + HEAVY_SEED_EXTRA
    yield Quota("the nine heavy themes together", sum(have[slug] for slug in heavy), wanted)


def _people(vignettes: list[Item], names: Mapping[str, str]) -> Iterator[Quota]:
    used = {person.name for item in vignettes for person in item.cast}
    yield Quota("names in vignettes", len(used), NAMES)
    yield Quota("naming traditions in vignettes", len({names[name] for name in used if name in names}), TRADITIONS)
    remote = sum(item.setting in {Setting.VIDEO, Setting.PHONE} for item in vignettes)
    yield Quota("vignettes by video or phone", remote, ceil(len(vignettes) * REMOTE_SHARE))
