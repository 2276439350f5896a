"""Arms are even and the same everywhere; lifts are found, and nothing is found in nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import norm

from insights.experiments.assigning import assign, assign_later
from insights.experiments.plan import Arm, Plan
from insights.experiments.reading import read
from insights.experiments.sizing import customers_for_mean, customers_for_share
from stream.errors import InputError

PLAN = Plan(name="spring", lens="value")
THREE = Plan(
    name="three",
    lens="value",
    arms=(Arm(name="a", share=0.6), Arm(name="b", share=0.3), Arm(name="c", share=0.1)),
)


@given(st.lists(st.sampled_from(["value-1", "value-2", "value-3"]), max_size=200))
def test_arms_are_even_within_each_segment(segments: list[str]) -> None:
    customers = [f"c{row}" for row in range(len(segments))]
    arms = assign(THREE, customers, segments)
    for segment in set(segments):
        of = arms[np.array(segments) == segment]
        for place, arm in enumerate(THREE.arms):
            assert abs((of == place).sum() - arm.share * len(of)) <= 1


def test_the_order_of_customers_decides_nothing() -> None:
    customers = [f"c{row}" for row in range(500)]
    segments = [f"value-{row % 3}" for row in range(500)]
    shuffled = np.random.default_rng(1).permutation(500)
    arms = assign(PLAN, customers, segments)
    again = assign(PLAN, [customers[i] for i in shuffled], [segments[i] for i in shuffled])
    assert again.tolist() == arms[shuffled].tolist()


def test_another_process_assigns_the_same() -> None:
    customers = [f"c{row}" for row in range(50)]
    program = (
        "import json; from insights.experiments.plan import Plan;"
        "from insights.experiments.assigning import assign_later as assign;"
        "customers = [f'c{row}' for row in range(50)];"
        "print(json.dumps(assign(Plan(name='spring', lens='value'), customers).tolist()))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert json.loads(told.stdout) == assign_later(PLAN, customers).tolist()


def test_who_comes_later_is_shared_out_as_planned() -> None:
    arms = assign_later(THREE, [f"new{row}" for row in range(20_000)])
    assert np.bincount(arms) / 20_000 == pytest.approx([0.6, 0.3, 0.1], abs=0.01)


def test_two_experiments_cut_customers_independently() -> None:
    customers = [f"c{row}" for row in range(10_000)]
    one, other = (
        assign_later(PLAN, customers),
        assign_later(Plan(name="summer", lens="value"), customers),
    )
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"name": "Spring sale"}, "small letters and digits"),
        ({"arms": [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.4}]}, "add up to 1"),
        ({"arms": [{"name": "a", "share": 0.5}, {"name": "a", "share": 0.5}]}, "of its own"),
        ({"arms": [{"name": "a", "share": 1}]}, "at least 2 items"),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused(change: dict[str, object], fact: str) -> None:
    with pytest.raises(ValidationError, match=fact):
        Plan.model_validate({"name": "spring", "lens": "value"} | change)


def test_the_size_finds_its_lift_as_often_as_said() -> None:
    base, lift = 0.2, 0.25
    count = customers_for_share(base, lift)
    random = np.random.default_rng(5)
    bought = random.binomial(count, [[base, base * (1 + lift)]] * 2_000) / count
    error = np.sqrt((bought * (1 - bought)).sum(axis=1) / count)
    found = np.abs(bought[:, 1] - bought[:, 0]) / error > norm.ppf(0.975)
    assert found.mean() == pytest.approx(0.8, abs=0.03)


def test_a_larger_spread_takes_more_customers() -> None:
    assert customers_for_mean(50, 160, 0.1) == pytest.approx(
        4 * customers_for_mean(50, 80, 0.1), rel=1e-3
    )
    with pytest.raises(InputError, match="can't change by"):
        customers_for_share(0.9, 0.2)


def test_looking_every_day_finds_nothing_in_nothing() -> None:
    random, false = np.random.default_rng(8), 0
    for _ in range(120):
        arms = random.integers(0, 2, 3_000)
        outcomes = (random.random(3_000) < 0.3).astype(float)
        looks = [
            read(PLAN, arms[:n], ["s"] * n, outcomes[:n]).lifts[0] for n in range(100, 3_001, 100)
        ]
        false += any(look.is_sure for look in looks)
    assert false / 120 <= 0.06


def test_a_lift_that_is_there_is_found_where_it_is() -> None:
    random = np.random.default_rng(9)
    segments = np.array(["value-1", "value-2"]).repeat(6_000)
    customers = [f"c{row}" for row in range(12_000)]
    arms = assign(PLAN, customers, segments.tolist())
    better = 0.1 * ((arms == 1) & (segments == "value-1"))
    outcomes = (random.random(12_000) < 0.2 + better).astype(float)
    reading = read(PLAN, arms, segments.tolist(), outcomes)
    assert not reading.is_broken
    everybody, first, second = reading.lifts
    assert (everybody.segment, first.segment, second.segment) == (None, "value-1", "value-2")
    assert everybody.is_sure
    assert first.is_sure
    assert first.low < 0.1 < first.high
    assert not second.is_sure


def test_arms_of_other_sizes_than_planned_are_broken() -> None:
    arms = np.array([0] * 1_000 + [1] * 800)
    assert read(PLAN, arms, ["s"] * 1_800, np.zeros(1_800)).is_broken


def test_few_customers_and_none_say_nothing() -> None:
    few = read(PLAN, np.array([0, 1, 1]), ["s"] * 3, np.array([1.0, 0.0, 1.0]))
    assert not any(lift.is_sure for lift in few.lifts)
    none = read(PLAN, np.empty(0, np.int64), [], np.empty(0))
    assert [lift.relative for lift in none.lifts] == [None]
