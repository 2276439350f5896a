"""The table has everybody once, at one instant, in an order that no partition decides."""

from __future__ import annotations

import numpy as np
import pytest

from snapshot.active import needed_features
from snapshot.table import latest_instant, table_of
from stream.errors import FeatureError
from stream.profile.catalogue import features
from stream.profile.layout import LAST, NEVER
from stream.profile.state import Profiles
from tests.snapshot.shops import folded, purchases, specs, table


def test_the_table_is_the_same_however_customers_lie_on_partitions() -> None:
    lenses = specs("value", "habits")
    one, many = table(lenses), table(lenses, partitions=4)
    assert one.ids == many.ids == tuple(sorted(f"c{number}" for number in range(240)))
    assert one.features.tobytes() == many.features.tobytes()
    assert one.last_purchase_ms.tolist() == many.last_purchase_ms.tolist()
    assert (one.instant_ms, one.first_ms) == (many.instant_ms, many.first_ms)


def test_a_row_is_the_profile_of_its_customer_at_the_instant() -> None:
    (profiles,) = folded(purchases())
    names, instant_ms = needed_features(specs()), latest_instant([profiles])
    found = table_of([profiles], names, instant_ms)
    for place, customer in enumerate(found.ids):
        row = profiles.row_of(customer)
        assert row is not None
        own = features(profiles, np.array([row]), instant_ms, names)[0]
        assert found.features[place].tolist() == own.tolist()
        assert found.last_purchase_ms[place] == profiles.state.profiles["times"][row, LAST]


def test_everybody_is_read_at_the_latest_time_of_any_partition() -> None:
    partitions = folded(purchases(), 3)
    before = latest_instant(partitions)
    partitions[1].tick(before + 86_400_000)
    assert latest_instant(partitions) == before + 86_400_000
    assert latest_instant([]) == latest_instant([Profiles()]) == NEVER


def test_who_was_erased_is_not_in_it() -> None:
    partitions = folded(purchases())
    partitions[0].erase("c7", latest_instant(partitions))
    found = table_of(partitions, ["orders"], latest_instant(partitions))
    assert len(found) == 239
    assert "c7" not in found.ids


def test_nobody_makes_an_empty_table() -> None:
    found = table_of([Profiles(), Profiles()], ["orders", "spend"], 0)
    assert (len(found), found.features.shape, found.first_ms) == (0, (0, 2), NEVER)


def test_a_feature_that_was_not_read_is_named() -> None:
    with pytest.raises(FeatureError, match="no feature 'units'"):
        table(specs()).columns(["units"])
