"""The published parameters come out, and what is expected of customers is what they do."""

from __future__ import annotations

import numpy as np
import pytest

from insights.clv.bg_nbd import fit_bg_nbd
from insights.clv.gamma_gamma import GammaGamma, fit_gamma_gamma
from insights.clv.holdout import held_out
from insights.clv.purchases import Purchases
from insights.clv.scoring import fit_lifetime, score
from stream.errors import InputError
from tests.insights.clv.cdnow import HOLDOUT_WEEKS, cdnow
from tests.insights.clv.made_up import TRUTH, WORTH, shop


def test_the_published_parameters_of_cdnow_come_out() -> None:
    known = cdnow().known
    model = fit_bg_nbd(known)
    assert np.round(model, 3).tolist() == [0.243, 4.414, 0.793, 2.426]
    assert model.log_likelihoods(known).sum() == pytest.approx(-9582.4, abs=0.05)
    assert np.round(fit_gamma_gamma(known), 2).tolist() == [6.25, 3.74, 15.44]


def test_cdnow_buys_after_the_split_about_what_was_expected() -> None:
    known, actual = cdnow()
    rows = held_out(known, fit_bg_nbd(known).expected(known, HOLDOUT_WEEKS), actual)
    assert sum(row.customers for row in rows) == len(actual)
    expected, came = (np.array([getattr(row, name) for row in rows]) for name in HELD)
    assert np.corrcoef(expected, came)[0, 1] > 0.97
    assert abs(expected[0] - came[0]) < 0.06


HELD = ("expected", "actual")


def test_planted_parameters_are_found_again() -> None:
    known, _ = shop(8_000, seed=1, weeks=60, later=1)
    lifetime = fit_lifetime(known)
    assert lifetime.bg_nbd == pytest.approx(TRUTH, rel=0.25)
    assert lifetime.gamma_gamma == pytest.approx(WORTH, rel=0.25)


def test_customers_spend_what_is_said_and_within_the_interval() -> None:
    known, spent = shop(6_000, seed=2, weeks=50, later=26)
    scores = score(fit_lifetime(known), known, weeks=26)
    assert scores.clv.mean() == pytest.approx(spent.mean(), rel=0.1)
    within = (scores.low <= spent) & (spent <= scores.high)
    assert 0.78 <= within.mean() <= 0.93  # counts are whole, so it covers a little more
    assert (scores.low <= scores.clv).all()
    assert (scores.clv <= scores.high).all()


def test_a_score_does_not_depend_on_who_else_is_scored() -> None:
    known, _ = shop(400, seed=3, weeks=50, later=1)
    lifetime = fit_lifetime(known)
    some = np.arange(len(known.age)) % 7 == 0
    alone = score(lifetime, known.of(some))
    for column, among in zip(alone, score(lifetime, known), strict=True):
        assert column.tolist() == among[some].tolist()


def test_who_bought_once_cannot_have_stopped_and_silence_makes_it_likely() -> None:
    model = fit_bg_nbd(shop(2_000, seed=4, weeks=50, later=1)[0])
    known = Purchases(*np.array([[0, 5, 5], [0, 40, 10], [45, 45, 45], [9, 9, 9]], dtype=float))
    once, lately, silent = model.alive(known)
    assert once == 1.0
    assert silent < 0.1 < lately


def test_too_few_customers_are_said_to_be() -> None:
    known, _ = shop(20, seed=5, weeks=50, later=1)
    with pytest.raises(InputError, match=r"20 customers, of whom \d+ bought again, are too few"):
        fit_lifetime(known)


def test_purchases_of_one_price_need_no_fit() -> None:
    known, _ = shop(300, seed=6, weeks=50, later=1)
    alike = known._replace(value=np.where(known.repeats > 0, 9.9, 0.0))
    model = fit_gamma_gamma(alike)
    assert isinstance(model, GammaGamma)
    assert model.value(alike) == pytest.approx(np.full(300, 9.9), rel=1e-3)


def test_a_customer_without_a_purchase_scores_finite_numbers() -> None:
    known, _ = shop(400, seed=7, weeks=50, later=1)
    nothing = Purchases(*np.zeros((4, 1)))
    for column in score(fit_lifetime(known), nothing):
        assert np.isfinite(column).all()
