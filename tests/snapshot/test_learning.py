"""Learning goes off after harm with three versions running, and comes on with a fresh fit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from snapshot.learning import gains_of, with_learning
from stream.contracts.alert import Decision, Outcome
from stream.contracts.drift import DriftReport, LensDrift
from stream.contracts.lens import Fit, Learning, LensModel
from tests.snapshot.logs import NOW, START
from tests.stream.model.models import value_lens


def drift(gain: float | None, *, learning: bool = True, lens: str = "value") -> LensDrift:
    return LensDrift(lens=lens, active_customers=300, tracking_gain=gain, learning=learning)


def reports(*found: tuple[int, LensDrift]) -> list[DriftReport]:
    return [
        DriftReport(
            instant=START,
            created_at=NOW,
            model_version=version,
            customers=400,
            lenses=(one,),
            decision=Decision(outcome=Outcome.KEPT),
        )
        for version, one in found
    ]


def lens(*, fresh: bool = False, on: bool = True) -> LensModel:
    fit = Fit(customers=300, fresh=fresh, inertia=1.0)
    return value_lens().model_copy(update={"fit": fit, "learning": Learning(on=on)})


def learns(
    made: LensModel,
    past: list[DriftReport],
    now: float | None,
    version: int = 3,
    at: datetime = START,
) -> bool:
    found = gains_of("value", past, version, drift(now), at)
    return with_learning(made, found).learning.on


HARM = reports((1, drift(-0.02)), (2, drift(-0.01)))


def test_three_losses_running_switch_learning_off() -> None:
    assert not learns(lens(), HARM, -0.001)
    assert learns(lens(), HARM, 0.0)
    assert learns(lens(), HARM[1:], -0.001)


@pytest.mark.parametrize("between", [0.0, 0.01])
def test_a_week_that_was_no_loss_begins_the_count_anew(between: float) -> None:
    past = reports((1, drift(-0.1)), (2, drift(-0.1)), (3, drift(between)), (4, drift(-0.1)))
    assert learns(lens(), past, -0.1, version=5)
    assert not learns(lens(), [*past, *reports((5, drift(-0.1)))], -0.1, version=6)


def test_a_version_counts_once_however_often_it_was_looked_at() -> None:
    often = reports((1, drift(-0.1)), (2, drift(-0.1)), (2, drift(-0.1)), (2, drift(-0.1)))
    assert learns(lens(), often, -0.1, version=2)


def test_once_off_it_stays_off_until_a_fit_from_scratch() -> None:
    off = reports((3, drift(-0.1)), (4, drift(None, learning=False)))
    assert not learns(lens(), [*HARM, *off], None, version=5)
    assert learns(lens(fresh=True), [*HARM, *off], None, version=5)


def test_after_half_a_year_it_is_tried_again() -> None:
    past = [*HARM, *reports((3, drift(-0.1)))]
    assert not learns(lens(), past, None, version=30, at=START + timedelta(days=180))
    assert learns(lens(), past, None, version=30, at=START + timedelta(days=183))


def test_another_lens_and_settings_without_learning_stay_as_they_are() -> None:
    others = reports(*[(version, drift(-0.1, lens="habits")) for version in (1, 2)])
    assert learns(lens(), others, -0.1)
    assert not learns(lens(on=False), [], 0.1)
