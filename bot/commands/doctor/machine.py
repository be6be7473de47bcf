"""The machine under the bot: Python, time zones, disk, the folder of keys."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.commands.doctor.check import Check, good, look, mend
from bot.settings import Settings

OLDEST_PYTHON = (3, 11)
SCARCE_DISK = 200 * 2**20
LITTLE_DISK = 2**30
SMALL_DRIFT = timedelta(seconds=5)
LARGE_DRIFT = timedelta(seconds=60)


def machine(settings: Settings) -> Iterator[Check]:
    """Look at this machine."""
    yield python()
    yield zones()
    yield disk(settings.data_dir)
    yield from keys(settings.keys, settings.data_dir)


def python() -> Check:
    """Look at the interpreter."""
    version = sys.version.split()[0]
    if sys.version_info < OLDEST_PYTHON:
        return mend("Python", f"{version} is too old.", "Install Python 3.11 or newer and run `make clean start`.")
    return good("Python", version)


def zones() -> Check:
    """Look for the time zone database, without which no cohort has a morning."""
    try:
        ZoneInfo("Europe/Vienna")
    except ZoneInfoNotFoundError:
        return mend("Time zones", "there is no time zone database.", "Install the package tzdata with pip.")
    return good("Time zones", "the database is there")


def disk(folder: Path) -> Check:
    """Look at the room on the disk that holds `folder`."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not os.access(there, os.W_OK):
        return mend("Disk", f"{there} cannot be written.", "Let the bot's user write there, or set DATA_DIR.")
    free = shutil.disk_usage(there).free
    said = f"{free // 2**20:,} MiB free in {folder}"
    if free < SCARCE_DISK:
        return mend("Disk", f"{said}.", "Free some space: a full disk stops the bot from keeping anything.")
    if free < LITTLE_DISK:
        return look("Disk", f"{said}.", "Free some space before it runs out.")
    return good("Disk", said)


def keys(folder: Path, data_dir: Path) -> Iterator[Check]:
    """Look at the folder of posting keys: nobody else may read it, and no backup should carry it."""
    if not folder.exists():
        yield good("Keys", f"{folder} is made when the first posting goes out")
    elif not folder.is_dir():
        yield mend("Keys", f"{folder} is not a folder.", "Move that file away, or set KEYS_DIR to another path.")
        return
    else:
        status = folder.stat()
        mode = stat.S_IMODE(status.st_mode)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            yield mend("Keys", f"{folder} cannot be used by this user.", "Give it to the user that runs the bot.")
        elif mode & 0o077:
            yield mend("Keys", f"others may open {folder} (mode {mode:04o}).", f"Run chmod 700 {folder}.")
        else:
            yield good("Keys", f"{folder} is for the bot alone")
    if folder.absolute().is_relative_to(data_dir.absolute()):
        yield look(
            "Keys",
            f"{folder} lies inside {data_dir}, so a copy of that folder carries the keys along.",
            "Back up with `python -m bot backup`, which leaves them out, or set KEYS_DIR to a folder outside.",
        )


def clock(drift: timedelta | None) -> Check:
    """Judge how far the machine's clock is from the platform's; None if nobody could be asked."""
    if drift is None:
        return look("Clock", "there was nobody to compare it with.", "Try again when the network is there.")
    seconds = abs(drift.total_seconds())
    said = f"{seconds:.0f} s {'ahead of' if drift > timedelta(0) else 'behind'} Discord's"
    if abs(drift) >= LARGE_DRIFT:
        return mend("Clock", f"{said}.", "Switch on time synchronisation (timedatectl set-ntp true).")
    if abs(drift) >= SMALL_DRIFT:
        return look("Clock", f"{said}.", "Switch on time synchronisation (timedatectl set-ntp true).")
    return good("Clock", "agrees with Discord's")
