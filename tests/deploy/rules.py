"""The rules of deploy/, as they stand in their files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from stream.metrics.api import API_METRICS
from stream.metrics.bridge import BRIDGE_METRICS
from stream.metrics.drift import DRIFT_METRICS
from stream.metrics.sink import SINK_METRICS
from stream.metrics.snapshots import SNAPSHOT_METRICS
from stream.metrics.table import WORKER_METRICS, Kind
from stream.metrics.webhooks import WEBHOOK_METRICS

DEPLOY = Path(__file__).parents[2] / "deploy"
TABLES = (
    *(WORKER_METRICS, SNAPSHOT_METRICS, DRIFT_METRICS),
    *(SINK_METRICS, WEBHOOK_METRICS, API_METRICS, BRIDGE_METRICS),
)
METRICS = {metric.name: metric for table in TABLES for metric in table}
OF_EVERY_PROCESS = {"le", "instance", "job"}
PARTS = ("_bucket", "_sum", "_count")
"""Of a histogram."""

Rule = dict[str, Any]


def alerts() -> list[Rule]:
    return _rules("alerts.yml")


def recorded() -> dict[str, str]:
    """What each recording rule works out, by its name."""
    return {rule["record"]: rule["expr"] for rule in _rules("recording.yml")}


def metrics_in(expression: str) -> set[str]:
    """Those of the tables that it asks for, also by way of what is recorded."""
    worked_out = recorded()
    found = set(re.findall(r"\bshoal_\w+", expression))
    for name in re.findall(r"\bshoal:[\w:]+", expression):
        found |= metrics_in(worked_out[name])
    return {_without_part(name) for name in found}


def labels_in(expression: str) -> set[str]:
    """Those that an expression may have: of its metrics, and of every process."""
    return OF_EVERY_PROCESS | {
        label for name in metrics_in(expression) for label in METRICS[name].labels
    }


def labels_asked_for(expression: str) -> set[str]:
    grouped = re.findall(r"(?:by|on|without|group_right|group_left) \(([^)]*)\)", expression)
    matched = re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"', expression)
    named = (label.strip() for group in grouped for label in group.split(","))
    return {label for label in (*named, *matched) if label}


def _rules(file: str) -> list[Rule]:
    groups = yaml.safe_load((DEPLOY / file).read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _without_part(name: str) -> str:
    for part in PARTS:
        whole = name.removesuffix(part)
        if name not in METRICS and whole in METRICS and METRICS[whole].kind is Kind.HISTOGRAM:
            return whole
    return name
