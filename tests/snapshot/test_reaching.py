"""A clustering that would move too many at once is reached in several goes, and never given up."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from snapshot.choices import Guards
from snapshot.reconciling import Known, Reconciled, reconcile
from snapshot.refitting import Present, refit
from stream.contracts.alert import Outcome
from stream.contracts.segment_event import Happened
from stream.model.change import instant
from tests.snapshot.crowds import CHOICES, Crowd, T, moment, reconciled, three, under, value

if TYPE_CHECKING:
    from snapshot.choices import Choices
    from stream.contracts.model import SegmentModel

GUARDED = replace(CHOICES, fresh_above=1000.0, guards=Guards(most_moved=0.2))
CLOUD = {"cloud": Crowd(2.0, 5.0, 900, spread=0.9)}
"""Customers as they lie in a shop: a long cloud, that k-means may cut here or there."""


def skewed() -> SegmentModel:
    """A model of the cloud that cuts it near one end: nearly everybody is in one segment."""
    model = decided(0, None, GUARDED).model
    assert model is not None
    (lens,) = model.lenses
    places = np.array([each.position for each in lens.centroids])
    middle, top = places.mean(axis=0), places[np.argmax(places[:, 1])]
    moved = [middle + part * (top - middle) for part in (1.6, 1.1, 0.0)]
    centroids = [
        each.model_copy(update={"position": tuple(place.tolist())})
        for each, place in zip(lens.centroids, moved, strict=True)
    ]
    lens = lens.model_copy(update={"centroids": tuple(centroids)})
    return model.model_copy(update={"lenses": (lens,)})


def decided(week: int, model: SegmentModel | None, choices: Choices) -> Reconciled:
    at = moment(CLOUD, weeks=week)
    at = under(at, model) if model else at
    return reconcile(at, Known(model), [value(k=3)], choices, instant(at.instant_ms))


def weeks_of(choices: Choices, count: int) -> list[Reconciled]:
    """Week after week with the model that was promoted last."""
    found, model = [], skewed()
    for week in range(1, count + 1):
        found.append(decided(week, model, choices))
        model = found[-1].model or model
    return found


def agreement(made: Reconciled) -> float:
    found = made.report.lenses[0].agreement
    assert found is not None
    return found.share


def test_it_is_reached_in_goes_that_each_move_no_more_than_may_be() -> None:
    weeks = weeks_of(GUARDED, 6)
    drifts = [made.report.lenses[0] for made in weeks]
    assert drifts[0].relabelled == 1.0  # the whole way: nobody would be in the same segment
    assert agreement(weeks[0]) == 0.0
    assert agreement(weeks[-1]) > 0.98
    assert all(made.report.decision.outcome is Outcome.PROMOTED for made in weeks)
    told = {event.happened for made in weeks for event in made.events}
    assert told <= {Happened.RENAMED}  # everybody's segment stays itself
    for before, made in pairwise(weeks):
        assert before.model is not None
        assert share_moved(before.model, made) < 0.25  # 0.2 by the rule, which has a margin


def share_moved(model: SegmentModel, made: Reconciled) -> float:
    """Of all customers, between two versions, each nearest to a centroid."""
    assert made.model is not None
    at = moment(CLOUD)
    then, now = (under(at, one).lenses["value"].segment_ids() for one in (model, made.model))
    return float(np.mean([one != other for one, other in zip(then, now, strict=True)]))


def test_why_and_how_far_is_said() -> None:
    (made,) = weeks_of(GUARDED, 1)
    said = made.report.decision.reasons[-1]
    assert said.startswith("value: ")
    assert "of active customers would move at once, more than 20.0%: it goes part of" in said
    assert 0 < float(said.rpartition(" ")[2].rstrip("%")) <= 20


def test_nothing_is_done_by_halves_where_nobody_has_to_wait() -> None:
    loose = replace(GUARDED, guards=Guards(most_moved=1.0))
    first, second = weeks_of(loose, 2)
    assert (agreement(first), agreement(second)) == (0.0, 1.0)
    assert first.report.decision.reasons == ("value refitted from where it ran",)


def test_where_even_the_first_step_fails_another_guard_it_stays() -> None:
    strict = replace(GUARDED, guards=Guards(most_moved=0.2, least_separation=0.99))
    (made,) = weeks_of(strict, 1)
    assert made.model is None
    assert "too close together" in " ".join(made.report.decision.reasons)


def test_a_segment_that_lost_everybody_does_not_keep_the_others_from_being_followed() -> None:
    model = reconciled(moment(three())).model
    assert model is not None
    left = {name: crowd for name, crowd in three().items() if name != "more"}
    then = under(moment(left, weeks=1), model)
    made = refit(then, value(k=3), Present(model.lenses[0], 1, T), CHOICES, warm=True)
    assert not made.fresh
    assert [each.segment.id for each in made.fit.lens.centroids] == ["value-1", "value-3"]
    assert made.alignment.retired() == [1]
