"""Every alert fires on a running Prometheus, by the rules as they stand in deploy/."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.deploy.cases import Case, cases
from tests.deploy.past import fires, with_past
from tests.deploy.promtool import prometheus_image
from tests.deploy.rules import alerts
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.compose.prometheus import Prometheus

CASES = list(cases())
NAMES = {rule["alert"] for rule in alerts()}


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    image = prometheus_image()
    with with_past(tmp_path_factory.mktemp("past"), image, CASES) as running:
        yield running


def test_there_is_a_case_of_every_alert() -> None:
    assert {case.alert for case in CASES} == NAMES


@pytest.mark.parametrize("case", CASES, ids=[f"{one.alert}: {one.name}" for one in CASES])
def test_it_fires_for_whom_it_should(prometheus: Prometheus, case: Case) -> None:
    until(partial(fires, prometheus, case), f"{case.alert} of {case.labels}", seconds=30)


def test_all_fire_at_once_and_no_rule_fails(prometheus: Prometheus) -> None:
    assert {one["labels"]["alertname"] for one in prometheus.alerts("firing")} == NAMES
    rules = prometheus.rules()
    assert {rule["name"] for rule in rules if rule["type"] == "alerting"} == NAMES
    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
