"""One run at a time, and none for ever."""

from __future__ import annotations

import pytest

from app.dashboard.one_run import Patience, one_run
from app.replaying import Stopped
from stream.errors import InputError


def test_a_second_one_is_told_to_wait_and_the_next_may_run() -> None:
    with (
        one_run("shoal segment"),
        pytest.raises(InputError, match="another visitor"),
        one_run("shoal segment"),
    ):
        pytest.fail("two at once")
    with one_run("shoal segment") as patience:
        assert not patience.wait(0)


def test_one_that_takes_too_long_is_told_what_to_do_instead() -> None:
    with (
        pytest.raises(InputError, match="`shoal segment`"),
        one_run("shoal segment", most_seconds=0.0) as patience,
    ):
        assert patience.wait(1.0)
        raise Stopped("stopped")


def test_one_that_fails_lets_the_next_one_in() -> None:
    with pytest.raises(ZeroDivisionError), one_run("shoal segment"):
        raise ZeroDivisionError
    with one_run("shoal segment"):
        pass


def test_time_goes_on() -> None:
    patience = Patience()
    first = patience.seconds()
    patience.wait(0.001)
    assert patience.seconds() > first
    assert patience.now_ms() > 1_700_000_000_000
