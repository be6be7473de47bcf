"""The keys of postings, one small file each, in a folder apart from the database and from every backup.

A key is all that ties a response to its author. Its file comes into being whole or not at all, and its bytes are
overwritten before it goes. (A disk that remaps its blocks, or a snapshot of the machine, may keep them: see to it that
the folder is in neither.)
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import StorageError
from bot.storage.durable import sync_folder

_LENGTH = 32
_POSTING_ID = re.compile(r"[0-9a-z][0-9a-z_-]{0,99}", re.ASCII)


class FileKeys:
    """Implements `bot.ports.keys.PostingKeys`; ids are lower-case letters, digits, `-` and `_`, else ValueError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with _explained(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)

    def create(self, posting_id: str) -> bytes:
        path = self._path(posting_id)
        with _explained(self._folder):
            while (key := self._read(path)) is None:
                self._place(path, secrets.token_bytes(_LENGTH))
        return key

    def get(self, posting_id: str) -> bytes | None:
        path = self._path(posting_id)
        with _explained(self._folder):
            return self._read(path)

    def destroy(self, posting_id: str) -> None:
        path = self._path(posting_id)
        with _explained(self._folder):
            for file in (path, *self._folder.glob(f".{posting_id}.*.new")):
                if file.exists():
                    _overwrite(file)
                    file.unlink(missing_ok=True)
            sync_folder(self._folder)

    def _path(self, posting_id: str) -> Path:
        if not _POSTING_ID.fullmatch(posting_id):
            raise ValueError("a posting's id has lower-case letters, digits, - and _ only")
        return self._folder / f"{posting_id}.key"

    def _place(self, path: Path, key: bytes) -> None:
        """Put a key in its place, whole and durably, unless another process was first (a rename would replace its)."""
        unfinished = self._folder / f".{path.stem}.{secrets.token_hex(8)}.new"
        try:
            _write(unfinished, key)
            with suppress(FileExistsError):
                os.link(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(self._folder)

    def _read(self, path: Path) -> bytes | None:
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            return None
        if not any(key):  # a crash came between overwriting and unlinking: finish it
            path.unlink(missing_ok=True)
            return None
        if len(key) != _LENGTH:
            raise StorageError(f"A key in {self._folder} is damaged; close its posting, and check the disk.")
        return key


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The folder of keys {folder} cannot be used ({error.strerror}); "
            "let the bot's user read and write it, and see that the disk has room."
        ) from None
