"""Segments of a table against the groups that were planted in it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score

from snapshot.algorithms import ALGORITHMS
from snapshot.attributes.contract import TableModel
from snapshot.attributes.fitting import Wish, fit_table
from snapshot.attributes.placing import Placing
from snapshot.attributes.recognising import Chosen
from snapshot.clusterers.clusters import NOISE
from stream.errors import InputError, SettingsError
from tests.snapshot.attributes.people import people

TABLE, GROUPS = people()
WITHOUT = Chosen(leave_out=("gender",))
"""Each group has women and men, which are segments of their own where groups are so tight."""


def test_the_planted_groups_are_found_and_their_number_too() -> None:
    found = fit_table(TABLE, Wish(chosen=WITHOUT))
    assert adjusted_rand_score(GROUPS, found.placed.labels) > 0.95
    assert found.choice is not None
    assert found.choice.k == 3
    names = [one.segment.name for one in found.model.lens.centroids]
    assert len(set(names)) == 3
    assert sum(one.customers for one in found.model.lens.centroids) == len(found.ids)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_makes_a_model_that_comes_back_from_json(algorithm: str) -> None:
    finds_k = algorithm in {"dbscan", "hdbscan"}
    found = fit_table(TABLE, Wish(algorithm, None if finds_k else 3, chosen=WITHOUT))
    if algorithm != "dbscan":  # whose neighbours by default are too near for so few customers
        assert adjusted_rand_score(GROUPS, found.placed.labels) > 0.7
    again = TableModel.from_json(found.model.to_json())
    assert again == found.model
    _, placed, _ = Placing(again).of_table(TABLE)
    same = (placed.labels == found.placed.labels)[~found.fit.outliers].mean()
    assert same == pytest.approx(found.model.agreement)
    assert same >= 0.85
    if algorithm == "kmeans":
        assert same == 1.0
    assert (again.members is not None) == finds_k


def test_the_same_table_gives_the_same_bits_whatever_its_chunks() -> None:
    one = fit_table(TABLE, Wish(k=3)).model
    pieces = pa.concat_tables([TABLE.slice(0, 100), TABLE.slice(100)])
    assert fit_table(pieces, Wish(k=3)).model == one


def test_an_outlier_has_no_say_in_the_fit_and_a_segment_all_the_same() -> None:
    ages = TABLE["age"].to_pylist()
    wild = TABLE.set_column(1, "age", pa.array([1e9, *ages[1:]]))
    found = fit_table(wild, Wish(k=3, chosen=Chosen(columns=("age", "income", "score"))))
    assert found.fit.outliers[0]
    assert found.placed.labels[0] != NOISE
    assert max(one.customers for one in found.model.lens.centroids) < 0.6 * len(found.ids)


def test_a_wild_cell_is_no_reason_to_fall() -> None:
    cells = [float("nan"), float("inf"), -float("inf"), 1e308, *TABLE["score"].to_pylist()[4:]]
    found = fit_table(TABLE.set_column(3, "score", pa.array(cells)), Wish(k=3))
    assert any("4 of 300 customers have no number in 'score'" in one for one in found.remarks)
    assert np.isfinite(found.fit.points).all()


def test_tables_with_orders_and_money_get_the_names_that_shops_know() -> None:
    rng = np.random.default_rng(0)
    level = rng.integers(0, 3, 300)
    table = pa.table(
        {
            "customer_id": [str(number) for number in range(300)],
            "total_orders": np.array([1, 5, 20])[level] + rng.integers(0, 2, 300),
            "total_spent": np.array([20.0, 200.0, 2_000.0])[level] * rng.normal(1, 0.1, 300),
        }
    )
    found = fit_table(table, Wish(k=3))
    assert "Champions" in {one.segment.name for one in found.model.lens.centroids}
    assert "Champions" in found.model.kinds


@pytest.mark.parametrize(
    ("table", "wish", "said"),
    [
        (TABLE.slice(0, 5), Wish(), "the table has 5 customers, and 10 are needed"),
        (TABLE.slice(0, 20), Wish(k=40), "41 are needed at least for 40 segments"),
        (
            TABLE.slice(0, 40),
            Wish(chosen=Chosen(columns=("gender",))),
            "at only 2 different places",
        ),
    ],
)
def test_what_makes_no_segments_is_said(table: pa.Table, wish: Wish, said: str) -> None:
    with pytest.raises(InputError, match=said):
        fit_table(table, wish)


def test_an_algorithm_that_is_none() -> None:
    with pytest.raises(SettingsError, match="did you mean kmeans"):
        fit_table(TABLE, Wish("kmean"))
