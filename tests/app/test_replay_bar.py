from __future__ import annotations

import pytest

from app.replay_bar import in_words, seconds_left
from producers.replaying.pace import Pace
from producers.replaying.replay import Progress
from producers.replaying.survey import Survey

SURVEY = Survey(rows=1000, first_ms=0, last_ms=100_000)
HALF = Progress(lines=500, sent=400, acknowledged=390, event_ms=60_000)


@pytest.mark.parametrize(
    ("pace", "left"),
    [
        (Pace(), 10 * 500 / 400),
        (Pace(rate=50), 10.0),
        (Pace(speed=2), 20.0),
        (Pace(speed=2, rate=5), 100.0),
    ],
)
def test_time_left_is_what_the_pace_says_or_as_it_went_so_far(pace: Pace, left: float) -> None:
    assert seconds_left(HALF, SURVEY, pace, elapsed=10.0) == pytest.approx(left)


def test_nothing_is_guessed_before_anything_was_sent() -> None:
    nothing = Progress(lines=300, sent=0, acknowledged=0, event_ms=0)
    assert seconds_left(nothing, SURVEY, Pace(), elapsed=1.0) is None


def test_rate_event_time_and_time_left_are_shown() -> None:
    text = in_words(HALF, SURVEY, Pace(rate=50), elapsed=10.0)
    assert text == "390 safe  40/s  1970-01-01 00:01  0:00:10 left"
