"""Two groups differ where it was planted, as scipy says, corrected for how many were looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from snapshot.explaining.pairwise import LEAST, unlike

VALUES = st.lists(st.floats(-5, 5).map(lambda one: round(one, 1)), min_size=LEAST, max_size=20)


def test_what_was_planted_is_large_and_the_rest_may_be_chance() -> None:
    random = np.random.default_rng(5)
    one = {"spend": random.normal(5, 1, 60), "night": random.normal(0, 1, 60)}
    other = {"spend": random.normal(1, 1, 400), "night": random.normal(0, 1, 400)}
    found = unlike(one, other)
    assert found["spend"].size == "large"
    assert found["night"].size == "may be chance"
    plain = mannwhitneyu(one["spend"], other["spend"], method="asymptotic")
    assert found["spend"].p == pytest.approx(2 * plain.pvalue)


@given(VALUES, VALUES)
def test_more_counts_pairs_and_turns_round_with_the_groups(
    first: list[float], second: list[float]
) -> None:
    one, other = np.array(first), np.array(second)
    there, back = unlike({"a": one}, {"a": other}), unlike({"a": other}, {"a": one})
    if np.ptp(np.concatenate([one, other])) == 0:
        assert there == back == {}
        return
    pairs = (one[:, None] > other).mean() + (one[:, None] == other).mean() / 2
    assert there["a"].more == pytest.approx(pairs)
    assert back["a"].more == pytest.approx(1 - pairs)


def test_a_handful_says_nothing() -> None:
    assert unlike({"a": np.arange(4.0)}, {"a": np.arange(100.0)}) == {}
