"""One server for all who ask, from the first request to the end of the run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.lending import Lender, NoServer, borrow

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind:
    """A kind of server that tells what is done to it."""

    def __init__(self, fails_with: Exception | None = None) -> None:
        self.told: list[str] = []
        self._fails_with = fails_with

    @contextmanager
    def started(self) -> Iterator[str]:
        self.told.append("started")
        if self._fails_with is not None:
            raise self._fails_with
        yield "localhost:9092"
        self.told.append("stopped")


def test_it_is_started_for_the_first_who_asks_and_stopped_at_the_end() -> None:
    kafka, postgres = Kind(), Kind()
    lender = Lender({"kafka": kafka.started, "postgres": postgres.started})
    assert kafka.told == []
    assert [borrow(lender.address, "kafka") for _ in range(3)] == ["localhost:9092"] * 3
    assert kafka.told == ["started"]
    lender.close()
    assert kafka.told == ["started", "stopped"]
    assert postgres.told == []


@pytest.mark.parametrize(
    ("failure", "told"),
    [(NoServer("no Docker here"), NoServer), (ValueError("no such flag"), AssertionError)],
)
def test_why_there_is_none_is_told_to_all_and_not_tried_again(
    failure: Exception, told: type[Exception]
) -> None:
    kafka = Kind(failure)
    lender = Lender({"kafka": kafka.started})
    for _ in range(2):
        with pytest.raises(told, match=str(failure)):
            borrow(lender.address, "kafka")
    assert kafka.told == ["started"]
    lender.close()
