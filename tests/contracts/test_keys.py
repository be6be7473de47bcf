"""The promises of `bot.ports.keys.PostingKeys`, held by files."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.ports.keys import PostingKeys
from bot.storage.keys import FileKeys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "secret" / "keys"


@pytest.fixture
def keys(folder: Path) -> PostingKeys:
    return FileKeys(folder)


def test_a_key_is_made_once_and_outlives_the_process(keys: PostingKeys, folder: Path) -> None:
    assert keys.get("p1") is None
    key = keys.create("p1")
    assert len(key) == 32
    assert keys.create("p1") == key
    assert FileKeys(folder).get("p1") == key
    assert keys.create("p2") != key


def test_processes_that_make_a_key_at_once_agree_on_one(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: FileKeys(folder).create("p1"), range(40)))
    assert made == {FileKeys(folder).get("p1")}
    assert [file.name for file in folder.iterdir()] == ["p1.key"], "nothing half-made stays behind"


def test_destroying_is_final_and_may_be_repeated(keys: PostingKeys, folder: Path) -> None:
    key = keys.create("p1")
    other = keys.create("p1-again")
    keys.destroy("p1")
    keys.destroy("p1")
    assert keys.get("p1") is None
    assert keys.get("p1-again") == other
    assert not any(key in file.read_bytes() for file in folder.iterdir())


def test_a_key_is_overwritten_before_its_file_goes(keys: PostingKeys, folder: Path, tmp_path: Path) -> None:
    key = keys.create("p1")
    os.link(folder / "p1.key", tmp_path / "what the disk still holds")
    keys.destroy("p1")
    assert (tmp_path / "what the disk still holds").read_bytes() == bytes(len(key))


def test_what_a_crash_left_behind_is_cleared_away(keys: PostingKeys, folder: Path) -> None:
    (folder / ".p1.0123456789abcdef.new").write_bytes(b"k" * 32)  # died before the key had its name
    keys.destroy("p1")
    (folder / "p2.key").write_bytes(bytes(32))  # died between overwriting and unlinking
    assert keys.get("p2") is None
    assert list(folder.iterdir()) == []
    (folder / "p2.key").write_bytes(bytes(32))
    assert keys.create("p2") == keys.get("p2") != bytes(32)


def test_only_the_owner_may_look(keys: PostingKeys, folder: Path) -> None:
    keys.create("p1")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "p1.key").stat().st_mode) == 0o600
    folder.chmod(0o755)
    FileKeys(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("id_", ["", "../p1", "a/b", "..", ".p1", "P1", "p1\n", "p*", "é", "p" * 101])
def test_an_id_that_could_lead_elsewhere_is_refused(keys: PostingKeys, folder: Path, id_: str) -> None:
    for verb in (keys.create, keys.get, keys.destroy):
        with pytest.raises(ValueError, match="posting's id"):
            verb(id_)
    assert list(folder.iterdir()) == []


def test_a_damaged_key_or_folder_says_what_to_do(keys: PostingKeys, folder: Path, tmp_path: Path) -> None:
    (folder / "p1.key").write_bytes(b"short")
    with pytest.raises(StorageError, match="is damaged; close its posting"):
        keys.get("p1")
    keys.destroy("p1")
    assert keys.get("p1") is None
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be used"):
        FileKeys(tmp_path / "file" / "keys")
