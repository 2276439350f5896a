"""Each guard holds back what it is for, and says so with the numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from snapshot.choices import Guards
from snapshot.promotion import held_back, too_soon
from snapshot.refitting import Present, refit
from stream.model.arrays import DAY_MS
from tests.snapshot.crowds import CHOICES, Crowd, T, moment, reconciled, three, under, value

if TYPE_CHECKING:
    from snapshot.refitting import Refit

NOTHING = Guards(smallest_share=0.0, least_separation=-1.0, most_moved=1.0)


def fit() -> Refit:
    crowds = three() | {"most": Crowd(3.4, 7.5, 10)}
    return refit(moment(crowds), value(k=3), None, CHOICES)


def test_what_passes_every_guard_is_not_held_back() -> None:
    assert held_back(fit(), 0.02, NOTHING) == ()
    assert held_back(fit(), None, Guards(most_moved=0.0, smallest_share=0.0)) == ()


@pytest.mark.parametrize(
    ("guards", "reason"),
    [
        (
            Guards(smallest_share=0.05, most_moved=1.0),
            r"value: Segment 1 \(value-1\) would have 4\.0% of active customers, less than 5\.0%",
        ),
        (
            Guards(least_separation=0.99, smallest_share=0.0, most_moved=1.0),
            r"value: its segments .* too close together, silhouette 0\.\d\d, less than 0\.99",
        ),
        (
            Guards(most_moved=0.3, smallest_share=0.0),
            r"value: 40\.0% of active customers would move at once, more than 30\.0%",
        ),
    ],
)
def test_each_guard_says_what_it_holds_back(guards: Guards, reason: str) -> None:
    (said,) = held_back(fit(), 0.4, guards)
    assert re.fullmatch(reason, said)


def test_a_version_holds_for_as_long_as_it_was_said() -> None:
    model = reconciled(moment(three())).model
    assert model is not None
    assert too_soon(T + 7 * DAY_MS, model, 7) is None
    assert too_soon(T + DAY_MS, model, 0) is None
    said = too_soon(T + 6 * DAY_MS + DAY_MS // 2, model, 7)
    assert said == "version 1 is 6.5 days old, and a new one comes every 7 days at most"


def test_a_sliver_that_runs_already_is_no_reason_to_keep_it() -> None:
    crowds = three() | {"most": Crowd(3.4, 7.5, 5)}
    model = reconciled(moment(crowds)).model
    assert model is not None
    then = under(moment(crowds, weeks=1), model)
    made = refit(then, value(k=3), Present(model.lenses[0], 1, T), CHOICES)
    assert not made.fresh
    assert made.smallest_before < 0.05
    assert held_back(made, 0.0, Guards(smallest_share=0.05)) == ()
