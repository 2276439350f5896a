"""Where a report is to go: looked at before the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def require_folder(file: Path, option: str) -> None:
    """Before the work is done for nothing."""
    if not file.parent.is_dir():
        raise InputError(f"there is no folder {file.parent}: make it, or name another {option}")
    if file.is_dir():
        raise InputError(f"{file} is a folder: name a file in it as {option}")
