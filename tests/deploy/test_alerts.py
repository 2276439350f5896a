"""Every alert rule asks for metrics that there are, by labels that they have, and has its page."""

from __future__ import annotations

import re

import pytest

from stream.contracts.alert import AlertKind
from stream.metrics.drift import ALERTS
from stream.metrics.table import Kind
from tests.deploy.rules import (
    DEPLOY,
    METRICS,
    OF_EVERY_PROCESS,
    Rule,
    alerts,
    labels_asked_for,
    labels_in,
    metrics_in,
    recorded,
)

ROWS = [pytest.param(rule, id=rule["alert"]) for rule in alerts()]
RUNBOOKS = DEPLOY.parent / "docs" / "runbooks"
FROM_THE_CLIENT = {"up", "process_start_time_seconds"}
"""What Prometheus and its Python client make themselves."""


@pytest.mark.parametrize("rule", ROWS)
def test_its_metrics_are_in_the_tables(rule: Rule) -> None:
    names = metrics_in(rule["expr"])
    assert names <= METRICS.keys()
    assert names or any(re.search(rf"\b{name}\b", rule["expr"]) for name in FROM_THE_CLIENT)


@pytest.mark.parametrize("rule", ROWS)
def test_its_labels_are_those_of_its_metrics(rule: Rule) -> None:
    assert labels_asked_for(rule["expr"]) <= labels_in(rule["expr"])


@pytest.mark.parametrize("rule", ROWS)
def test_its_words_name_labels_that_are_left(rule: Rule) -> None:
    """`sum by (job)` leaves nothing else to be told."""
    told = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
    grouped = re.findall(r"^\w+ by \(([^)]*)\)(?!.* group_right)", rule["expr"])
    left = {label.strip() for group in grouped for label in group.split(",")}
    assert told <= (left or labels_in(rule["expr"]) | OF_EVERY_PROCESS)


@pytest.mark.parametrize("rule", ROWS)
def test_counters_are_asked_for_their_increase(rule: Rule) -> None:
    for name in re.findall(r"\bshoal_\w+", rule["expr"]):
        if name in METRICS and METRICS[name].kind is Kind.COUNTER:
            assert re.search(rf"(increase|rate)\({name}", rule["expr"])


@pytest.mark.parametrize("rule", ROWS)
def test_it_says_how_bad_it_is_and_what_it_means(rule: Rule) -> None:
    assert rule["labels"]["severity"] in {"info", "warning", "critical"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"]


@pytest.mark.parametrize("rule", ROWS)
def test_its_runbook_is_there_and_is_its_own(rule: Rule) -> None:
    page = DEPLOY.parent / rule["annotations"]["runbook_url"]
    text = page.read_text("utf-8")
    assert page.parent == RUNBOOKS
    assert text.startswith(f"# {rule['alert']}\n")
    assert "\n## Look\n" in text
    assert "\n## Do\n" in text


def test_every_runbook_has_its_alert_and_is_listed() -> None:
    pages = {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md"}
    assert pages == {rule["annotations"]["runbook_url"].rpartition("/")[2] for rule in alerts()}
    listed = re.findall(
        r"^\| \[(\w+)\]\((.+)\) \| (\w+) \|",
        (RUNBOOKS / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert listed == [
        (
            rule["alert"],
            rule["annotations"]["runbook_url"].rpartition("/")[2],
            rule["labels"]["severity"],
        )
        for rule in alerts()
    ]


def test_every_kind_of_drift_alert_has_its_rule() -> None:
    expressions = " ".join(rule["expr"] for rule in alerts())
    kinds = set(re.findall(rf'{ALERTS.name}{{kind="(\w+)"}}', expressions))
    assert kinds == {kind.value for kind in AlertKind}


def test_alerts_are_told_apart() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", sorted(recorded()))
def test_what_is_recorded_is_of_metrics_in_the_tables(name: str) -> None:
    expression = recorded()[name]
    assert metrics_in(expression)
    assert metrics_in(expression) <= METRICS.keys()
    assert labels_asked_for(expression) <= labels_in(expression)


def test_what_a_partition_takes_along_is_brought_together_before_its_rate() -> None:
    """Else what it came to on another worker would be counted as done just now."""
    everything = " ".join((*(rule["expr"] for rule in alerts()), *recorded().values()))
    assert not re.search(r"(rate|increase)\(shoal_(records|dead_letters)_total", everything)
