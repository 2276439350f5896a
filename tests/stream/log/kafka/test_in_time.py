"""Nobody waits longer than said, and what is raised is raised where it was asked."""

from __future__ import annotations

from threading import Event

import pytest
from kafka import errors

from stream.log.kafka.in_time import answered


def test_an_answer_comes_back() -> None:
    assert answered(lambda: {1: 2}, within_seconds=30) == {1: 2}


def test_what_is_raised_is_raised_here() -> None:
    def refuse() -> None:
        raise errors.NotLeaderForPartitionError

    with pytest.raises(errors.NotLeaderForPartitionError):
        answered(refuse, within_seconds=30)


def test_what_never_comes_is_not_waited_for() -> None:
    never = Event()
    with pytest.raises(errors.KafkaTimeoutError, match=r"within 0\.05 s"):
        answered(never.wait, within_seconds=0.05)
    never.set()
