"""`shoal report --every week` under SIGKILL: no report is there by half, and the next goes on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from snapshot.history import History
from stream.times import DAY_MS
from tests.app.cli.mortal import KILLED, copies, mortals
from tests.snapshot.history.moments import JUNE_MS, WEEK_MS, fit_of, moment, reconciled

if TYPE_CHECKING:
    from pathlib import Path

WEEKS = 3


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder with the snapshots of some weeks, and no report."""
    folder = tmp_path / "before"
    folder.mkdir()
    for week in range(WEEKS):
        each = moment(JUNE_MS + DAY_MS + week * WEEK_MS, seed=week)
        History(folder / "history" / "shoal").write(each, reconciled(each, fit_of(each)))
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL and no fork")
def test_killed_at_each_step_every_report_is_whole_or_not_there(
    before: Path, tmp_path: Path
) -> None:
    folders = copies(before, tmp_path)
    with mortals(next(folders), "report", "--every", "week", "--until-end") as reporters:
        undisturbed = next(folders)
        ended, steps = reporters.run(undisturbed)
        assert ended == 0, (undisturbed / "said.txt").read_text()
        whole = reports_in(undisturbed)
        assert len(whole) == WEEKS
        for step in range(len(steps)):
            folder = next(folders)
            assert reporters.run(folder, step) == (KILLED, steps[: step + 1])
            left = reports_in(folder)
            assert left.items() <= whole.items()
            assert reporters.run(folder)[0] == 0, (folder / "said.txt").read_text()
            assert reports_in(folder) == whole
            said = (folder / "said.txt").read_text().splitlines()
            assert len(said) == len(set(said))


def reports_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / "reports").glob("*.html")}
