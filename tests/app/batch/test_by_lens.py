"""Many customers at once get what each gets alone."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from app.batch.by_lens import ByLens
from app.predicting import Predictor
from consumers.sink.schema import column_of
from stream.errors import FeatureError
from tests.snapshot.logs import made_by_hand

MODEL = made_by_hand(version=3)
LENS = "value"
PLACER = ByLens(MODEL, LENS)
NEEDS = Predictor(MODEL, LENS).needs
COUNT = 200


def features(count: int = COUNT) -> dict[str, list[float]]:
    rng = np.random.default_rng(0)
    made = {name: rng.lognormal(2, 2, count).tolist() for name in NEEDS}
    made["spend_d90"][:5] = [0.0, -1.0, 3.0, 0.0, 9.0]
    return {**made, "recency_days": rng.uniform(0, 200, count).tolist()}


def test_a_table_is_placed_as_the_predictor_places_each() -> None:
    made = features()
    found = PLACER.of_table(pa.table({"id": [f"c{n}" for n in range(COUNT)], **made}))
    alone = Predictor(MODEL, LENS)
    for row in range(COUNT):
        told = alone.predict({name: values[row] for name, values in made.items()})
        assert found.segment(row) == told.segment
        sure = float(found.confidence[row])
        assert (None if math.isnan(sure) else sure) == told.confidence
        away = {one.segment.id: one.distance for one in told.distances}
        for place, distance in enumerate(found.distances[row].tolist()):
            assert distance == pytest.approx(away[found.segments[place].id])


def test_the_names_of_the_sinks_columns_do_as_well() -> None:
    made = {column_of(name): values for name, values in features().items()}
    plain = PLACER.of_table(pa.table(features()))
    np.testing.assert_array_equal(PLACER.of_table(pa.table(made)).codes, plain.codes)


def test_one_customer_by_what_was_typed() -> None:
    made = {name: str(values[7]) for name, values in features().items()}
    one = PLACER.of_one(made)
    assert one.segment(0) == PLACER.of_table(pa.table(features())).segment(7)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"spend_d90": None}, "the column 'spend_d90' is missing.*shoal segment"),
        ({"spend_d90": ["x"] * COUNT}, "'spend_d90' should be numbers"),
        (
            {"spend_d90": [1.0, None] * (COUNT // 2)},
            "row 2 has no number in 'spend_d90'.*99 others",
        ),
        ({"recency_days": [-1.0] * COUNT}, "'recency_days' should lie from 0"),
    ],
)
def test_what_is_missing_is_said(change: dict[str, list[object] | None], said: str) -> None:
    made = {name: values for name, values in {**features(), **change}.items() if values is not None}
    with pytest.raises(FeatureError, match=said):
        PLACER.of_table(pa.table(made))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"spend_d9": "1"}, "knows no 'spend_d9': did you mean"),
        ({"spend_d90": "much"}, "spend_d90 should be a number"),
        ({"spend_d90": "inf"}, "spend_d90 should be a number"),
        ({"spend_d90": "1"}, "is missing: lens 'value' needs"),
    ],
)
def test_slips_are_said(values: dict[str, str], said: str) -> None:
    with pytest.raises(FeatureError, match=said):
        PLACER.of_one(values)
