"""Who was erased stays so, and is found among many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.profile.graves import GRAVE, buried, lies_in, times_erased
from stream.times import NEVER

BURIALS = st.lists(st.tuples(st.integers(1, 2**64 - 1), st.integers(0, 50)), max_size=30)


@given(BURIALS, st.integers(1, 2**64 - 1))
def test_graves_are_a_table_of_who_was_erased_when_and_how_often(
    burials: list[tuple[int, int]], stranger: int
) -> None:
    graves, instants = np.zeros(0, GRAVE), dict[int, list[int]]()
    for key, at_ms in burials + burials[:5]:
        graves = buried(graves, key, at_ms)
        instants.setdefault(key, []).append(at_ms)
    assert graves["key"].tolist() == sorted(instants)
    for key in {*instants, stranger}:
        found = instants.get(key, [])
        assert times_erased(graves, key) == len(found)
        latest_ms = max(found, default=NEVER)
        assert lies_in(graves, np.uint64(key), latest_ms) == bool(found)
        assert not lies_in(graves, np.uint64(key), latest_ms + 1)
