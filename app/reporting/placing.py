"""Texts put in their places whole or not at all, whenever the process or the machine goes down."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from snapshot.history.durable import sync
from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

UNFINISHED = ".part"
"""What the name of a file ends in until all of it is on the disk."""


def require_folder(file: Path, option: str) -> None:
    """Before the work is done for nothing."""
    if not file.parent.is_dir():
        raise InputError(f"there is no folder {file.parent}: make it, or name another {option}")
    if file.is_dir():
        raise InputError(f"{file} is a folder: name a file in it as {option}")


def put(file: Path, text: str) -> None:
    """What is there already is replaced.

    1. The text reaches the disk, under a name that says it is unfinished.
    2. It takes its place, and that lasts.
    """
    aside = file.with_name(f".{file.name}.{os.getpid()}{UNFINISHED}")  # another may be at it
    try:
        with aside.open("w", encoding="utf-8") as opened:  # 1
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        aside.replace(file)  # 2
        sync(file.parent)
    except OSError as error:
        raise InputError(f"{file} can't be written: {error.strerror or error}") from None
