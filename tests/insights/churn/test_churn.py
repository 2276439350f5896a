"""Silence that can be foreseen is foreseen, what can't be is not, and nobody looks ahead."""

from __future__ import annotations

import numpy as np
import pytest

from insights.churn.examples import FEATURES, SILENT_DAYS, Examples, Seen, examples
from insights.churn.model import fit_churn
from insights.churn.quality import quality
from stream.errors import InputError
from stream.times import DAY_MS

QUARTER_MS = SILENT_DAYS * DAY_MS


def past(at_ms: int, count: int, seed: int, *, foreseeable: bool = True) -> Examples:
    """Customers of whom those who bought seldom and long ago fall silent more often."""
    random = np.random.default_rng(seed)
    table = random.lognormal(0, 1, (count, len(FEATURES)))
    table[:, 0] = random.uniform(0, SILENT_DAYS, count)
    danger = table[:, 0] / 30 - 2 * np.log1p(table[:, 3]) if foreseeable else np.zeros(count)
    silent = random.random(count) < 1 / (1 + np.exp(-danger))
    return Examples(at_ms, tuple(f"c{row}" for row in range(count)), table, silent.astype(np.int64))


def seen(at_ms: int, silence: dict[str, float]) -> Seen:
    column = np.array(list(silence.values()))
    return Seen(at_ms, list(silence), dict.fromkeys(FEATURES, column))


def test_answers_are_read_from_a_quarter_later_for_who_was_not_silent_yet() -> None:
    then = seen(0, {"stays": 3.0, "goes": 5.0, "silent already": 95.0, "erased": 1.0})
    later = seen(QUARTER_MS, {"new": 1.0, "goes": 95.0, "stays": 12.0, "silent already": 185.0})
    made = examples(then, later)
    assert made.customers == ("stays", "goes")
    assert made.silent.tolist() == [0, 1]
    assert made.table[:, 0].tolist() == [3.0, 5.0]


def test_who_bought_right_at_the_instant_and_never_again_is_silent() -> None:
    made = examples(seen(0, {"a": 0.0}), seen(QUARTER_MS, {"a": float(SILENT_DAYS)}))
    assert made.silent.tolist() == [1]


def test_silence_is_foreseen_about_as_well_as_it_can_be() -> None:
    model = fit_churn([past(0, 3_000, 1), past(QUARTER_MS, 3_000, 2)])
    assert model.tested_in_time
    assert model.tested.auc is not None
    assert model.tested.auc > 0.75
    for one in model.tested.calibration:
        assert one.predicted == pytest.approx(one.observed, abs=0.12)


def test_what_cannot_be_foreseen_is_not() -> None:
    model = fit_churn(
        [past(0, 2_000, 3, foreseeable=False), past(QUARTER_MS, 2_000, 4, foreseeable=False)]
    )
    assert model.tested.auc == pytest.approx(0.5, abs=0.05)


def test_the_test_learns_nothing_that_was_not_known_at_its_instant() -> None:
    """Answers of the instant just before are known only after it: they would give it away."""
    last = past(4 * QUARTER_MS, 1_000, 5, foreseeable=False)
    told = Examples(last.instant_ms - DAY_MS, last.customers, last.table, last.silent)
    old = past(0, 1_000, 6, foreseeable=False)
    model = fit_churn([old, told, last])
    assert model.tested_in_time
    assert model.tested.auc == pytest.approx(0.5, abs=0.06)


def test_one_instant_holds_out_customers_and_says_so() -> None:
    model = fit_churn([past(0, 2_000, 7)])
    assert not model.tested_in_time
    assert 400 < model.tested.customers < 800
    assert fit_churn([past(0, 2_000, 7)]).tested == model.tested


def test_too_few_to_learn_from_are_said_to_be() -> None:
    with pytest.raises(InputError, match="needs 200 customers"):
        fit_churn([past(0, 50, 8)])
    with pytest.raises(InputError, match="needs 200 customers"):
        fit_churn([])


def test_all_alike_have_no_ranking() -> None:
    nobody = Examples(
        0,
        tuple(f"c{i}" for i in range(300)),
        np.ones((300, len(FEATURES))),
        np.zeros(300, np.int64),
    )
    model = fit_churn([nobody])
    assert model.tested.auc is None
    assert model.predict(np.ones((2, len(FEATURES)))).tolist() == [0.0, 0.0]
    assert model.predict(np.empty((0, len(FEATURES)))).tolist() == []


def test_calibration_counts_everybody_once() -> None:
    told = quality(np.linspace(0, 1, 57), np.arange(57) % 2)
    assert sum(one.customers for one in told.calibration) == 57
