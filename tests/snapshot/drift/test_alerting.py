"""Thresholds of a service's own, changes said once, and the order in which they are said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from snapshot.drift import Targets, alerts_of
from stream.contracts.alert import Alert, Decision, Outcome
from stream.contracts.drift import (
    Agreement,
    Decomposition,
    DriftReport,
    LensDrift,
    SegmentDrift,
)
from stream.contracts.segment import SegmentRef

START = datetime(2025, 1, 6, tzinfo=UTC)
WEEK = timedelta(days=7)
CHAMPIONS = SegmentRef(id="value-1", name="Champions")


def lens(week: int = 0, **fields: object) -> LensDrift:
    at = START + week * WEEK
    return LensDrift.model_validate(
        {
            "lens": "value",
            "active_customers": 1000,
            "shares_since": at - WEEK,
            "order_values_since": at - 4 * WEEK,
            **fields,
        }
    )


def share(ratio: float, week: int = 0, **fields: object) -> LensDrift:
    segment = {
        "segment": CHAMPIONS,
        "customers": 200,
        "customers_before": 200,
        "share": 0.2,
        "share_before": 0.18,
        "share_log_ratio": ratio,
        "share_noise": 0.01,
        **fields,
    }
    return lens(week, segments=(SegmentDrift.model_validate(segment),))


def dearer(effect: float, week: int = 0, customers: int = 100, noise: float = 0.05) -> LensDrift:
    segment = SegmentDrift(
        segment=CHAMPIONS,
        customers=200,
        share=0.2,
        order_value_effect=effect,
        order_value_noise=noise,
        order_value_customers=customers,
    )
    return lens(week, segments=(segment,))


def report(week: int, found: LensDrift, alerts: tuple[Alert, ...] = ()) -> DriftReport:
    at = START + week * WEEK
    return DriftReport(
        instant=at,
        created_at=at,
        model_version=1,
        customers=1000,
        lenses=(found,),
        alerts=alerts,
        decision=Decision(outcome=Outcome.KEPT),
    )


def run(found: list[LensDrift]) -> list[tuple[Alert, ...]]:
    """Report after report, each knowing those before."""
    reports: list[DriftReport] = []
    for week, one in enumerate(found):
        reports.append(report(week, one, alerts_of([one], reports)))
    return [one.alerts for one in reports]


@pytest.mark.parametrize(("ratio", "raised"), [(0.09, 0), (0.11, 1), (-0.11, 1), (-0.09, 0)])
def test_a_share_is_said_beyond_its_default_either_way(ratio: float, raised: int) -> None:
    found = alerts_of([share(ratio)], [])
    assert len(found) == raised
    for alert in found:
        assert (alert.kind, alert.subject, alert.lens) == ("segment_share", "value-1", "value")
        assert alert.value == ratio
        assert alert.threshold == pytest.approx(0.10)
        assert "Champions" in alert.reason


def test_what_a_new_model_did_to_a_share_is_not_said() -> None:
    split = Decomposition(mix=0.0, behaviour=0.005, model=0.095)
    assert alerts_of([share(0.43, share_split=split, share=0.28)], []) == ()


def test_what_everybody_did_alike_is_not_said_while_sums_are_filling() -> None:
    split = Decomposition(mix=0.0, behaviour=0.03, model=0.0)
    for common, raised in ((None, 1), (0.029, 0), (-0.01, 1), (0.05, 0)):
        found = share(0.154, share=0.21, share_split=split, share_common=common)
        assert len(alerts_of([found], [])) == raised


def test_a_share_within_its_noise_is_not_said() -> None:
    assert alerts_of([share(0.15, share_noise=0.07)], []) == ()


def test_segments_of_few_and_segments_by_rule_are_not_said() -> None:
    assert alerts_of([share(0.5, customers=29, customers_before=20)], []) == ()
    assert alerts_of([share(0.5, customers=29, customers_before=31)], []) != ()
    assert alerts_of([share(0.5, learned=False)], []) == ()
    before = [report(0, dearer(0.0, 0, customers=29))]
    assert alerts_of([dearer(0.9, 4, customers=29)], before) == ()
    before = [report(0, dearer(0.0))]
    assert alerts_of([dearer(0.9, 4, customers=30)], before) != ()


def test_a_restless_service_gets_thresholds_of_its_own() -> None:
    restless = [share(ratio, week) for week, ratio in enumerate([0.09, -0.08] * 6)]
    reports = [report(week, one) for week, one in enumerate(restless)]
    assert alerts_of([share(0.15, 12)], reports[-4:]) != ()
    assert alerts_of([share(0.15, 12)], reports) == ()
    (alert,) = alerts_of([share(0.5, 12)], reports)
    assert alert.threshold > 0.15


def test_weeks_with_an_alert_teach_no_threshold() -> None:
    """Else somebody who looks away long enough would never hear of it again."""
    alerts = run([share(0.3 * (-1) ** week, week) for week in range(20)])
    assert all(len(each) == 1 for each in alerts)


def test_a_quiet_service_keeps_the_default() -> None:
    reports = [report(week, share(0.001, week)) for week in range(30)]
    (alert,) = alerts_of([share(0.12, 30)], reports)
    assert alert.threshold == pytest.approx(0.10)


def test_a_change_of_order_value_is_said_once_while_it_is_in_the_window() -> None:
    effects = [0.0] * 4 + [0.5, 0.7, 0.9, 0.9, 0.2] + [0.0] * 8
    assert [len(each) for each in run([dearer(e, week) for week, e in enumerate(effects)])] == [
        *[0] * 4,
        1,
        *[0] * 12,
    ]


def test_an_effect_that_a_segment_always_shows_is_taken_off() -> None:
    alerts = run([dearer(0.6, week) for week in range(30)])
    assert sum(map(len, alerts)) == 0
    reports = [report(week, dearer(0.6, week)) for week in range(30)]
    (alert,) = alerts_of([dearer(1.2, 30)], reports)
    assert alert.value == pytest.approx(0.6)
    assert "+0.60 is usual" in alert.reason


def test_snapshots_every_quarter_of_an_hour_say_it_once() -> None:
    reports: list[DriftReport] = []
    for number in range(50):
        found = share(0.2).model_copy(update={"shares_since": START - timedelta(days=6)})
        at = START + number * timedelta(minutes=15)
        one = report(0, found, alerts_of([found], reports)).model_copy(update={"instant": at})
        reports.append(one)
    assert [len(one.alerts) for one in reports] == [1] + [0] * 49


@pytest.mark.parametrize(("agrees", "raised"), [(0.95, 0), (0.86, 0), (0.84, 1)])
def test_agreement_under_its_target_is_said(agrees: float, raised: int) -> None:
    found = alerts_of([lens(agreement=Agreement(share=agrees, ari=0.8))], [])
    assert [alert.kind for alert in found] == ["agreement"] * raised
    assert all(alert.threshold == pytest.approx(0.85) for alert in found)


def test_agreement_goes_on_being_said() -> None:
    alerts = run([lens(week, agreement=Agreement(share=0.7, ari=0.5)) for week in range(12)])
    assert all(len(each) == 1 for each in alerts)


def test_another_target_is_taken() -> None:
    found = lens(agreement=Agreement(share=0.93, ari=0.8))
    assert alerts_of([found], [], Targets(agreement=0.95)) != ()


@pytest.mark.parametrize(
    ("gain", "noise", "raised"),
    [(0.01, 0.0, 0), (-0.005, 0.001, 0), (-0.03, 0.002, 1), (-0.03, 0.02, 0)],
)
def test_learning_that_costs_is_said(gain: float, noise: float, raised: int) -> None:
    found = alerts_of([lens(tracking_gain=gain, tracking_noise=noise)], [])
    assert [alert.kind for alert in found] == ["tracking_gain"] * raised
    assert all(alert.value < alert.threshold < 0 for alert in found)


def test_the_most_urgent_comes_first() -> None:
    both = share(0.12).model_copy(update={"agreement": Agreement(share=0.2, ari=0.1)})
    assert [alert.kind for alert in alerts_of([both], [])] == ["agreement", "segment_share"]
