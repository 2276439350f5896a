"""Silence that can be foreseen is foreseen, what can't be is not, and nobody looks ahead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from insights.churn.examples import SILENT_DAYS, Examples, features
from insights.churn.model import fit_churn
from insights.churn.quality import quality
from stream.errors import InputError
from stream.times import DAY_MS

if TYPE_CHECKING:
    from insights.churn.model import Tested

QUARTER_MS = SILENT_DAYS * DAY_MS
FEATURES = features()


def past(at_ms: int, count: int, seed: int, *, foreseeable: bool = True) -> Examples:
    """Customers of whom those who bought seldom and long ago fall silent more often."""
    random = np.random.default_rng(seed)
    table = random.lognormal(0, 1, (count, len(FEATURES)))
    table[:, 0] = random.uniform(0, SILENT_DAYS, count)
    danger = table[:, 0] / 30 - 2 * np.log1p(table[:, 3]) if foreseeable else np.zeros(count)
    silent = random.random(count) < 1 / (1 + np.exp(-danger))
    ids = tuple(f"c{row}" for row in range(count))
    return Examples(at_ms, at_ms + QUARTER_MS, ids, table, silent.astype(np.int64))


def auc_of(tested: Tested) -> float:
    found = quality(tested.predicted, tested.silent).auc
    assert found is not None
    return found


def test_silence_is_foreseen_about_as_well_as_it_can_be() -> None:
    model = fit_churn([past(0, 3_000, 1), past(QUARTER_MS, 3_000, 2)])
    assert model.tested.in_time
    assert model.trained_on == 6_000
    assert auc_of(model.tested) > 0.75
    for one in quality(model.tested.predicted, model.tested.silent).calibration:
        assert one.predicted == pytest.approx(one.observed, abs=0.12)


def test_what_cannot_be_foreseen_is_not() -> None:
    model = fit_churn(
        [past(0, 2_000, 3, foreseeable=False), past(QUARTER_MS, 2_000, 4, foreseeable=False)]
    )
    assert auc_of(model.tested) == pytest.approx(0.5, abs=0.05)


def test_the_test_learns_nothing_that_was_not_known_at_its_instant() -> None:
    """Answers of the instant just before are known only after it: they would give it away."""
    last = past(4 * QUARTER_MS, 1_000, 5, foreseeable=False)
    told = replace(last, instant_ms=last.instant_ms - DAY_MS, known_ms=last.known_ms - DAY_MS)
    old = past(0, 1_000, 6, foreseeable=False)
    model = fit_churn([old, told, last])
    assert model.tested.in_time
    assert auc_of(model.tested) == pytest.approx(0.5, abs=0.06)


def test_one_instant_holds_out_customers_and_says_so() -> None:
    model = fit_churn([past(0, 2_000, 7)])
    assert not model.tested.in_time
    assert 400 < len(model.tested.customers) < 800
    again = fit_churn([past(0, 2_000, 7)]).tested
    assert again.customers == model.tested.customers
    assert again.predicted.tolist() == model.tested.predicted.tolist()


def test_too_few_to_learn_from_are_said_to_be() -> None:
    with pytest.raises(InputError, match="200 customers are needed"):
        fit_churn([past(0, 50, 8)])
    with pytest.raises(InputError, match="200 customers are needed"):
        fit_churn([])


def test_all_alike_have_no_ranking() -> None:
    nobody = Examples(
        0,
        QUARTER_MS,
        tuple(f"c{i}" for i in range(300)),
        np.ones((300, len(FEATURES))),
        np.zeros(300, np.int64),
    )
    model = fit_churn([nobody])
    assert quality(model.tested.predicted, model.tested.silent).auc is None
    assert model.predict(np.ones((2, len(FEATURES)))).tolist() == [0.0, 0.0]
    assert model.predict(np.empty((0, len(FEATURES)))).tolist() == []


def test_calibration_counts_everybody_once() -> None:
    told = quality(np.linspace(0, 1, 57), np.arange(57) % 2)
    assert sum(one.customers for one in told.calibration) == 57
