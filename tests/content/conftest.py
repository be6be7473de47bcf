"""A small library of one prompt and one vignette, without fault until a test plants one."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

CONTENT = Path(__file__).resolve().parents[2] / "content"
TABLES = ("themes.yaml", "competencies.yaml", "names.yaml", "lint.yaml", "seed-shingles.txt")
PROMPT = "prompts/advice-pull/p-advice-pull-001.yaml"
VIGNETTE = "vignettes/getting-ahead/v-getting-ahead-004.yaml"
HEAVY = "vignettes/risk-exception/v-risk-exception-006.yaml"


class SmallLibrary:
    """A content folder in a temporary place, with verbs to break it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for table in TABLES:
            shutil.copy(CONTENT / table, root / table)
        for path in (PROMPT, VIGNETTE, HEAVY):
            self.put(path, (CONTENT / path).read_text(encoding="utf-8"))

    def put(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def data(self, path: str) -> dict[str, Any]:
        found = yaml.safe_load((self.root / path).read_text(encoding="utf-8"))
        assert isinstance(found, dict)
        return found

    def change(self, path: str, mutate: Callable[[dict[str, Any]], object], *, to: str | None = None) -> None:
        """Rewrite an item (or write a changed copy of it under another path)."""
        data = copy.deepcopy(self.data(path))
        mutate(data)
        self.put(to or path, yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


@pytest.fixture
def small(tmp_path: Path) -> SmallLibrary:
    return SmallLibrary(tmp_path)
