"""What customers will spend is worked out of a snapshot, and held against what then comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.enriching import lifetime
from app.enriching.lifetime import UNTESTED, LifetimeValue
from snapshot.enriching import Enrichment
from snapshot.history import History
from stream.errors import InputError
from tests.app.enriching.shop import Shop, shop

if TYPE_CHECKING:
    from pathlib import Path

    from snapshot.moment import Moment
    from stream.contracts.insight_report import LifetimeModel

NOW = 400


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def valued(history: History, moment: Moment, weeks: float = 26.0) -> Enrichment:
    return LifetimeValue(history, weeks).enrich(moment, Enrichment())


def model(found: Enrichment) -> LifetimeModel:
    assert found.lifetime is not None
    return found.lifetime


def test_everybody_who_bought_has_a_value_within_an_interval(history: History) -> None:
    moment = shop().moment(NOW)
    numbers = valued(history, moment).numbers
    clv, low, high, alive = (
        numbers[name] for name in ("clv", "clv_low", "clv_high", "probability_alive")
    )
    assert (low <= clv).all()
    assert (clv <= high).all()
    assert (low < high).any()
    assert ((alive > 0) & (alive <= 1)).all()
    assert np.corrcoef(clv, moment.table.columns(["spend"])[:, 0])[0, 1] > 0.5


def test_more_weeks_are_worth_more(history: History) -> None:
    moment = shop().moment(NOW)
    short, long = (valued(history, moment, weeks) for weeks in (13.0, 52.0))
    assert (short.numbers["clv"] < long.numbers["clv"]).all()
    assert (model(short).weeks, model(long).weeks) == (13.0, 52.0)


def test_who_brought_everything_back_is_not_scored(history: History) -> None:
    moment = shop().moment(NOW)
    orders = moment.table.names.index("orders")
    moment.table.features[:5, orders] = 0.0
    for column in valued(history, moment).numbers.values():
        assert np.isnan(column).tolist() == [True] * 5 + [False] * (len(moment) - 5)


def test_what_was_expected_half_a_year_ago_is_held_against_what_came(history: History) -> None:
    of = shop(2_500)
    of.keep(history, [NOW - 300, NOW - 190, NOW - 90, NOW - 7, NOW])
    found = valued(history, of.moment(NOW))
    told = model(found)
    assert told.held_out_since is not None
    assert told.held_out_since.timestamp() == (NOW - 190) * 86_400
    then = of.moment(NOW - 190)
    assert sum(row.customers for row in told.held_out) == len(then)
    orders = _orders(of, NOW) - _orders(of, NOW - 190)
    expected = dict(zip(then.table.ids, _repeats(then), strict=True))
    for row in told.held_out:
        mine = [orders[who] for who, repeats in expected.items() if min(repeats, 7) == row.repeats]
        assert row.customers == len(mine)
        assert row.actual == pytest.approx(np.mean(mine))
    predicted = sum(row.customers * row.predicted for row in told.held_out)
    assert predicted == pytest.approx(sum(orders[who] for who in expected), rel=0.15)
    assert found.problems == ()


class _Counts(dict[str, int]):
    def __sub__(self, other: _Counts) -> _Counts:
        return _Counts({who: count - other.get(who, 0) for who, count in self.items()})


def _orders(of: Shop, day: int) -> _Counts:
    return _Counts({who: int((days < day).sum()) for who, days in of.days.items()})


def _repeats(moment: Moment) -> list[int]:
    return [int(one) - 1 for one in moment.table.columns(["orders"])[:, 0]]


def test_what_came_after_the_earlier_snapshot_does_not_change_what_it_expects(
    history: History, tmp_path: Path
) -> None:
    of, split = shop(), NOW - 182
    told = []
    for number, world in enumerate((of, of.otherwise_after(split, seed=3))):
        past = History(tmp_path / str(number))
        world.keep(past, [split])
        told.append(model(valued(past, world.moment(NOW))))
    mine, others = (
        [(row.repeats, row.customers, row.predicted) for row in one.held_out] for one in told
    )
    assert mine == others
    assert [row.actual for row in told[0].held_out] != [row.actual for row in told[1].held_out]


def test_a_snapshot_with_too_few_customers_gives_way_to_a_later_one(history: History) -> None:
    of = shop()
    of.keep(history, [10, 110])
    told = model(valued(history, of.moment(202)))
    assert told.held_out_since is not None
    assert told.held_out_since.timestamp() == 110 * 86_400


def test_without_an_earlier_snapshot_it_says_that_it_is_not_tested(history: History) -> None:
    of = shop()
    of.keep(history, [NOW - 14, NOW])
    found = valued(history, of.moment(NOW))
    assert model(found).held_out == ()
    assert found.problems == (UNTESTED,)


def test_too_few_customers_are_said_to_be(history: History) -> None:
    with pytest.raises(InputError, match="are too few to say"):
        valued(history, shop(40).moment(NOW))


def test_of_many_customers_some_are_fitted_on_and_all_are_scored(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = shop()
    of.keep(history, [NOW - 182])
    moment = of.moment(NOW)
    whole = valued(history, moment)
    monkeypatch.setattr(lifetime, "FITTED_ON", 800)
    found = valued(history, moment)
    told = model(found)
    assert told.customers == 800
    assert 0 < sum(row.customers for row in told.held_out) < 800
    assert not np.isnan(found.numbers["clv"]).any()
    assert found.numbers["clv"].sum() == pytest.approx(whole.numbers["clv"].sum(), rel=0.2)
