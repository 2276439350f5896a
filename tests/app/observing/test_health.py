from __future__ import annotations

import pytest

from app.observing.health import Health


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_before_its_first_turn_it_is_alive_however_long_it_takes(clock: Clock) -> None:
    health = Health(clock, stalled_after=60)
    clock.seconds += 10_000
    assert health.is_alive
    assert not health.is_ready


def test_it_is_alive_until_it_has_stood_still_for_too_long(clock: Clock) -> None:
    health = Health(clock, stalled_after=60)
    health.turned(waits_for=[])
    clock.seconds += 60
    assert (health.is_alive, health.is_ready) == (True, True)
    clock.seconds += 0.1
    assert (health.is_alive, health.is_ready) == (False, False)
    health.turned()
    assert (health.is_alive, health.is_ready) == (True, True)


def test_a_turn_that_says_nothing_new_changes_nothing(clock: Clock) -> None:
    health = Health(clock)
    health.turned(waits_for=["partition 3"])
    health.turned()
    assert health.waits_for == ("partition 3",)
