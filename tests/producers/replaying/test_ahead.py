from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from producers.replaying.ahead import made_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_everything_comes_in_order() -> None:
    with made_ahead(iter(range(100)), depth=2) as items:
        assert list(items) == list(range(100))


def test_no_more_is_made_ahead_than_was_said() -> None:
    made: list[int] = []

    def making() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with made_ahead(making(), depth=2) as items:
        for number in items:
            # The two that wait, and the one that waits for a place.
            assert len(made) <= number + 1 + 2 + 1


def test_a_failure_is_raised_after_what_was_made_before_it() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise KeyError("broken")

    taken: list[int] = []
    with pytest.raises(KeyError, match="broken"), made_ahead(failing()) as items:
        taken.extend(items)
    assert taken == [1]


def test_leaving_early_ends_the_thread() -> None:
    with made_ahead(iter(range(10**9)), depth=1) as items:
        next(items)
    assert [thread.name for thread in threading.enumerate() if "shoal-ahead" in thread.name] == []
