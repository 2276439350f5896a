"""Every alert keeps quiet, and fires when what it is for happens: judged by promtool."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.promtool import ROOT, promtool
from tests.deploy.rules import alerts

FILES = sorted((Path(__file__).parent / "firing").glob("*.yml"))


@cache
def questions() -> list[dict[str, Any]]:
    tests = [one for file in FILES for one in yaml.safe_load(file.read_text("utf-8"))["tests"]]
    return [question for one in tests for question in one["promql_expr_test"]]


def test_prometheus_takes_the_rules_and_its_configuration() -> None:
    assert "SUCCESS" in promtool("check", "rules", "deploy/alerts.yml", "deploy/recording.yml")
    assert "SUCCESS" in promtool("check", "config", "--syntax-only", "deploy/prometheus.yml")


def test_rules_fire_when_they_should_and_keep_quiet_when_not() -> None:
    said = promtool("test", "rules", *(str(file.relative_to(ROOT)) for file in FILES))
    assert said.count("SUCCESS") == len(FILES)


@pytest.mark.parametrize("alert", [rule["alert"] for rule in alerts()])
def test_each_is_seen_to_fire_and_to_keep_quiet(alert: str) -> None:
    asked = [one for one in questions() if re.search(rf'alertname="{alert}"', one["expr"])]
    assert any(one["exp_samples"] for one in asked)
    assert any(not one["exp_samples"] for one in asked)
