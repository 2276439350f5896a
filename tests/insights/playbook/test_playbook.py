"""Every kind of segment has a play, budgets add up, and what is expected is what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.playbook.budget import split
from insights.playbook.engagement import NEEDED, engagement
from insights.playbook.plays import playbook
from insights.playbook.returns import Campaign, returns
from snapshot.naming.archetypes import ARCHETYPES
from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[default]
strategy = "Ask"
actions = ["Ask them"]
channels = ["e-mail"]
discount = [0, 5]
budget = 1
response = 0.1
return = 2.0
"""


@pytest.mark.parametrize("name", [one.name for one in ARCHETYPES] + ["Dormant", "No net spend"])
def test_each_name_that_a_segment_can_get_has_a_play_of_its_own(name: str) -> None:
    book = playbook()
    assert book.of(name) != book.default


def test_no_name_stands_in_two_plays() -> None:
    names = [name for play in playbook().play for name in play.segments]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("nonsense", "it is no TOML"),
        (GOOD.replace("[0, 5]", "[9, 5]"), "default.discount: should have the smaller percentage"),
        (GOOD.replace("budget = 1", "budgett = 1"), "default.budget: Field required"),
        (GOOD + '[[play]]\nfor = ["A"]\n', "play.0.strategy: Field required"),
    ],
)
def test_a_playbook_that_is_wrong_says_where(text: str, fact: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"mine\.toml") as told:
        playbook(file)
    assert fact in str(told.value)


def test_a_playbook_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        playbook(tmp_path / "none.toml")


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1e9), min_size=1, max_size=12))
def test_a_budget_adds_up_to_a_hundred(weights: dict[str, float]) -> None:
    shares = split(weights)
    assert sum(round(10 * share) for share in shares.values()) == 1_000
    whole = sum(weights.values())
    for name, weight in weights.items():
        if whole:
            assert abs(shares[name] - 100 * weight / whole) <= 0.1 + 1e-6


@given(st.lists(st.tuples(*[st.floats(-10, 1e7)] * 4), min_size=1, max_size=9))
def test_engagement_lies_between_0_and_100(rows: list[tuple[float, ...]]) -> None:
    scores = engagement(dict(zip(NEEDED, np.array(rows).T, strict=True)))
    assert ((scores >= 0) & (scores <= 100)).all()


def test_engagement_falls_with_silence_and_grows_with_orders() -> None:
    base = {name: np.full(3, 5.0) for name in NEEDED}
    silent = engagement(base | {"recency_days": np.array([1.0, 30.0, 90.0])})
    often = engagement(base | {"orders_w90": np.array([1.0, 3.0, 9.0])})
    assert (np.diff(silent) < 0).all()
    assert (np.diff(often) > 0).all()


def test_a_campaign_ends_within_its_bounds_as_often_as_said() -> None:
    plan = Campaign(4_000, 2_000, 0.04, 50.0, 0.5, order_spread=0.8, tried_on=2_000)
    bounds = returns(plan).profit
    random = np.random.default_rng(3)
    inside = [bounds.low <= _happens(random, plan) <= bounds.high for _ in range(400)]
    assert np.mean(inside) == pytest.approx(0.9, abs=0.06)


def _happens(random: np.random.Generator, plan: Campaign) -> float:
    """One campaign, order by order."""
    true = random.beta(plan.response * plan.tried_on, (1 - plan.response) * plan.tried_on)
    orders = random.random(plan.customers) < true
    shape = 1 / plan.order_spread**2
    values = random.gamma(shape, plan.order_value / shape, int(orders.sum()))
    return float(values.sum() * plan.margin - plan.budget)


def test_the_more_it_was_tried_the_surer_it_is() -> None:
    guess = Campaign(10_000, 1_000, 0.05, 30.0, 0.5)
    tried = Campaign(10_000, 1_000, 0.05, 30.0, 0.5, tried_on=20_000)
    widths = [plan.profit.high - plan.profit.low for plan in map(returns, (guess, tried))]
    assert widths[1] < widths[0] / 3


def test_nobody_contacted_or_nothing_spent_divides_by_nothing() -> None:
    nobody = returns(Campaign(0, 100, 0.1, 20, 0.4))
    assert (nobody.profit.mean, nobody.chance_of_profit, nobody.break_even_response) == (
        -100,
        0.0,
        None,
    )
    assert returns(Campaign(10, 0, 0.1, 20, 0.4)).return_on_budget is None


def test_a_plan_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="response should be between 0 and 1, and is 5"):
        Campaign(10, 1, 5, 20, 0.4)
