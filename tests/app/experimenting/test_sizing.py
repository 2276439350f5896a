"""The base is what a segment's customers did between two snapshots, as pandas has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from app.experimenting.sizing import Base, base_of, size_of
from app.experimenting.words import sized
from insights.experiments.plan import Plan
from insights.experiments.reading import read
from snapshot.history import History
from stream.errors import InputError
from stream.times import DAY_MS
from tests.snapshot.history.moments import EVERYBODY, FEATURES, JUNE_MS, moment, reconciled

if TYPE_CHECKING:
    from pathlib import Path

    from snapshot.moment import Moment

LATER_MS = JUNE_MS + 30 * DAY_MS


@pytest.fixture
def past(tmp_path: Path) -> History:
    """Some came in between, some were erased."""
    history = History(tmp_path / "history")
    for one in moments():
        history.write(one, reconciled(one))
    return history


def moments() -> tuple[Moment, Moment]:
    return moment(), moment(LATER_MS, [*EVERYBODY[5:], "new1", "new2"], seed=1)


def table(of: Moment) -> pd.DataFrame:
    columns = {name: of.table.features[:, FEATURES.index(name)] for name in ("orders", "spend")}
    segments = of.lenses["value"].segment_ids()
    return pd.DataFrame(
        {**columns, "last": of.table.last_purchase_ms, "segment": segments}, index=of.table.ids
    )


@pytest.mark.parametrize("outcome", ["bought", "orders", "spend"])
def test_the_base_is_what_came_between_two_snapshots(past: History, outcome: str) -> None:
    then, now = map(table, moments())
    both = then[then["segment"] == "value-2"].join(now.add_suffix("_now"), how="inner")
    came = both["last_now"] >= JUNE_MS if outcome == "bought" else None
    values = came if came is not None else both[f"{outcome}_now"] - both[outcome]
    found = base_of(past, "value", "value-2", outcome, 28)
    assert (found.customers, found.from_ms, found.to_ms) == (len(both), JUNE_MS, LATER_MS)
    assert found.mean == pytest.approx(values.mean())
    assert found.deviation == (None if outcome == "bought" else pytest.approx(values.std()))


@pytest.mark.parametrize(
    ("lens", "segment", "outcome", "days", "fact"),
    [
        ("habits", "value-2", "bought", 28, "lens 'habits'"),
        ("value", "Nobody", "bought", 28, "there is no segment 'Nobody'"),
        ("value", "value-2", "visits", 28, "bought, orders, spend"),
        ("value", "value-2", "bought", 90, "no snapshot as early"),
    ],
)
def test_what_cannot_be_measured_is_said(
    past: History, lens: str, segment: str, outcome: str, days: float, fact: str
) -> None:
    with pytest.raises(InputError, match=fact):
        base_of(past, lens, segment, outcome, days)


def test_an_empty_history_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no snapshots"):
        base_of(History(tmp_path), "value", "value-2", "bought", 28)


def test_whether_there_are_customers_enough_is_said(past: History) -> None:
    base = base_of(past, "value", "value-2", "bought", 28)
    assert "only" in "\n".join(sized(size_of(base, 0.01, 0.8)))
    many = Base(0.5, None, 1_000_000, JUNE_MS, LATER_MS, "value-2")
    assert "That many there are" in "\n".join(sized(size_of(many, 0.1, 0.8)))


def test_more_arms_take_more_customers_each() -> None:
    two, four = (size_of(Base(0.2, None), 0.1, 0.8, arms) for arms in (2, 4))
    assert two.once < four.once


def test_intervals_find_the_lift_as_often_as_said() -> None:
    """With the customers that `size` says it takes where one looks at any time."""
    plan = Plan(name="sized", lens="value", lift=0.2)
    each = size_of(Base(10.0, 8.0), plan.lift, 0.8).any_time
    random, found = np.random.default_rng(4), 0
    arms = np.repeat([0, 1], each)
    for _ in range(400):
        outcomes = random.normal(10 * (1 + plan.lift * arms), 8)
        found += read(plan, arms, ["s"] * len(arms), outcomes).lifts[0].is_sure
    assert found / 400 == pytest.approx(0.8, abs=0.06)
