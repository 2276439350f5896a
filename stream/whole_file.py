"""Files that take their places whole or not at all, whenever the process or machine goes down."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNFINISHED = ".part"
"""What the name of a file ends in until all of it is on the disk."""


@contextmanager
def whole_file(file: Path, advice: str = "") -> Iterator[Path]:
    """Where to write what is to become the file; what is there already is replaced.

    1. All of it reaches the disk, under a name that says it is unfinished.
    2. It takes its place, and that lasts.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "report.md") as aside:
    ...         _ = aside.write_text("# A week")
    ...     [file.name for file in Path(folder).iterdir()]
    ['report.md']
    """
    aside = file.with_name(f".{file.name}.{os.getpid()}{UNFINISHED}")  # another may be at it
    try:
        try:
            yield aside
            with aside.open("rb+") as written:  # 1
                os.fsync(written.fileno())
            aside.replace(file)  # 2
            sync_folder(file.parent)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"{file} can't be written: {error.strerror or error}{advice}") from None


def write_whole(file: Path, text: str) -> None:
    """A text, in UTF-8."""
    with whole_file(file) as aside:
        aside.write_text(text, encoding="utf-8")


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder last. Windows has nothing to ask for that."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
