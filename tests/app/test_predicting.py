"""Predictions against what tasks do: the same segment from the same profile, to the last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.predicting import Predictor, predict, predict_from_transactions
from stream.contracts.instant import milliseconds
from stream.contracts.lens import Rule
from stream.errors import FeatureError, InputError
from stream.model.assignment import assign
from stream.model.lens import compile_lens
from stream.profile.catalogue import features as read_features
from stream.profile.events import events_of
from stream.profile.state import Profiles
from stream.times import DAY_MS
from tests.snapshot.logs import made_by_hand
from tests.snapshot.shops import purchases

if TYPE_CHECKING:
    from stream.contracts.fast import Line

MODEL = made_by_hand(version=3)
LENS = "value"
PREDICTOR = Predictor(MODEL, LENS)
AMOUNT = st.floats(0, 1e6)


@given(st.lists(AMOUNT, min_size=len(PREDICTOR.needs), max_size=len(PREDICTOR.needs)))
def test_the_segment_is_the_nearest_centroids(values: list[float]) -> None:
    features = dict(zip(PREDICTOR.needs, values, strict=True))
    found = PREDICTOR.predict(features)
    lens = compile_lens(MODEL.lenses[0], MODEL.version)
    points = lens.space.project(np.array([values]))
    told = assign(lens.shapes, points, MODEL.lenses[0].pooled_variance)
    if found.rule is None:
        assert found.segment == lens.segments[int(told.segment[0])]
        assert found.confidence == told.confidence[0]
    else:
        assert found.confidence is None
    away = [one.distance for one in found.distances]
    assert away == sorted(away)
    assert away[0] == told.distances[0].min()
    assert sum(one.contribution for one in found.reasons) >= 0


def by_customer() -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = {}
    for line in purchases(20, 60):
        lines.setdefault(line.customer_id, []).append(line)
    return lines


@pytest.mark.parametrize("customer_id", sorted(by_customer())[:8])
def test_transactions_give_what_their_profile_gives(customer_id: str) -> None:
    """Folded one customer alone or among all others, in any order."""
    everybody = sorted(purchases(20, 60), key=lambda line: line.occurred_at)
    profiles = Profiles()
    recorded = [milliseconds(line.occurred_at) for line in everybody]
    profiles.fold(events_of(everybody, recorded))
    row = profiles.row_of(customer_id)
    assert row is not None
    at_ms = max(recorded) + 3 * DAY_MS
    values = read_features(profiles, np.array([row]), at_ms, PREDICTOR.asks)[0]
    wanted = PREDICTOR.predict(dict(zip(PREDICTOR.asks, values.tolist(), strict=True)))
    theirs = by_customer()[customer_id]
    for lines in (theirs, theirs[::-1], [*theirs, *theirs]):
        found = predict_from_transactions(MODEL, LENS, lines, at_ms)
        assert found.segment == wanted.segment
        assert found.features == pytest.approx(wanted.features)


def test_years_between_transactions_keep_sums_in_bounds() -> None:
    one, *_ = purchases(1, 1)
    from datetime import timedelta

    from stream.contracts.fast import Line

    lines = [
        Line(
            customer_id=one.customer_id,
            occurred_at=one.occurred_at + timedelta(days=400 * number),
            amount=10.0,
        )
        for number in range(100)
    ]
    found = predict_from_transactions(MODEL, LENS, lines)
    assert all(np.isfinite(list(found.features.values())))
    assert 0.9 < found.features["orders_d90"] < 1.2


def test_columns_of_the_sink_are_taken_as_well_as_the_catalogues_names() -> None:
    by_name = dict.fromkeys(PREDICTOR.needs, 5.0)
    by_column = {name.replace("_d90", "_decayed"): 5.0 for name in PREDICTOR.needs}
    assert predict(MODEL, LENS, by_name) == predict(MODEL, LENS, by_column)


def test_whoever_has_not_bought_for_long_is_dormant_where_it_is_said() -> None:
    dormant = {rule.rule: rule for rule in MODEL.lenses[0].rule_segments}.get(Rule.DORMANT)
    assert dormant is not None
    assert dormant.after_days is not None
    features = dict.fromkeys(PREDICTOR.needs, 5.0)
    for days, rule in ((dormant.after_days, Rule.DORMANT), (dormant.after_days - 0.01, None)):
        assert PREDICTOR.predict(features | {"recency_days": days}).rule is rule


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    features = dict.fromkeys(PREDICTOR.needs, 5.0)
    for name in (PREDICTOR.needs[0], "recency_days"):
        with pytest.raises(FeatureError, match=name):
            PREDICTOR.predict(features | {name: value})


def test_slips_are_named() -> None:
    with pytest.raises(InputError, match=r"has no lens 'x': it has value"):
        Predictor(MODEL, "x")
    with pytest.raises(FeatureError, match="is missing"):
        PREDICTOR.predict({})
    with pytest.raises(InputError, match="give one at least"):
        PREDICTOR.predict_from_transactions([])
    with pytest.raises(InputError, match="several customers"):
        PREDICTOR.predict_from_transactions(purchases(2, 10))
