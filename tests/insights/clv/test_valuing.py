"""A whole table is valued as those who bought are by themselves; of all others nothing is said."""

from __future__ import annotations

import numpy as np
import pytest

from insights.clv.purchases import NEEDED, WEEK_DAYS, purchases
from insights.clv.scoring import fit_lifetime, score
from insights.clv.valuing import valued
from stream.errors import InputError
from tests.insights.clv.made_up import shop

WEEKS = 26.0


def features() -> dict[str, np.ndarray]:
    """Every fifth never bought, or brought it all back."""
    known, _ = shop(1_000, seed=4, weeks=52.0, later=0.0)
    tenure = known.age * WEEK_DAYS
    columns = (known.repeats + 1, tenure, tenure - known.last * WEEK_DAYS, known.value)
    found = dict(zip(NEEDED, columns, strict=True))
    found["orders"][::5] = 0.0
    return found


def test_who_bought_is_scored_by_models_of_those_who_bought() -> None:
    table = features()
    bought = table["orders"] > 0
    alone = purchases({name: column[bought] for name, column in table.items()})
    expected = score(fit_lifetime(alone), alone, WEEKS)
    found = valued(table, WEEKS)
    assert found.customers == bought.sum()
    assert found.fitted == fit_lifetime(alone)
    columns = (expected.clv, expected.low, expected.high, expected.probability_alive)
    for mine, column in zip(found.numbers.values(), columns, strict=True):
        assert np.isnan(mine[~bought]).all()
        assert mine[bought] == pytest.approx(column)


def test_of_many_some_are_fitted_on_and_all_are_scored() -> None:
    table = features()
    found = valued(table, WEEKS, most=500)
    assert found.customers == 500
    assert np.isfinite(found.numbers["clv"]).tolist() == (table["orders"] > 0).tolist()


def test_too_few_are_said_to_be() -> None:
    few = {name: column[:50] for name, column in features().items()}
    with pytest.raises(InputError, match="too few"):
        valued(few)
