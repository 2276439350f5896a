"""The document of metrics has every metric in a row of its own, and asks for none that isn't."""

from __future__ import annotations

import re

from app.generate_docs.metrics import QUESTIONS, metrics
from stream.metrics.api import API_METRICS
from stream.metrics.bridge import BRIDGE_METRICS
from stream.metrics.drift import DRIFT_METRICS
from stream.metrics.sink import SINK_METRICS
from stream.metrics.snapshots import SNAPSHOT_METRICS
from stream.metrics.table import WORKER_METRICS, Kind
from stream.metrics.webhooks import WEBHOOK_METRICS

METRICS = (
    *(*WORKER_METRICS, *SNAPSHOT_METRICS, *DRIFT_METRICS),
    *(*WEBHOOK_METRICS, *SINK_METRICS, *API_METRICS, *BRIDGE_METRICS),
)
SUFFIXES = {Kind.COUNTER: {""}, Kind.GAUGE: {""}, Kind.HISTOGRAM: {"_bucket", "_count", "_sum"}}


def test_every_metric_has_a_row_with_all_its_columns() -> None:
    rows = [line for line in metrics().splitlines() if line.startswith("| `shoal_")]
    assert [row.split("`")[1] for row in rows] == [metric.name for metric in METRICS]
    assert {row.count("|") for row in rows} == {7}


def test_every_series_that_is_named_is_there() -> None:
    series = {metric.name + suffix for metric in METRICS for suffix in SUFFIXES[metric.kind]}
    asked = " ".join(query for _, query in QUESTIONS)
    assert set(re.findall(r"shoal_\w+", asked)) <= series
    names = {metric.name for metric in METRICS}
    assert set(re.findall(r"shoal_\w+", metrics())) <= series | names
