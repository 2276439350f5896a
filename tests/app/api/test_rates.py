"""Buckets of tokens: never more than the rate and the burst allow, and a table that stays small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.api.rates import Rates


@given(st.floats(0.1, 100), st.integers(1, 20), st.lists(st.floats(0, 3), min_size=1, max_size=200))
def test_never_more_than_burst_and_rate_in_any_span(
    per_second: float, burst: int, pauses: list[float]
) -> None:
    rates, now = Rates(per_second=per_second, burst=burst), 0.0
    let_in: list[float] = []
    for pause in pauses:
        now += pause
        if rates.take("one", now) == 0:
            let_in.append(now)
    for place, since in enumerate(let_in):
        for until in range(place, len(let_in)):
            allowed = burst + (let_in[until] - since) * per_second
            assert until - place + 1 <= allowed + 1e-6


@given(st.floats(0.1, 100), st.integers(1, 20))
def test_whoever_waits_as_long_as_was_said_gets_in(per_second: float, burst: int) -> None:
    rates = Rates(per_second=per_second, burst=burst)
    for _ in range(burst):
        assert rates.take("one", 5.0) == 0
    wait = rates.take("one", 5.0)
    assert wait > 0
    assert rates.take("one", 5.0 + wait * 1.000001) == 0


def test_callers_dont_share_and_the_table_is_bounded() -> None:
    rates = Rates(per_second=1.0, burst=1, most=3)
    assert [rates.take(name, 0.0) for name in "abc"] == [0.0, 0.0, 0.0]
    assert rates.take("a", 0.0) > 0  # and is the last one heard of now
    rates.take("d", 0.0)  # forgets b
    assert rates.take("a", 0.0) > 0
    assert rates.take("b", 0.0) == 0.0


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    rates = Rates(per_second=1.0, burst=1)
    assert rates.take("one", 10.0) == 0
    assert rates.take("one", 5.0) > 0
