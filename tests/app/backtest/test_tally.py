"""Rates and spreads as they are told, from counts that are known."""

from __future__ import annotations

import pytest

from app.backtest.summary import summary
from app.backtest.tally import LensTally, Tally
from stream.settings import Settings
from stream.settings.lenses import main_lens
from stream.times import DAY_MS


def told(tally: Tally, end_days: int) -> dict[str, object]:
    return summary(
        tally,
        main_lens="value",
        transactions=1000,
        rejected={"no_customer": 3, "bad_date": 2},
        outcomes={"folded": 1000},
        customers=50,
        end_ms=end_days * DAY_MS,
        seconds=2.0,
    )


def test_rates_are_per_hundred_active_customers_and_month() -> None:
    tally = Tally(changes=130, first_model_ms=0, last_ms=60 * DAY_MS)
    tally.by_cause.update(first_model=60, moved=70)
    tally.lenses["value"] = LensTally(active=200, active_days=200 * 60)
    tally.trips.flaps["value"], tally.trips.round_trips["value"] = 3, 30
    tally.finish(90 * DAY_MS)
    found = told(tally, 90)
    assert found["flaps"] == pytest.approx(3 / (2.0 * 3))
    assert found["round_trips"] == pytest.approx(30 / (2.0 * 3))
    assert found["changes_a_week"] == pytest.approx(70 / (90 / 7))
    assert found["rejected"] == 5
    assert found["events_per_second"] == 500


def test_spreads_are_of_snapshots() -> None:
    tally = Tally(first_model_ms=0)
    agreements = [0.9, 0.8, 1.0, 0.95, 0.85]
    tally.lenses["value"] = LensTally(agreement=agreements, smallest=[0.2, 0.1])
    found = told(tally, 30)
    assert found["agreement"] == {"mean": 0.9, "p10": 0.82, "min": 0.8}
    assert found["agreement_model"] is None
    assert found["smallest_segment"] == 0.1


def test_recent_flaps_are_of_the_last_month() -> None:
    tally = Tally()
    lens = tally.lens("value")
    for week in range(9):
        lens.lately.append((week * 7 * DAY_MS, week, week * 700.0))
    tally.trips.flaps["value"], lens.active_days = 8 + 2, 9 * 700.0
    flaps = tally.flaps(9 * 7 * DAY_MS)["value"]
    assert flaps == pytest.approx((10 - 4) / ((9 * 700 - 4 * 700) / 30 / 100))


def test_without_anything_there_is_nothing_to_tell() -> None:
    found = told(Tally(), 30)
    assert found["agreement"] is None
    assert found["flaps"] is None
    assert found["changes_a_week"] is None
    assert found["lenses"] == {}


def test_the_main_lens_is_value_or_the_first() -> None:
    assert main_lens(Settings.model_validate({"lenses": {"habits": {}, "value": {}}})) == "value"
    assert main_lens(Settings.model_validate({"lenses": {"habits": {}}})) == "habits"
