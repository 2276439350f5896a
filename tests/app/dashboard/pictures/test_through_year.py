"""Months are shares of purchases, by who made them; months still to come are no zeros."""

from __future__ import annotations

import numpy as np
import pytest

from app.dashboard.pictures.labelled import OTHERS, colours_of, part_bars, parts_of
from app.dashboard.pictures.shown import Shown
from app.dashboard.pictures.through_year import (
    Rhythm,
    month_shares,
    rhythms,
    year_lines,
    year_squares,
)

LOYAL, FEW = Shown("value-1", "Loyal", "#0897f2"), Shown("value-2", "Few", "#096464")


def features(march: list[float], purchases: list[float]) -> dict[str, np.ndarray]:
    rest = 1.0 - np.array(march)
    found = {f"month_{month:02}_share": np.zeros(len(march)) for month in range(1, 13)}
    return found | {
        "month_03_share": np.array(march),
        "month_04_share": rest,
        "purchases": np.array(purchases),
    }


def test_who_buys_more_counts_more() -> None:
    own = features([1.0] + [0.0] * 9, [30.0] + [1.0] * 9)
    shares = month_shares(own, np.ones(10, np.bool_))
    assert shares is not None
    assert shares[2] == pytest.approx(30 / 39)
    assert shares.sum() == pytest.approx(1.0)


def test_a_handful_or_nobody_has_no_rhythm() -> None:
    assert month_shares(features([1.0] * 9, [1.0] * 9), np.ones(9, np.bool_)) is None
    assert month_shares(features([1.0] * 20, [0.0] * 20), np.ones(20, np.bool_)) is None
    ids = ["value-1"] * 10 + ["value-2"] * 2
    found = rhythms(features([1.0] * 12, [1.0] * 12), ids, [LOYAL, FEW])
    assert [one.name for one in found] == ["Loyal"]


def test_months_that_nobody_lived_through_are_left_out() -> None:
    shares = np.array([0.5, 0.5] + [0.0] * 10)
    other = np.array([1.0] + [0.0] * 11)
    drawn = year_lines([Rhythm("all", "#000000", shares), Rhythm("one", "#111111", other)])
    assert drawn.data[1].y[1] == 0.0
    assert np.isnan(drawn.data[1].y[2:].astype(float)).all()
    assert year_squares([Rhythm("one", "#111111", other)]).data[0].text[0][0] == "100"


def test_rare_labels_are_taken_together_and_unknown_ones_left_out() -> None:
    labels = [f"land {number}" for number in range(7) for _ in range(20 - number)]
    found = parts_of([*labels, None], ["value-1"] * (len(labels) + 1), [LOYAL])
    assert found[0].customers == len(labels)
    assert sum(found[0].shares.values()) == pytest.approx(1.0)
    assert found[0].shares[OTHERS] == pytest.approx(14 / len(labels))
    assert list(colours_of(found))[-1] == OTHERS
    assert len(part_bars(found).data) == 7


def test_a_handful_has_no_labels() -> None:
    assert parts_of(["Spain"] * 9, ["value-1"] * 9, [LOYAL]) == []
    assert parts_of([], [], [LOYAL]) == []
