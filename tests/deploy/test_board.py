"""The dashboard for Grafana asks for what there is, and its panels lie beside each other.

That every query finds something on a real Prometheus is seen in `tests/compose`.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from tests.deploy.board import board, queries
from tests.deploy.rules import METRICS, labels_asked_for, labels_in, metrics_in

OF_PROMETHEUS = {"alertname", "alertstate", "kind"}
PANELS = board()["panels"]


@pytest.mark.parametrize(("title", "expression"), list(queries()))
def test_a_query_asks_for_metrics_and_labels_that_there_are(title: str, expression: str) -> None:
    assert metrics_in(expression) <= METRICS.keys()
    assert labels_asked_for(expression) <= labels_in(expression) | OF_PROMETHEUS


def test_every_process_of_shoal_is_shown() -> None:
    shown = {name for _, expression in queries() for name in metrics_in(expression)}
    parts = ("shoal_records", "shoal_drift", "shoal_snapshot", "shoal_sink", "shoal_api")
    for part in (*parts, "shoal_webhook", "shoal_bridge"):
        assert any(name.startswith(part) for name in shown), part


def test_panels_have_a_number_each_and_lie_apart() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    for one, other in combinations(PANELS, 2):
        assert _apart(one["gridPos"], other["gridPos"]), (one["title"], other["title"])


def test_a_panel_takes_the_prometheus_that_was_chosen() -> None:
    for panel in PANELS:
        for target in panel.get("targets", ()):
            assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def _apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        one["x"] + one["w"] <= other["x"]
        or other["x"] + other["w"] <= one["x"]
        or one["y"] + one["h"] <= other["y"]
        or other["y"] + other["h"] <= one["y"]
    )
