"""The cases of tests/deploy/firing as series with instants, for a Prometheus that promtool is not.

Cases share jobs and would disturb each other in one Prometheus, so each gets jobs of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = sorted((Path(__file__).parent / "firing").glob("*.yml"))
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LOOKBACK_SECONDS = 300
"""How long Prometheus shows a series' last sample where nobody says that it is stale."""

JOB = re.compile(r'job="([^"]*)"')
STEPS = re.compile(r"(-?[\d.]+)(?:([+-][\d.]+))?(?:x(\d+))?")


@dataclass(frozen=True, slots=True)
class Case:
    """One question that is answered by an alert that fires, and what came before it."""

    name: str
    alert: str
    series: dict[str, list[tuple[int, float]]]
    """Seconds before the question, negative, and values."""

    question: str
    labels: frozenset[str]
    """Each set of labels that has to come back, as they are written there."""


def cases() -> Iterator[Case]:
    number = 0
    for file in FILES:
        for test in yaml.safe_load(file.read_text("utf-8"))["tests"]:
            for asked in test["promql_expr_test"]:
                if asked["exp_samples"]:
                    yield _case(test, asked, f"-{number}")
                    number += 1


def seconds_of(span: str) -> int:
    """
    >>> seconds_of("1h30m")
    5400
    """
    return sum(int(many) * UNIT_SECONDS[unit] for many, unit in re.findall(r"(\d+)([smhd])", span))


def values_of(notation: str) -> list[float | None]:
    """As promtool reads it, but for what is stale: of that a plain sample can't tell.

    >>> values_of("_x2 1+2x2 stale 7")
    [None, None, 1.0, 3.0, 5.0, None, 7.0]
    """
    found: list[float | None] = []
    for word in notation.split():
        if word.startswith(("_", "stale")):
            found += [None] * int(word.partition("x")[2] or 1)
            continue
        steps = STEPS.fullmatch(word)
        assert steps is not None, word
        first, step, times = float(steps[1]), float(steps[2] or 0), int(steps[3] or 0)
        found += [first + step * number for number in range(times + 1)]
    return found


def _case(test: dict[str, Any], asked: dict[str, Any], suffix: str) -> Case:
    told = test["input_series"]
    at = seconds_of(asked["eval_time"])
    if any("stale" in one["values"] for one in told):
        at += LOOKBACK_SECONDS
    step = seconds_of(test["interval"])
    series = {
        JOB.sub(rf'job="\g<1>{suffix}"', one["series"]): _until(at, step, one["values"])
        for one in told
    }
    [alert] = re.findall(r'alertname="(\w+)"', asked["expr"])
    question = asked["expr"].replace("ALERTS{", f'ALERTS{{job=~".+{suffix}", ')
    labels = (JOB.sub(rf'job="\g<1>{suffix}"', one["labels"]) for one in asked["exp_samples"])
    return Case(test["name"], alert, series, question, frozenset(labels))


def _until(at: int, step: int, notation: str) -> list[tuple[int, float]]:
    values = enumerate(values_of(notation))
    points = [(number * step - at, value) for number, value in values if value is not None]
    return [(before, value) for before, value in points if before <= 0]
