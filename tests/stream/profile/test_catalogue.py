"""Every feature there is can be read of any profile, and is a finite number."""

from __future__ import annotations

import re

import numpy as np
import pytest

from stream.errors import FeatureError
from stream.profile.catalogue import LABELS, catalogue, features, labels
from stream.profile.kept import Bounds
from stream.profile.state import Profiles
from stream.times import DAY_MS, WEEK_MS
from tests.stream.profile.some_events import BEGIN_MS, batch, events, folded, one

RELIED_ON = (
    *("recency_days", "tenure_days", "orders", "lines", "units", "spend", "returns"),
    *("average_order_value", "basket_size", "night_ratio", "weekend_ratio", "discount_ratio"),
    *("distinct_products", "distinct_categories", "orders_d90", "spend_d90", "lines_d90"),
    *("orders_w30", "spend_w30", "orders_w90", "spend_w90"),
    *("steady_orders_d90", "steady_spend_d90", "steady_lines_d90"),
)


def test_the_names_that_others_rely_on_are_there_and_all_are_different() -> None:
    names = [feature.name for feature in catalogue()]
    assert set(RELIED_ON) <= set(names)
    assert len(set(names) | {label.name for label in LABELS}) == len(names) + len(LABELS)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    assert all(feature.says.endswith(".") and feature.unit for feature in catalogue())


def test_columns_come_as_they_are_asked_for() -> None:
    profiles = folded(events([{}, {"customer": 2, "order": 5}]))
    everything = features(profiles, np.array([1, 0]), BEGIN_MS)
    names = [feature.name for feature in catalogue()]
    assert everything.shape == (2, len(names))
    some = features(profiles, np.array([1, 0]), BEGIN_MS, ["spend", "orders"])
    assert np.array_equal(some, everything[:, [names.index("spend"), names.index("orders")]])
    assert features(profiles, np.array([0]), BEGIN_MS, []).shape == (1, 0)


def test_an_unknown_feature_is_refused_by_name() -> None:
    with pytest.raises(FeatureError, match="no feature 'spend_d30'"):
        features(folded(events([{}])), np.array([0]), BEGIN_MS, ["orders", "spend_d30"])


def test_the_half_life_is_in_the_name_and_can_be_set() -> None:
    profiles = Profiles(Bounds(half_life_ms=30 * DAY_MS))
    profiles.fold(batch(events([{}])))
    assert one(profiles, "orders_d30", BEGIN_MS + 60 * DAY_MS) == pytest.approx(0.25)


@pytest.mark.parametrize("days", [0, 1, 400, 80_000])
@pytest.mark.parametrize(
    "row",
    [
        {"quantity_e4": -10_000, "amount_e4": -5},
        {"quantity_e4": 0, "amount_e4": 0},
        {"flags": 0},
        {"amount_e4": 10**14, "quantity_e4": 10**13},
        {"occurred_ms": 0},
    ],
)
def test_every_feature_of_every_profile_is_finite(row: dict[str, int], days: int) -> None:
    profiles = folded(events([row]))
    found = features(profiles, np.array([0]), BEGIN_MS + (days - 30) * DAY_MS)
    assert np.isfinite(found).all()


def test_windows_of_who_lapsed_are_exactly_zero_and_decayed_sums_only_fade() -> None:
    profiles = folded(
        events({"event": n, "order": n, "amount_e4": 1_234_567 * n} for n in range(1, 50))
    )
    last = BEGIN_MS // WEEK_MS
    for days, weeks in ((30, 5), (90, 13)):
        inside, outside = (last + weeks) * WEEK_MS - 1, (last + weeks) * WEEK_MS
        assert one(profiles, f"orders_w{days}", inside) == 49
        assert one(profiles, f"spend_w{days}", inside) > 0
        assert one(profiles, f"orders_w{days}", outside) == 0
        assert one(profiles, f"spend_w{days}", outside) == 0
    assert 0 < one(profiles, "orders_d90", BEGIN_MS + 900 * DAY_MS) < 0.1


def test_clockwork_is_regular_and_its_opposite_is_not() -> None:
    def buying_on(days: list[int]) -> Profiles:
        rows = [{"event": d, "order": d + 1, "occurred_ms": BEGIN_MS + d * DAY_MS} for d in days]
        return folded(events(rows))

    clockwork, bursts = buying_on([0, 7, 14, 21, 28]), buying_on([0, 1, 2, 3, 60, 61])
    assert one(clockwork, "regularity") == pytest.approx(1)
    assert one(clockwork, "interpurchase_days") == pytest.approx(7)
    assert one(bursts, "regularity") < 0.4
    assert one(buying_on([0, 5]), "regularity") == 0


def test_the_months_rhythm() -> None:
    december = BEGIN_MS - 20 * DAY_MS
    rows = [{"event": n, "order": n, "occurred_ms": december + n * DAY_MS} for n in range(1, 7)]
    profiles = folded(events([*rows, {"event": 9, "order": 9}]))
    assert one(profiles, "peak_month") == 12
    assert one(profiles, "month_12_share") == pytest.approx(6 / 7)
    assert 0.9 < one(profiles, "seasonality") < 1


@pytest.mark.parametrize(
    ("what", "distinct", "most"),
    [
        *(("product", distinct, 621) for distinct in (1, 20, 100, 300, 5000)),
        *(("category", distinct, 266) for distinct in (1, 10, 30, 100, 3000)),
    ],
)
def test_distinct_counts_are_within_their_error(what: str, distinct: int, most: int) -> None:
    chance = np.random.default_rng(distinct)
    name = {"product": "distinct_products", "category": "distinct_categories"}[what]
    errors = []
    for _ in range(20):
        codes = chance.integers(1, 2**32, distinct).tolist()
        rows = [{"event": n, what: code} for n, code in enumerate(codes * 2, start=1)]
        found = one(folded(events(rows)), name)
        errors.append(abs(found - distinct))
        assert found < most + 1
    if distinct < most:
        assert np.mean(np.array(errors) <= 2 + 0.2 * distinct) >= 0.9
    else:
        assert found == pytest.approx(most, abs=1)


def test_the_favourite_is_found_among_many_when_it_has_more_than_a_quarter() -> None:
    chance = np.random.default_rng(5)
    categories = [77] * 60 + chance.integers(100, 200, 140).tolist()
    chance.shuffle(categories)
    rows = [{"event": n, "category": c} for n, c in enumerate(categories, start=1)]
    assert labels(folded(events(rows)), 0)["preferred_category"] == "#0000004d"
