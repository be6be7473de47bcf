"""The file that a backup is: JSON Lines, one row a line, closed by a checksum over all of it.

The first line names the schema's revision; a line with a table's name and columns comes before its rows; the last line
counts the rows and carries the SHA-256 of every byte before it. Bytes are in Base64. The same file can be read back
into SQLite and into PostgreSQL.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import StorageError
from bot.storage.durable import sync_folder

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, as an archive holds it; bytes are still Base64."""

    table: str
    columns: Sequence[str]
    values: Sequence[Any]


class Archive:
    """An archive being written."""

    def __init__(self, file: BinaryIO, revision: str) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._rows = 0
        self._write({"third_chair_backup": _FORMAT, "revision": revision})

    def table(self, name: str, columns: Sequence[str]) -> None:
        """Say that the rows that follow belong to a table."""
        self._write({"table": name, "columns": list(columns)})

    def row(self, values: Sequence[Any]) -> None:
        """Add one row of the table that was named last."""
        self._write([base64.b64encode(value).decode() if isinstance(value, bytes) else value for value in values])
        self._rows += 1

    def close(self) -> int:
        """Write the last line; return how many rows there are."""
        self._write({"rows": self._rows, "sha256": self._digest.hexdigest()})
        return self._rows

    def _write(self, content: object) -> None:
        line = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        self._file.write(line)


@contextmanager
def create(target: Path, revision: str) -> Iterator[Archive]:
    """Write an archive that its owner alone may read; it has its name only when it is whole.

    Raises StorageError if `target` exists or cannot be written; whoever writes closes the archive.
    """
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        if target.exists():
            raise FileExistsError
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield Archive(file, revision)
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, target)  # fails where a rename would overwrite
        sync_folder(target.parent)
    except FileExistsError:
        raise StorageError(f"There is a file {target} already; give the backup another name.") from None
    except OSError as error:
        raise StorageError(
            f"The backup {target} cannot be written ({error.strerror}); choose another folder."
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)


def verify(source: Path) -> str:
    """Read a whole archive once; return its revision. Raises StorageError if it is damaged, cut short or none."""
    digest = hashlib.sha256()
    count = 0
    header: Any = None
    last: Any = None
    before_last = ""
    try:
        with source.open("rb") as file:
            for line in file:
                before_last = digest.hexdigest()
                digest.update(line)
                last = json.loads(line)
                header = header or last
                count += isinstance(last, list)
        if header["third_chair_backup"] != _FORMAT:
            raise StorageError(f"The backup {source} was made by another version of Third Chair; restore it with that.")
        revision = str(header["revision"])
    except OSError as error:
        raise StorageError(f"The backup {source} cannot be read ({error.strerror}); check its name.") from None
    except (ValueError, KeyError, TypeError):
        raise StorageError(f"The file {source} is no backup of Third Chair, or it is damaged; use another.") from None
    if last != {"rows": count, "sha256": before_last}:
        raise StorageError(f"The backup {source} is damaged or was cut short; use another.")
    return revision


def rows(source: Path) -> Iterator[Row]:
    """Read the rows of a verified archive in their order."""
    table = ""
    columns: tuple[str, ...] = ()
    with source.open("rb") as file:
        for line in file:
            content = json.loads(line)
            if isinstance(content, list):
                yield Row(table, columns, content)
            elif "table" in content:
                table, columns = content["table"], tuple(content["columns"])
