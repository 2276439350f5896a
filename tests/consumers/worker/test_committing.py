"""The commit thread's turns: one at a time, and none before the last one's end was noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.worker.committing import Committer
from consumers.worker.rules import SystemClock
from stream.log.open import open_log
from stream.topics import Topics

if TYPE_CHECKING:
    from pathlib import Path


def test_no_commit_begins_before_somebody_asked_how_the_last_one_ended(tmp_path: Path) -> None:
    with open_log(f"sqlite:///{tmp_path / 'shoal.db'}") as log, log.producer("p") as producer:
        committer = Committer(log, Topics(), producer, SystemClock(), 1.0)
        assert committer.reserve()
        assert not committer.reserve()
        committer.cut({})
        committer.settle()
        assert committer.is_idle
        assert not committer.reserve()  # else its result, or its failure, would be lost
        committer.finished()
        assert committer.reserve()
        committer.give_back()
        committer.close()
