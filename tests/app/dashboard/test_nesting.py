"""Groups of a tree hold everybody once, hang side by side, and lie within those of a higher cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dashboard.nesting import BRANCHES, LEAST_K, MOST_K, Merged, merged, rows_of, table_html
from app.dashboard.pictures.tree import below, hung_branches, leaf_places, tree_picture
from app.queries.sample import Sample
from snapshot.clusterers.tree import tree_of

IDS = ("value-1", "value-2")
AXES = {"orders": 1.0, "spend": 20.0}


def some(count: int = 120) -> Sample:
    random = np.random.default_rng(3)
    far = np.arange(count) % 2 * 30.0
    features = {
        name: np.exp(random.normal(1, 0.3, count)) + far for name in (*AXES, "recency_days")
    }
    ids = tuple(IDS[row % 2] if row < count - 5 else None for row in range(count))
    return Sample(count, ids, features)


@pytest.fixture(scope="module")
def tree() -> Merged:
    found = merged(some(), AXES, IDS)
    assert found is not None
    return found


def test_only_who_is_in_a_learned_segment_hangs_in_it(tree: Merged) -> None:
    assert len(tree) == 115
    assert set(tree.segments) == set(IDS)


def test_two_crowds_are_its_two_branches(tree: Merged) -> None:
    rows = rows_of(tree, 2)
    assert {row.segment for row in rows} == set(IDS)
    assert all(row.purity == 1.0 for row in rows)


@pytest.mark.parametrize("k", range(LEAST_K, MOST_K + 1))
def test_a_cut_has_everybody_once_and_lies_within_the_one_above(tree: Merged, k: int) -> None:
    rows = rows_of(tree, k)
    assert len(rows) == k
    assert sum(row.customers for row in rows) == len(tree)
    leaves = [row.group.leaves for row in rows]
    assert sorted(leaf for own in leaves for leaf in own) == list(range(BRANCHES))
    if k > LEAST_K:
        above = [row.group.leaves for row in rows_of(tree, k - 1)]
        assert all(any(own <= other for other in above) for own in leaves)


def test_letters_go_from_left_to_right(tree: Merged) -> None:
    places = leaf_places(tree.tree.top(BRANCHES))
    middles = [np.mean([places[leaf] for leaf in row.group.leaves]) for row in rows_of(tree, 6)]
    assert middles == sorted(middles)


@given(st.integers(3, 30), st.integers(0, 5))
def test_branches_never_cross(count: int, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(count, 2))
    top = tree_of(points).top(count)
    places = leaf_places(top)
    assert sorted(places.values()) == list(range(count))
    for leaves in below(top):
        own = sorted(places[leaf] for leaf in leaves)
        assert own == list(range(int(own[0]), int(own[0]) + len(own)))
    for hung in hung_branches(top, places).values():
        assert hung.xs[0] < hung.xs[1]
        assert max(hung.lows) <= hung.height


def test_customers_who_hardly_differ_make_no_tree() -> None:
    same = {name: np.ones(50) for name in (*AXES, "recency_days")}
    assert merged(Sample(50, (IDS[0],) * 50, same), AXES, IDS) is None
    assert merged(some(), AXES, ()) is None


def test_what_is_drawn_names_each_group(tree: Merged) -> None:
    rows = rows_of(tree, 3)
    figure = tree_picture(tree.tree.top(BRANCHES), [one.group for one in rows], 1.0)
    assert [one.text for one in figure.layout.annotations] == ["<b>A</b>", "<b>B</b>", "<b>C</b>"]
    assert "&lt;Best&gt;" in table_html(rows, {"value-1": "<Best>", "value-2": "Rest"})
