"""Instruments follow totals that are kept elsewhere, and forget what went elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from stream.metrics.instruments import Instruments
from stream.metrics.table import (
    CHANGES,
    COMMIT_SECONDS,
    CUSTOMERS_IN_SEGMENT,
    LAG,
    RECORDS,
    WORKER_METRICS,
)

FOLDED = {"partition": "3", "outcome": "folded"}


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def instruments(registry: CollectorRegistry) -> Instruments:
    return Instruments(registry, WORKER_METRICS)


def test_two_registries_know_nothing_of_each_other(registry: CollectorRegistry) -> None:
    mine, others = Instruments(registry, [RECORDS]), CollectorRegistry()
    Instruments(others, [RECORDS])
    mine.add(RECORDS, 1, "3", "folded")
    assert registry.get_sample_value("shoal_records_total", FOLDED) == 1
    assert others.get_sample_value("shoal_records_total", FOLDED) is None


@given(st.lists(st.integers(0, 10**12), min_size=1))
def test_a_followed_counter_is_the_highest_total_and_never_falls(totals: list[int]) -> None:
    registry = CollectorRegistry()
    instruments = Instruments(registry, [RECORDS])
    shown = []
    for total in totals:
        instruments.follow(RECORDS, total, "3", "folded")
        shown.append(registry.get_sample_value("shoal_records_total", FOLDED))
    assert shown == [max(totals[: i + 1]) for i in range(len(totals))]


def test_what_went_elsewhere_is_not_shown_and_goes_on_when_it_is_back(
    registry: CollectorRegistry, instruments: Instruments
) -> None:
    instruments.follow(RECORDS, 100, "3", "folded")
    instruments.follow(RECORDS, 7, "4", "folded")
    instruments.set(LAG, 5, "3")
    instruments.forget("partition", "3")
    assert registry.get_sample_value("shoal_records_total", FOLDED) is None
    assert registry.get_sample_value("shoal_lag_records", {"partition": "3"}) is None
    assert registry.get_sample_value("shoal_records_total", FOLDED | {"partition": "4"}) == 7
    instruments.follow(RECORDS, 150, "3", "folded")
    assert registry.get_sample_value("shoal_records_total", FOLDED) == 150


def test_only_that_label_is_forgotten_not_the_same_value_in_another(
    registry: CollectorRegistry, instruments: Instruments
) -> None:
    instruments.add(CHANGES, 1, "value", "moved", "value-3", "value-4")
    instruments.forget("partition", "value-3")
    instruments.forget("current", "value-3")
    labels = {"lens": "value", "cause": "moved", "previous": "value-3", "current": "value-4"}
    assert registry.get_sample_value("shoal_changes_total", labels) == 1


def test_a_replaced_gauge_shows_what_is_there_and_nothing_else(
    registry: CollectorRegistry, instruments: Instruments
) -> None:
    instruments.replace(CUSTOMERS_IN_SEGMENT, {("value", "a"): 3, ("value", "b"): 4})
    instruments.replace(CUSTOMERS_IN_SEGMENT, {("value", "b"): 5})
    name = CUSTOMERS_IN_SEGMENT.name
    assert registry.get_sample_value(name, {"lens": "value", "segment": "a"}) is None
    assert registry.get_sample_value(name, {"lens": "value", "segment": "b"}) == 5


def test_a_gauge_that_is_asked_answers_anew_each_time(
    registry: CollectorRegistry, instruments: Instruments
) -> None:
    values = iter([1.0, 2.0])
    instruments.ask(LAG, lambda: next(values), "3")
    asked = [registry.get_sample_value("shoal_lag_records", {"partition": "3"}) for _ in range(2)]
    assert asked == [1.0, 2.0]


def test_a_histogram_counts_into_the_buckets_of_its_row(
    registry: CollectorRegistry, instruments: Instruments
) -> None:
    instruments.observe(COMMIT_SECONDS, 0.02)
    name = f"{COMMIT_SECONDS.name}_bucket"
    counts = [registry.get_sample_value(name, {"le": str(le)}) for le in COMMIT_SECONDS.buckets]
    assert counts == [float(le >= 0.02) for le in COMMIT_SECONDS.buckets]


def test_a_metric_is_used_as_what_it_is(instruments: Instruments) -> None:
    with pytest.raises(TypeError, match="shoal_lag_records is a gauge, no counter"):
        instruments.add(LAG, 1, "3")
