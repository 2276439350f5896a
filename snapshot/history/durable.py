"""Files that are there whole or not at all, whenever the process or the machine goes down.

Content is written under a name that says it is unfinished, made to reach the disk, and renamed;
the folder's list of names reaches the disk after that.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from snapshot.history.folders import MANIFEST, UNFINISHED, is_ours
from snapshot.history.manifest import KeptFile
from stream.errors import HistoryError
from stream.whole_file import sync_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

HASH_DIGITS = 16


def make_folder(folder: Path) -> None:
    """With those above it; there already is as good."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def keep(folder: Path, stem: str, suffix: str, content: bytes | memoryview) -> KeptFile:
    """Writes a file named for its content. Its name lasts after the next `sync_folder`."""
    sha256 = hashlib.sha256(content).hexdigest()
    name = f"{stem}-{sha256[:HASH_DIGITS]}{suffix}"
    _put(folder / name, content)
    return KeptFile(name=name, bytes=len(content), sha256=sha256)


def replace_manifest(folder: Path, content: bytes) -> None:
    """From here on the folder is what this manifest says.

    1. The files that it names last, by name too.
    2. The manifest takes the place of the one before.
    3. That lasts.
    """
    sync_folder(folder)  # 1
    _put(folder / MANIFEST, content)  # 2
    sync_folder(folder)  # 3


def remove_all_but(folder: Path, named: Collection[str]) -> None:
    """Takes away our own files that no manifest names; others' are left alone."""
    for file in sorted(folder.iterdir()):
        if is_ours(file.name) and file.name not in named:
            file.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """The manifest first: without one there is no snapshot. A folder with others' files stays."""
    (folder / MANIFEST).unlink(missing_ok=True)
    sync_folder(folder)
    remove_all_but(folder, ())
    if not any(folder.iterdir()):
        folder.rmdir()
        sync_folder(folder.parent)


@contextmanager
def written_to(place: Path) -> Iterator[None]:
    """What the operating system refuses, said as what it means here."""
    try:
        yield
    except OSError as error:
        raise HistoryError(
            f"the history in {place} can't be written: {error.strerror or error}. Make room or "
            "give leave to write there, or name another folder as history.directory"
        ) from error


def _put(file: Path, content: bytes | memoryview) -> None:
    unfinished = file.with_name(file.name + UNFINISHED)
    with unfinished.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    unfinished.replace(file)
