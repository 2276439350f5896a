"""Hours and weekends are the shopper's; who has bought next to nothing makes no picture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from app.dashboard.pictures.shown import Shown
from app.dashboard.pictures.when import by_hour, hours_of, weekend_bars, weekend_shares
from stream.contracts.fast import Line

EAST = timezone(timedelta(hours=9))
REGULARS, FEW = Shown("value-1", "Regulars", "#0897f2"), Shown("value-2", "Few", "#096464")


def line(at: datetime, quantity: float = 1.0, *, time_known: bool = True) -> Line:
    return Line(
        customer_id="c", occurred_at=at, quantity=quantity, unit_price=1.0, time_known=time_known
    )


def test_hours_and_days_are_by_the_shoppers_clock() -> None:
    friday_evening = datetime(2025, 3, 7, 23, 30, tzinfo=UTC)  # Saturday morning in the east
    hours = hours_of([line(friday_evening), line(friday_evening.astimezone(EAST))])
    assert hours.workdays[23] == hours.weekends[8] == 1
    assert hours.days == (1, 1)
    assert hours.purchases == 2


def test_returns_and_days_without_a_time_have_no_hour() -> None:
    at = datetime(2025, 3, 4, 9, tzinfo=UTC)
    hours = hours_of([line(at, -1.0), line(at, time_known=False), line(at)])
    assert hours.purchases == 1
    assert hours.unknown == 1


def test_a_day_is_the_average_one() -> None:
    at = datetime(2025, 3, 3, 9, tzinfo=UTC)
    figure = by_hour(hours_of([line(at), line(at), line(at + timedelta(days=1))]))
    assert len(figure.data) == 1  # there was no weekend
    assert figure.data[0].y[9] == 1.5


def test_weekend_shares_count_customers_by_their_purchases() -> None:
    features = {
        "weekend_ratio": np.array([1.0] + [0.0] * 9 + [1.0] * 3),
        "purchases": np.array([31.0] + [1.0] * 9 + [5.0] * 3),
    }
    segments = ["value-1"] * 10 + ["value-2"] * 3
    shares = weekend_shares(features, segments, [REGULARS, FEW])
    ((segment, share),) = shares  # three customers say nothing
    assert segment is REGULARS
    assert share == pytest.approx(31 / 40)
    assert "Regulars" in weekend_bars(shares).data[0].y[0]


def test_nobody_makes_an_empty_picture() -> None:
    assert len(weekend_bars([]).data[0].x) == 0
