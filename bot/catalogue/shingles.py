"""Runs of words as hashes, so that copied text can be recognised where the original is not at hand.

The source texts that gave the library its ideas belong to their authors and are not shipped; what is
shipped is one hash for each run of seven of their words. Build the file again with

    python -m bot.catalogue.shingles FOLDER content/seed-shingles.txt

where FOLDER holds the source texts as `.txt` files. The result depends on nothing else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

SEED_RUN = 7
DIGEST_BYTES = 6

# Some sources were split at apostrophes ("does n't"); joining first makes both spellings one word.
_SPLIT_CONTRACTION = re.compile(r"\s+(n't|'(?:s|re|ve|ll|d|m))\b")
_WORD = re.compile(r"[a-z0-9]+")


def words_of(text: str) -> list[str]:
    """The words of a text, folded so that case, punctuation and apostrophes make no difference."""
    folded = _SPLIT_CONTRACTION.sub(r"\1", text.casefold().replace("\u2019", "'"))
    return _WORD.findall(folded.replace("'", ""))


def runs_of(words: Sequence[str], length: int) -> Iterable[str]:
    """Every run of `length` neighbouring words, as one string."""
    return (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))


def digest(run: str) -> str:
    """The hash under which a run, or a single name, is kept."""
    return blake2b(run.encode(), digest_size=DIGEST_BYTES).hexdigest()


def read_shingles(path: Path) -> frozenset[str]:
    """The shipped hashes; comment lines start with `#`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def build(folder: Path) -> str:
    """The content of the shipped file for the texts in `folder`."""
    hashes = {
        digest(run)
        for path in folder.glob("*.txt")
        for run in runs_of(words_of(path.read_text(encoding="utf-8")), SEED_RUN)
    }
    head = f"# blake2b-{8 * DIGEST_BYTES} of every run of {SEED_RUN} words of the source texts"
    return "\n".join([head, *sorted(hashes)]) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m bot.catalogue.shingles FOLDER OUTPUT")
    Path(sys.argv[2]).write_text(build(Path(sys.argv[1])), encoding="utf-8")
