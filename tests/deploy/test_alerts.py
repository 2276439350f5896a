"""Every alert rule asks for metrics that there are, by labels that they have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from stream.contracts.alert import AlertKind
from stream.metrics.drift import ALERTS, DRIFT_METRICS
from stream.metrics.snapshots import SNAPSHOT_METRICS
from stream.metrics.table import WORKER_METRICS, Kind

FILE = Path(__file__).parents[2] / "deploy" / "alerts.yml"
METRICS = {metric.name: metric for metric in (*WORKER_METRICS, *SNAPSHOT_METRICS, *DRIFT_METRICS)}
OWN_LABELS = {"le", "instance", "job"}


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(FILE.read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def asked_for(expression: str) -> set[str]:
    names = set(re.findall(r"\bshoal_\w+", expression))
    return {name.removesuffix("_bucket") if name not in METRICS else name for name in names}


ROWS = [pytest.param(rule, id=rule["alert"]) for rule in rules()]


@pytest.mark.parametrize("rule", ROWS)
def test_its_metrics_are_in_the_table(rule: dict[str, Any]) -> None:
    names = asked_for(rule["expr"])
    assert names
    assert names <= METRICS.keys()


@pytest.mark.parametrize("rule", ROWS)
def test_its_labels_are_those_of_its_metrics(rule: dict[str, Any]) -> None:
    known = OWN_LABELS | {
        label for name in asked_for(rule["expr"]) for label in METRICS[name].labels
    }
    grouped = re.findall(r"by \(([^)]*)\)", rule["expr"])
    used = {label.strip() for group in grouped for label in group.split(",")}
    used |= set(re.findall(r'(\w+)\s*=~?"', rule["expr"]))
    told = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
    assert used <= known
    assert told <= (used | OWN_LABELS if grouped else known)


@pytest.mark.parametrize("rule", ROWS)
def test_counters_are_asked_for_their_increase(rule: dict[str, Any]) -> None:
    for name in asked_for(rule["expr"]):
        if METRICS[name].kind is Kind.COUNTER:
            assert re.search(rf"(increase|rate)\({name}", rule["expr"])


@pytest.mark.parametrize("rule", ROWS)
def test_it_says_how_bad_it_is_and_what_it_means(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"info", "warning", "critical"}
    assert rule["annotations"]["summary"]
    assert rule["expr"].count("(") == rule["expr"].count(")")


def test_every_kind_of_drift_alert_has_its_rule() -> None:
    expressions = " ".join(rule["expr"] for rule in rules())
    kinds = set(re.findall(rf'{ALERTS.name}{{kind="(\w+)"}}', expressions))
    assert kinds == {kind.value for kind in AlertKind}


def test_alerts_are_told_apart() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
