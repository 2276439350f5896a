"""A report whenever a period has ended, into a folder: what is there already is not made again.

Killed at any moment it leaves whole reports, and the next one goes on where it was: the folder is
all that it remembers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.reporting.due import ended_periods
from app.reporting.forms import written
from app.reporting.looking import story_of
from app.reporting.once import file_in
from insights.reporting.executive.making import make_report
from stream.errors import HistoryError, InputError
from stream.model.change import instant
from stream.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.reporting.forms import Form
    from app.reporting.hearing import Hearing
    from app.stopping import Stopping
    from insights.reporting.executive.report import Period
    from snapshot.history import History
    from stream.settings import Settings

LOOK_SECONDS = 2.0
"""How often the history is looked at for new snapshots."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What to write, and where."""

    history: History
    settings: Settings
    period: Period
    folder: Path
    form: Form
    since_ms: int | None = None
    playbook: Path | None = None
    listen: Callable[[], Hearing] | None = None
    """To the log, anew at each look; None where it is left aside."""


def report_each_period(
    wanted: Scheduled,
    stopping: Stopping,
    say: Callable[[str], None],
    *,
    until_end: bool = False,
) -> None:
    """Until it is told to stop, or with `until_end` once no report is due."""
    _require_folder(wanted.folder)
    told = ""
    while not stopping.asked:
        there = wanted.history.instants()
        try:
            due = _due(wanted, there)
            hearing = wanted.listen() if wanted.listen and due else None
            for end_ms in due:
                if stopping.wait(0.0):
                    return
                say(f"{_write(wanted, end_ms, hearing)} written")
            if until_end and not due:
                return
            told = ""
        except (HistoryError, InputError) as error:
            is_moving = there != wanted.history.instants()  # retention took what was being read
            if until_end or not (isinstance(error, HistoryError) or is_moving):
                raise
            if str(error) != told:
                told = str(error)
                say(f"trying again: {told}")
        if not until_end:
            stopping.wait(LOOK_SECONDS)


def _due(wanted: Scheduled, instants: Sequence[int]) -> list[int]:
    ends = ended_periods(instants, wanted.period.days, wanted.since_ms)
    return [end for end in ends if not _file(wanted, end).exists()]


def _write(wanted: Scheduled, end_ms: int, hearing: Hearing | None) -> Path:
    file = _file(wanted, end_ms)
    story = story_of(
        wanted.history, wanted.settings, wanted.period, end_ms, wanted.playbook, hearing
    )
    write_whole(file, written(make_report(story), wanted.form))
    return file


def _file(wanted: Scheduled, end_ms: int) -> Path:
    day = instant(end_ms).date().isoformat()
    return file_in(wanted.folder, wanted.period, day, wanted.form)


def _require_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{folder} can't be a folder of reports: {error.strerror or error}. Name another --out"
        ) from None
