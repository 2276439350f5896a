"""Planted drifts raise their own alert, and quiet weeks none."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stream.contracts.alert import AlertKind
from tests.snapshot.drift.shop import (
    LENS,
    SEGMENTS,
    Shop,
    Week,
    alerts,
    only,
    report_of,
    reported,
    weeks_of,
    with_running,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SEEDS = (0, 1)
WEEKS = 14


@lru_cache
def quiet_weeks(seed: int) -> list[Week]:
    return weeks_of(Shop(seed=seed), WEEKS)


def members(week: Week, segment: int) -> NDArray[np.bool_]:
    published: NDArray[np.bool_] = week.moment.lenses[LENS].published == segment
    return published


@pytest.mark.parametrize("seed", SEEDS)
def test_a_quiet_year_raises_at_most_one_alert(seed: int) -> None:
    assert len(alerts(reported(weeks_of(Shop(seed=10 + seed), 52)))) <= 1


def test_a_fifth_less_of_a_segment_is_found_within_the_week() -> None:
    found = 0
    tried = 0
    for seed in SEEDS:
        weeks = quiet_weeks(seed)
        reports = reported(weeks)
        rng = np.random.default_rng(seed)
        for last in range(2, WEEKS, 3):
            for segment in range(SEGMENTS):
                gone = members(weeks[last], segment) & (rng.random(len(weeks[last].moment)) < 0.2)
                drifted = [*weeks[:last], only(weeks[last], ~gone)]
                report = report_of(drifted, reports[:last])
                subjects = [alert.subject for alert in alerts([report], AlertKind.SEGMENT_SHARE)]
                found += f"value-{segment + 1}" in subjects
                tried += 1
    assert found / tried >= 0.85


def test_dearer_orders_of_one_segment_are_found_within_28_days() -> None:
    found = []
    for seed in SEEDS:
        for segment in range(SEGMENTS):
            raised = alerts(reported(_dearer(seed, segment)), AlertKind.ORDER_VALUE)
            rises = {alert.subject for alert in raised if alert.value > 0}
            found.append(f"value-{segment + 1}" in rises)
    assert np.mean(found) >= 0.6


def test_dearer_orders_of_everybody_are_no_news_of_any_segment() -> None:
    def plant(number: int, shop: Shop, _: Sequence[Week]) -> None:
        if number == 8:
            shop.dearer[:] = 1.5

    raised = alerts(reported(weeks_of(Shop(), 12, plant)), AlertKind.ORDER_VALUE)
    assert raised == []


def test_centroids_that_went_astray_lower_agreement_and_cost_what_learning_gained() -> None:
    weeks = quiet_weeks(0)
    last = weeks[-1]
    centres = np.array([centroid.position for centroid in last.running.centroids])
    astray = with_running(last, [centres + np.array([[1.5], [0.0], [0.0], [-1.0]])])
    report = report_of([*weeks[:-1], astray], reported(weeks[:-1]))
    (lens,) = report.lenses
    assert {alert.kind for alert in report.alerts} == {
        AlertKind.AGREEMENT,
        AlertKind.TRACKING_GAIN,
    }
    assert lens.agreement is not None
    assert all(alert.value < alert.threshold for alert in report.alerts)
    assert {alert.subject for alert in report.alerts} == {LENS}


def test_without_learning_there_is_no_loss_by_it_to_tell_of() -> None:
    weeks = quiet_weeks(0)
    last = weeks[-1]
    centres = np.array([centroid.position for centroid in last.running.centroids])
    off = last.running.learning.model_copy(update={"on": False})
    still = replace(last, running=last.running.model_copy(update={"learning": off}))
    report = report_of([*weeks[:-1], with_running(still, [centres + 2.0])], [])
    assert AlertKind.TRACKING_GAIN not in {alert.kind for alert in report.alerts}


def test_nothing_is_said_of_a_few_customers() -> None:
    weeks = quiet_weeks(0)
    few = [only(week, np.arange(len(week.moment)) < 60) for week in weeks[-2:]]
    gone = members(few[-1], 0)
    report = report_of([few[0], only(few[-1], ~gone)], [])
    assert report.alerts == ()


def _dearer(seed: int, segment: int) -> list[Week]:
    """Half as dear again for four weeks, for who is in the segment when it begins."""

    def plant(number: int, shop: Shop, _: Sequence[Week]) -> None:
        if number == 8:
            assert shop.published is not None
            shop.dearer[shop.published == segment] = 1.5

    return weeks_of(Shop(seed=seed), 12, plant)
