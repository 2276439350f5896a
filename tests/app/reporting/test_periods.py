"""Each period that ended has one report, between snapshots that there are, whichever these are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.reporting.due import ended_periods
from app.reporting.ends import ends_of
from stream.times import DAY_MS

instants = st.lists(st.integers(0, 400), unique=True, max_size=30).map(
    lambda days: sorted(day * DAY_MS for day in days)
)


@given(instants, st.sampled_from([7, 28]))
def test_each_period_with_a_snapshot_ends_once(there: list[int], days: int) -> None:
    ends = ended_periods(there, days)
    assert ends == sorted(set(ends))
    for end in ends:
        assert end % (days * DAY_MS) == 0
        assert any(end - days * DAY_MS < at <= end for at in there)
        assert there[-1] >= end
    ended = [at for at in there if at <= max(ends, default=-1)]
    assert all(any(end - days * DAY_MS < at <= end for end in ends) for at in ended)


@given(instants, st.integers(0, 400), st.integers(1, 5))
def test_what_is_due_stays_due_and_later_snapshots_change_no_period(
    there: list[int], since: int, more: int
) -> None:
    before = ended_periods(there, 7)
    later = [*there, *((401 + 3 * extra) * DAY_MS for extra in range(more))]
    assert ended_periods(later, 7)[: len(before)] == before
    chosen = ended_periods(there, 7, since * DAY_MS)
    assert chosen == [end for end in before if end >= since * DAY_MS]
    for end in before:
        at = max(one for one in there if one <= end)
        assert ends_of(there, at, 7) == ends_of(later, at, 7)


@given(instants.filter(bool), st.sampled_from([7, 28]))
def test_periods_lie_between_snapshots_and_are_compared_with_ones_as_long(
    there: list[int], days: int
) -> None:
    found = ends_of(there, there[-1], days)
    assert (found.begin is None) == (len(there) == 1)
    if found.begin is None:
        return
    assert found.begin in there
    length = found.end - found.begin
    assert length >= days * DAY_MS or found.begin == there[0]
    if found.earlier is not None:
        assert found.earlier in there
        assert abs((found.begin - found.earlier) / length - 1) <= 0.2
