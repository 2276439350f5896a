"""Others placed by a table's model."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from snapshot.attributes.contract import TableModel
from snapshot.attributes.fitting import Wish, fit_table
from snapshot.attributes.placing import Placing
from snapshot.clusterers.clusters import NOISE
from stream.errors import FeatureError, InvalidMessage
from tests.snapshot.attributes.people import people

TABLE, GROUPS = people()
MODEL = fit_table(TABLE, Wish(k=3)).model
PLACING = Placing(MODEL)


def test_strangers_are_put_with_those_they_are_like() -> None:
    strangers, groups = people(200, seed=9)
    _, placed, _ = PLACING.of_table(strangers)
    ours = fit_table(TABLE, Wish(k=3)).placed.labels
    group_of = {
        label: int(np.bincount(np.array(GROUPS)[ours == label]).argmax()) for label in range(3)
    }
    right = [
        group_of[int(label)] == group for label, group in zip(placed.labels, groups, strict=True)
    ]
    assert np.mean(right) > 0.95


def test_a_customer_alone_is_placed_as_among_others() -> None:
    _, everybody, _ = PLACING.of_table(TABLE)
    for row in (0, 7, 299):
        _, alone, _ = PLACING.of_table(TABLE.slice(row, 1))
        assert alone.labels[0] == everybody.labels[row]
        np.testing.assert_array_equal(alone.distances[0], everybody.distances[row])


def test_columns_are_found_whatever_their_order_and_case() -> None:
    named = TABLE.rename_columns([name.upper().replace("_", " ") for name in TABLE.column_names])
    turned = named.select(named.column_names[::-1])
    _, placed, _ = PLACING.of_table(turned)
    np.testing.assert_array_equal(placed.labels, PLACING.of_table(TABLE)[1].labels)


def test_who_is_like_nobody_is_in_no_segment_where_segments_are_crowds() -> None:
    found = fit_table(TABLE, Wish("hdbscan"))
    far = TABLE.slice(0, 1).set_column(1, "age", pa.array([500.0]))
    assert Placing(found.model).of_table(far)[1].labels.tolist() == [NOISE]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (TABLE.drop_columns(["age", "score"]), "'age', 'score' are missing"),
        (TABLE.set_column(1, "age", pa.array(["x"] * 300)), "'age' should be numbers.*'x'"),
        (
            TABLE.drop_columns(["signup_date"]).append_column("signup_date", pa.array([7] * 300)),
            "'signup_date' should be dates",
        ),
    ],
)
def test_columns_that_are_missing_or_something_else(table: pa.Table, said: str) -> None:
    with pytest.raises(FeatureError, match=said):
        PLACING.of_table(table)


def test_a_level_that_nobody_had_is_said_or_refused() -> None:
    odd = TABLE.slice(0, 1).set_column(4, "gender", pa.array(["Femal"]))
    _, _, remarks = PLACING.of_table(odd)
    assert "has never seen" in remarks[0].replace("the model ", "")
    with pytest.raises(FeatureError, match="did you mean 'Female'"):
        PLACING.of_table(odd, exact=True)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("columns",), [], "columns"),
        (("columns", 0, "kind"), "cake", "kind"),
        (("lens", "centroids", 0, "position"), [1.0], "coordinates"),
        (("lens", "features", 0, "name"), "other", "same axes"),
        (("kinds",), ["a"], "kinds"),
        (("lens", "pooled_variance"), -1.0, "pooled_variance"),
        (("members",), {"positions": [[1.0]], "segments": [0], "reach": 1.0}, "coordinate"),
    ],
)
def test_a_model_that_was_tampered_with_is_refused(
    path: tuple[str | int, ...], value: object, said: str
) -> None:
    made = json.loads(MODEL.to_json())
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(InvalidMessage, match=said):
        TableModel.from_json(json.dumps(made).encode())
