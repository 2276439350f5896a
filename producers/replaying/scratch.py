"""A folder for one process's large intermediate files, which never outlives it for long.

Whoever ends in the usual ways removes their own. A process that was killed can't: the next
one that wants a folder in the same place removes what it left.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkstemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX, LOCK = "shoal-sort-", ".lock"


@contextmanager
def scratch_folder(within: Path | None = None) -> Iterator[Path]:
    """A new folder, for the length of the `with` block; raises OSError where there can be none.

    A lock on the file beside it says that its owner lives: the system lets go of it with
    the process, however that ends.
    """
    place = within or Path(gettempdir())
    _remove_what_the_dead_left(place)
    handle, lock = _locked_file(place)
    folder = lock.with_suffix("")
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)  # before it is unlinked: not every system does that to open files
        with suppress(OSError):
            lock.unlink(missing_ok=True)


def _locked_file(place: Path) -> tuple[int, Path]:
    """Made, then locked; one that somebody took for a dead process's in between is left to them."""
    while True:
        handle, name = mkstemp(prefix=PREFIX, suffix=LOCK, dir=place)
        with suppress(OSError):  # some network drives have no locks: then nobody removes anything
            _lock(handle, wait=True)
        if _is_still(handle, Path(name)):
            return handle, Path(name)
        os.close(handle)


def _remove_what_the_dead_left(place: Path) -> None:
    for lock in place.glob(f"{PREFIX}*{LOCK}"):
        with suppress(OSError):  # it lives, or is another user's
            _remove_if_dead(lock)


def _remove_if_dead(lock: Path) -> None:
    handle = os.open(lock, os.O_RDWR)
    try:
        _lock(handle, wait=False)
        if not _is_still(handle, lock):
            return
        folder = lock.with_suffix("")
        shutil.rmtree(folder, ignore_errors=True)
        is_gone = not folder.exists()
    finally:
        os.close(handle)
    if is_gone:
        lock.unlink(missing_ok=True)


def _is_still(handle: int, path: Path) -> bool:
    """Whether the file under that name is the open one."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, wait: bool) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int, *, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
