"""A slider reaches as far as nearly all customers, in numbers that can be read."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.dashboard.pictures.sliding import plain_numbers, slider_of


@given(st.floats(0, 1e9))
def test_numbers_grow_and_end_where_they_should(top: float) -> None:
    numbers = plain_numbers(top)
    assert list(numbers) == sorted(set(numbers))
    assert numbers[0] == 0
    assert numbers[-1] <= max(top, 1.0)
    assert top < 2 or numbers[-1] >= top / 1.6


def test_a_share_goes_from_nothing_to_all() -> None:
    slider = slider_of("night_share_d90", np.array([0.1, 0.2]))
    assert (slider.options[0], slider.options[-1]) == (0.0, 1.0)
    assert slider.nearest(0.26) == 0.25


def test_one_whale_does_not_stretch_it() -> None:
    values = np.append(np.full(999, 100.0), 1e7)
    assert slider_of("spend_d90", values).options[-1] == 150.0


def test_nobody_at_all_leaves_something_to_slide() -> None:
    assert slider_of("spend_d90", np.empty(0)).options[-1] == 10.0
