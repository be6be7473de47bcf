"""Loading the whole library, or refusing to start with every problem named.

A broken file is never skipped: a supervisor who misspelt a field would otherwise wonder for weeks why
her item is not drawn. The same reading serves start-up (`load`) and the lint (`read_tree`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.catalogue.convert import item_of, sequence_of
from bot.catalogue.files import RULE, ShapeT, read_shape
from bot.catalogue.report import ContentError, Finding, error
from bot.catalogue.shapes import CompetenciesShape, ItemShape, NamesShape, SequenceShape, ThemesShape
from bot.prompts.item import Competency, Item, Kind, Library, Pool, Sequence, Theme

ITEM_FOLDERS = {"prompts": Kind.PROMPT, "vignettes": Kind.VIGNETTE}


@dataclass(slots=True)
class Tree:
    """Whatever of a content folder could be read, with what could not."""

    root: Path
    items: list[Item] = field(default_factory=list)
    themes: dict[str, Theme] = field(default_factory=dict)
    competencies: dict[str, Competency] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    sequences: list[Sequence] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def read(self, path: Path, shape: type[ShapeT]) -> ShapeT | None:
        """Read one file, keeping its findings."""
        found, findings = read_shape(path, self.root, shape)
        self.findings.extend(findings)
        return found

    def library(self) -> Library:
        """What could be read, as the features use it."""
        return Library(tuple(self.items), self.themes, self.competencies, tuple(self.sequences))


def load(content_dir: Path) -> Library:
    """Load the library; raises `ContentError` with every problem where any file is broken."""
    tree = read_tree(content_dir)
    if tree.findings:
        raise ContentError(tree.findings)
    return tree.library()


def read_tree(content_dir: Path) -> Tree:
    """Read everything that can be read below `content_dir`. Never raises for what a file says."""
    tree = Tree(content_dir)
    if not content_dir.is_dir():
        tree.findings.append(
            error(content_dir.name, "", RULE, "the content folder is missing.", "Check the path to it.")
        )
        return tree
    read_tables(tree)
    for folder, kind in ITEM_FOLDERS.items():
        for path in _yaml_files(tree, folder):
            if (shape := tree.read(path, ItemShape)) is not None:
                item = item_of(shape, path.relative_to(content_dir).as_posix())
                tree.items.append(item)
                tree.findings.extend(_misplaced(item, kind, tree.themes))
    for path in _yaml_files(tree, "sequences"):
        if (sequence := tree.read(path, SequenceShape)) is not None:
            tree.sequences.append(sequence_of(sequence))
            tree.findings.extend(_sequence_name(sequence.id, path, content_dir))
    tree.findings.extend(unknown_references(tree))
    tree.findings.extend(_duplicate_ids(tree))
    if not tree.items and not tree.findings:
        tree.findings.append(error("prompts", "", RULE, "the library is empty.", "Add items to it."))
    return tree


def read_tables(tree: Tree) -> None:
    """Read themes, competencies and names, without any item."""
    if themes := tree.read(tree.root / "themes.yaml", ThemesShape):
        tree.themes = {
            slug: Theme(slug, shape.title, shape.contested, shape.nuance, bool(shape.seeds))
            for slug, shape in themes.themes.items()
        }
    if competencies := tree.read(tree.root / "competencies.yaml", CompetenciesShape):
        tree.competencies = {slug: Competency(slug, shape.title) for slug, shape in competencies.competencies.items()}
    if names := tree.read(tree.root / "names.yaml", NamesShape):
        for tradition, people in names.traditions.items():
            for name in people:
                tree.names.setdefault(name, tradition)


def _yaml_files(tree: Tree, folder: str) -> Iterator[Path]:
    """Every item file below a folder, in a fixed order; anything else that lies there is a finding."""
    for path in sorted((tree.root / folder).rglob("*")):
        if path.is_dir() or path.name.startswith("."):
            continue
        if path.suffix == ".yaml":
            yield path
        else:
            file = path.relative_to(tree.root).as_posix()
            tree.findings.append(
                error(file, "", RULE, "only .yaml files belong here.", "Rename it to end in .yaml, or move it.")
            )


def _misplaced(item: Item, kind: Kind, themes: Mapping[str, Theme]) -> Iterator[Finding]:
    parts = Path(item.path)
    if item.id != parts.stem:
        yield error(item.path, "id", RULE, f"{item.id} is not the file's name.", f"Name the file {item.id}.yaml.")
    if item.kind is not kind:
        yield error(item.path, "kind", RULE, f"a {item.kind} lies among the {kind}s.", "Move the file.")
    if item.theme in themes and parts.parent.name != item.theme:
        yield error(item.path, "theme", RULE, "the folder has another theme's name.", f"Move it to {item.theme}/.")


def _sequence_name(sequence_id: str, path: Path, root: Path) -> Iterator[Finding]:
    if path.stem != sequence_id:
        file = path.relative_to(root).as_posix()
        yield error(file, "id", RULE, "the id is not the file's name.", f"Name the file {sequence_id}.yaml.")


def unknown_references(tree: Tree) -> Iterator[Finding]:
    """Findings about slugs and ids that no table has, and contested themes without their other side."""
    for item in tree.items:
        for name, slugs, known in (
            ("theme", (item.theme,), tree.themes),
            ("also", item.also, tree.themes),
            ("competency", item.competency, tree.competencies),
        ):
            for slug in slugs:
                if known and slug not in known:
                    table = "competencies.yaml" if name == "competency" else "themes.yaml"
                    yield error(
                        item.path, name, RULE, f"{slug} is unknown.", f"Choose a slug of {table}, or add it there."
                    )
        theme = tree.themes.get(item.theme)
        if theme and theme.contested and not item.facilitator.other_side:
            yield error(
                item.path,
                "facilitator.other_side",
                RULE,
                "a contested theme must show its other side.",
                "Add other_side.",
            )
    ids = {item.id for item in tree.items}
    core = [item for item in tree.items if item.pool is Pool.CORE]
    for sequence in tree.sequences:
        file = f"sequences/{sequence.id}.yaml"
        for slot in sequence.slots:
            field, pick = f"slots week {slot.week} day {slot.day}", slot.pick
            if slot.item_id is not None and slot.item_id not in ids:
                said = f"there is no item {slot.item_id}."
                yield error(file, field, RULE, said, "Name an item of the library, or use a pick.")
            elif pick and pick.theme and tree.themes and pick.theme not in tree.themes:
                yield error(file, field, RULE, f"{pick.theme} is unknown.", "Choose a slug of themes.yaml.")
            elif pick and not any(pick.fits(item) for item in core):
                yield error(file, field, RULE, "no item of the library fits this pick.", "Ask for less, or write one.")


def _duplicate_ids(tree: Tree) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for item in tree.items:
        other = first.setdefault(item.id, item.path)
        if other != item.path:
            yield error(item.path, "id", RULE, f"{other} has the same id.", "Give this item a new number.")
