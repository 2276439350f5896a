"""A log of its own, the history beside it, and tasks that work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from snapshot.history import History
from stream.log.embedded import EmbeddedLog
from tests.snapshot.jobs import SETTINGS, TOPICS
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as opened:
        opened.create_topics(TOPICS.specs())
        yield opened


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history")


@pytest.fixture
def tasks(log: EmbeddedLog) -> Tasks:
    return Tasks(log, TOPICS, SETTINGS)
