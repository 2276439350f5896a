"""What a backtest or a batch run is given to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from producers.reading.dataset import ReadOptions
    from producers.replaying.prepared import Choices


@dataclass(frozen=True, slots=True)
class Source:
    """What is read, and how."""

    names: tuple[str, ...]
    options: ReadOptions
    choices: Choices
    rejects: Path | None = None
    strict: bool = False
    temp_folder: Path | None = None
