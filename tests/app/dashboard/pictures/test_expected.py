"""Pictures of forecasts and experiments hold the numbers that they were given."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf

import pytest

from app.dashboard.film import MOST_STEPS, steps_of
from app.dashboard.pictures.believing import calibration, held_out_bars, repeats_of
from app.dashboard.pictures.in_time import At
from app.dashboard.pictures.lifts import lift_picture
from app.dashboard.pictures.paying import paying_curve
from app.dashboard.pictures.worth import risk_points, worth_bars
from app.experimenting.reading import Result
from insights.experiments.reading import Lift, Reading
from insights.playbook.returns import Expected
from stream.contracts.experiment import ExperimentArm, ExperimentPlan
from stream.contracts.insight_report import CalibrationBin, HeldOutRow, SegmentInsight
from stream.contracts.segment import SegmentRef

AT = datetime(2025, 2, 11, tzinfo=UTC)


def test_calibration_has_a_point_for_each_bin() -> None:
    bins = [CalibrationBin(customers=9, predicted=0.2, observed=0.3)]
    drawn = calibration(bins)
    assert (drawn.data[1].x, drawn.data[1].y) == ((0.2,), (0.3,))
    assert calibration([]).data


def test_the_last_row_stands_for_more() -> None:
    rows = [HeldOutRow(repeats=n, customers=5, predicted=n, actual=n + 1) for n in range(3)]
    assert repeats_of(rows) == ["0", "1", "2+"]
    assert list(held_out_bars(rows).data[1].y) == [1, 2, 3]


def test_segments_of_which_nothing_is_known_are_left_out() -> None:
    known = segment("value-1", 500.0, 10)
    drawn = worth_bars([known, segment("value-2", None, 5)])
    assert drawn.data[0].text == ("500 · 50 each",)
    assert worth_bars([]).data[0].x == ()
    assert len(risk_points([known]).data) == 2


def test_a_campaign_that_never_pays_has_no_mark_for_it() -> None:
    profits = [Expected(one, one - 1, one + 1) for one in (-3.0, -2.0)]
    assert len(paying_curve([0.0, 0.1], profits, 0.05, None).layout.annotations) == 1
    assert len(paying_curve([0.0, 0.1], profits, 0.05, 0.02).layout.annotations) == 2


def test_lifts_are_in_points_and_those_of_too_few_not_drawn() -> None:
    lifts = (lift(None, 0.05, 0.01, 0.09), lift("value-1", 0.0, -inf, inf))
    drawn = lift_picture(result(lifts))
    assert len(drawn.data) == 1
    assert drawn.data[0].x[0] == pytest.approx(5.0)
    assert drawn.data[0].error_x.array[0] == pytest.approx(4.0)


def test_a_film_is_short_and_ends_with_the_last_snapshot() -> None:
    many = [At(AT, {"value-1": number}, {}) for number in range(1, 205)]
    steps = steps_of(many)
    assert len(steps) <= MOST_STEPS
    assert steps[-1] is many[-1]
    assert steps_of(many[:3]) == many[:3]


def segment(segment_id: str, clv: float | None, customers: int) -> SegmentInsight:
    ref = SegmentRef(id=segment_id, name=segment_id)
    return SegmentInsight(
        lens="value",
        segment=ref,
        customers=customers,
        revenue=0.0,
        clv=clv,
        probability_alive=0.5,
        churn_risk=0.5,
    )


def lift(of: str | None, by: float, low: float, high: float) -> Lift:
    return Lift("treatment", of, (50, 50), (0.1, 0.1 + by), by, low, high, None)


def result(lifts: tuple[Lift, ...]) -> Result:
    arms = tuple(ExperimentArm(name=name, share=0.5) for name in ("control", "treatment"))
    plan = ExperimentPlan(name="spring", lens="value", arms=arms, lift=0.1, created_at=AT)
    ref = SegmentRef(id="value-1", name="Loyal")
    return Result(plan, "bought", 0, 1, (50, 50), 0, 0, 0.0, (ref,), Reading(0.9, lifts), False)
