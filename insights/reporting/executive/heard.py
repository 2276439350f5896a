"""What the log says of a period: at which hours was bought, and what came of experiments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insights.hours import Hours


@dataclass(frozen=True, slots=True)
class ExperimentPart:
    """An experiment whose customers were assigned before the end of the period."""

    name: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Each arm against the first, as texts."""

    numbers: Mapping[str, object] | None
    """The same for programs; None where nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Experiments:
    """Those under way, the newest first."""

    head: tuple[str, ...]
    """Over the rows of each."""

    parts: tuple[ExperimentPart, ...]
    notes: tuple[str, ...]
    """How to read them, and which are left out."""


@dataclass(frozen=True, slots=True)
class Heard:
    """From `since_ms` up to the snapshot at the end, as tasks knew it then."""

    since_ms: int | None = None
    hours: Hours | None = None
    """None where no log was read."""

    why_not: str = "there is no log to count them from"
    """Why there are no hours; goes on in a sentence."""

    is_cut: bool = False
    """The log has let go of records, and may have of some of the period."""

    experiments: Experiments | None = None
