"""The table keeps Prometheus's conventions, and everything in it is made and shown."""

from __future__ import annotations

import re

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from stream.metrics.drift import DRIFT_METRICS
from stream.metrics.instruments import Instruments
from stream.metrics.snapshots import SNAPSHOT_METRICS
from stream.metrics.table import WORKER_METRICS, Kind, Metric

ALL = (*WORKER_METRICS, *SNAPSHOT_METRICS, *DRIFT_METRICS)
ROWS = [pytest.param(metric, id=metric.name) for metric in ALL]
FEW_VALUES = {"partition", "outcome", "reason", "kind", "lens", "segment", "cause"} | {
    "feature",
    "previous",
    "current",
}


@pytest.mark.parametrize("metric", ROWS)
def test_a_name_says_its_unit_and_its_kind(metric: Metric) -> None:
    assert re.fullmatch(r"shoal(_[a-z]+)+", metric.name)
    assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER)
    if "seconds" in metric.unit:
        assert metric.name.endswith("_seconds")
    if "bytes" in metric.unit:
        assert metric.name.removesuffix("_total").endswith("_bytes")


@pytest.mark.parametrize("metric", ROWS)
def test_a_row_says_what_it_is_in_a_sentence(metric: Metric) -> None:
    assert metric.says.endswith(".")
    assert not metric.alert or metric.alert.endswith(".")
    assert "|" not in metric.says + metric.alert


@pytest.mark.parametrize("metric", ROWS)
def test_no_label_has_many_values(metric: Metric) -> None:
    assert set(metric.labels) <= FEW_VALUES


def test_names_are_told_apart() -> None:
    names = [metric.name for metric in ALL]
    assert len(set(names)) == len(names)


def test_every_metric_of_the_table_is_shown_with_its_kind_and_sentence() -> None:
    registry = CollectorRegistry()
    Instruments(registry, ALL)
    text = generate_latest(registry).decode()
    shown = {
        family.name: (family.type, family.documentation)
        for family in text_string_to_metric_families(text)
    }
    for metric in ALL:
        assert shown[metric.name.removesuffix("_total")] == (metric.kind, metric.says)
