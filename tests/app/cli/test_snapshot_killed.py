"""`shoal snapshot` under SIGKILL: nothing is published by half, and the next one goes on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from snapshot.history import History
from snapshot.published import published_models
from stream.contracts.instant import milliseconds
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from stream.times import DAY_MS
from stream.topics import Topics
from tests.app.cli.mortal import KILLED, copies, mortals
from tests.app.cli.small import SMALL
from tests.snapshot.jobs import visible
from tests.snapshot.logs import START
from tests.snapshot.shops import purchases
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stream.contracts.drift import DriftReport
    from stream.contracts.model import SegmentModel

TOPICS = Topics(partitions=2)
DAYS = 20
EACH = 8


@dataclass
class Found:
    """What others see, and the midnights that are kept."""

    reports: list[DriftReport]
    models: list[SegmentModel]
    promotes: list[list[int]]
    events: int
    kept: Sequence[int]

    @property
    def versions(self) -> list[int]:
        return [one.version for one in self.models]

    @property
    def midnights(self) -> list[int]:
        return [milliseconds(one.instant) for one in self.reports]

    @property
    def timeless(self) -> tuple[object, ...]:
        """Apart from when it was made."""
        models = [one.model_dump(exclude={"created_at"}) for one in self.models]
        reports = [one.model_dump(exclude={"created_at"}) for one in self.reports]
        return reports, models, self.promotes, self.events, self.kept


def found(folder: Path) -> Found:
    with EmbeddedLog(str(folder / "shoal.db")) as log:
        reports, _, promotes, events = visible(log)
        models = list(published_models(log, TOPICS.models))
    return Found(
        reports, models, promotes, events, History(folder / "history" / "shoal").instants()
    )


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder whose tasks have read so much that a first model is due."""
    folder = tmp_path / "before"
    folder.mkdir()
    (folder / "shoal.toml").write_text(SMALL, encoding="utf-8")
    with EmbeddedLog(str(folder / "shoal.db")) as log:
        log.create_topics(TOPICS.specs())
        tasks = Tasks(log, TOPICS, load_settings(None, {}))
        day_0 = milliseconds(START)
        tasks.live(purchases(40, DAYS), [day_0 + day * DAY_MS for day in range(1, DAYS + 1)])
        tasks.read_on()
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL and no fork")
def test_killed_at_steps_of_its_own_nothing_is_there_by_half_and_the_next_goes_on(
    before: Path, tmp_path: Path
) -> None:
    folders = copies(before, tmp_path)
    with mortals(next(folders), "snapshot", "--every", "7d", "--until-end") as jobs:
        undisturbed = next(folders)
        ended, steps = jobs.run(undisturbed)
        assert ended == 0, (undisturbed / "said.txt").read_text()
        whole = found(undisturbed)
        assert whole.versions == [1]
        reached = set()
        for step in turning_points(steps):
            folder = next(folders)
            assert jobs.run(folder, step) == (KILLED, steps[: step + 1])
            left = found(folder)
            _hangs_together(left, whole)
            reached.add(len(left.reports))
            assert jobs.run(folder)[0] == 0, (folder / "said.txt").read_text()
            assert found(folder).timeless == whole.timeless
        assert reached == {0, 1}


def turning_points(steps: Sequence[str]) -> list[int]:
    """Each commit and what comes after it; and the first, some and the last of what is between.

    >>> turning_points(["INSERT", "INSERT", "INSERT", "COMMIT", "fsync", "fsync", "fsync"])
    [0, 3, 4, 6]
    """
    near = {i for i, pair in enumerate(pairwise(steps), 1) if "COMMIT" in pair}
    return sorted({*near, *range(0, len(steps), EACH), len(steps) - 1})


def _hangs_together(left: Found, whole: Found) -> None:
    """A snapshot is there with all that belongs to it, or nothing of it is."""
    assert left.midnights == whole.midnights[: len(left.midnights)]
    told = [one.decision.version for one in left.reports if one.decision.version is not None]
    assert left.versions == whole.versions[: len(left.versions)] == told
    assert left.promotes == [left.versions, left.versions]
    assert bool(left.events) == bool(left.versions)
    assert set(left.midnights) <= set(left.kept)
