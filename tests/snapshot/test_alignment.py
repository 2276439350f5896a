"""What a segment is, is who is in it: whatever clusters are numbered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot.alignment import SAME, Alignment, align
from stream.model.arrays import NONE


def aligned(*crowds: tuple[int, int, int]) -> Alignment:
    """Of crowds that went from one label to another: (how many, before, after)."""
    counts, before, after = np.array(crowds).T
    old, new = np.repeat(before, counts), np.repeat(after, counts)
    return align(old, new, before.max() + 1, after.max() + 1)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=80), st.permutations(range(6)))
def test_permuted_labels_change_nobody(labels: list[int], permutation: list[int]) -> None:
    before = np.unique(labels, return_inverse=True)[1]
    count = before.max() + 1
    renumbered = [number for number in permutation if number < count]
    after = np.array(renumbered)[before]
    found = align(before, after, count, count)
    assert (found.heirs[after] == before).all()
    assert not found.born() + found.retired() + found.split() + found.merged()


@given(
    st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=60), st.integers(0, 2**32)
)
def test_an_identity_goes_to_one_heir_that_shares_half_with_it(
    pairs: list[tuple[int, int]], seed: int
) -> None:
    before, after = np.array(pairs, np.int64).reshape(-1, 2).T
    found = align(before, after, 5, 5)
    kept = [(old, new) for new, old in enumerate(found.heirs.tolist()) if old != NONE]
    assert len({old for old, _ in kept}) == len(kept)
    assert all(found.jaccard[pair] >= SAME for pair in kept)
    clear = {tuple(pair) for pair in np.argwhere(found.jaccard > SAME).tolist()}
    assert clear <= set(kept)
    shuffled = np.random.default_rng(seed).permutation(len(before))
    again = align(before[shuffled], after[shuffled], 5, 5)
    assert again.heirs.tolist() == found.heirs.tolist()


def test_the_larger_half_of_a_split_keeps_the_identity() -> None:
    found = aligned((60, 0, 1), (40, 0, 0), (100, 1, 2))
    assert found.heirs.tolist() == [NONE, 0, 1]
    assert (found.born(), found.retired(), found.split(), found.merged()) == ([0], [], [0], [])
    assert found.jaccard[0].tolist() == pytest.approx([0.4, 0.6, 0.0])


def test_of_three_equal_parts_none_is_the_segment_any_more() -> None:
    found = aligned((34, 0, 0), (33, 0, 1), (33, 0, 2), (50, 1, 3))
    assert found.heirs.tolist() == [NONE, NONE, NONE, 1]
    assert (found.born(), found.retired(), found.split()) == ([0, 1, 2], [0], [0])


def test_a_merger_goes_on_as_the_larger_and_the_smaller_retires() -> None:
    found = aligned((100, 0, 0), (60, 1, 0), (80, 2, 1))
    assert found.heirs.tolist() == [0, 2]
    assert (found.born(), found.retired(), found.split(), found.merged()) == ([], [1], [], [0])


def test_what_vanished_retires_without_having_gone_anywhere() -> None:
    found = aligned((100, 0, 0), (80, 1, 1))
    gone = align(np.repeat([0, 1], 50), np.repeat([0, 1], 50), 3, 2)
    assert (gone.retired(), gone.born(), gone.split(), gone.merged()) == ([2], [], [], [])
    assert found.retired() == []


def test_what_is_new_within_a_segment_is_born_and_the_segment_stays() -> None:
    found = aligned((100, 0, 0), (60, 0, 2), (90, 1, 1))
    assert found.heirs.tolist() == [0, 1, NONE]
    assert (found.born(), found.retired()) == ([2], [])


def test_who_has_no_label_says_nothing() -> None:
    before, after = np.array([0, 0, NONE, NONE, 1]), np.array([1, 1, 1, 1, NONE])
    found = align(before, after, 2, 2)
    assert found.shared.tolist() == [[0, 2], [0, 0]]
    assert found.heirs.tolist() == [NONE, 0]
    nobody = align(np.empty(0, np.int64), np.empty(0, np.int64), 0, 3)
    assert (nobody.born(), nobody.retired()) == ([0, 1, 2], [])
