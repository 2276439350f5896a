"""Curves over the number of segments, and the lines of a comparison."""

from __future__ import annotations

from app.dashboard.comparing import Outcome
from app.dashboard.pictures.by_k import inertia_curve, silhouette_curve
from app.dashboard.pictures.choices import agreement_by_margin, changes_by_margin
from snapshot.choosing import Tried
from snapshot.measures import Measures


def tried(k: int, inertia: float, silhouette: float | None) -> Tried:
    return Tried(k, 400, Measures(inertia, silhouette, None, None, 0.2))


CURVES = [tried(2, 0.9, 0.5), tried(3, 0.4, None), tried(4, 0.3, 0.3)]
OUTCOMES = [
    Outcome(k, margin, 100.0 - 100 * margin, k or 5, None if margin else 0.9, None, None)
    for k in (None, 4)
    for margin in (0.3, 0.0)
]


def test_chosen_and_elbow_are_marked_once_where_they_are_one() -> None:
    assert [one.text for one in inertia_curve(CURVES, 3, 3).layout.annotations] == ["chosen"]
    marks = {one.text: one.x for one in inertia_curve(CURVES, 4, 3).layout.annotations}
    assert marks == {"chosen": 4, "elbow": 3}
    assert list(inertia_curve(CURVES, 4, None).data[0].y) == [0.9, 0.4, 0.3]


def test_a_number_without_a_silhouette_is_left_out() -> None:
    assert list(silhouette_curve(CURVES, 4).data[0].x) == [2, 4]


def test_a_line_a_number_of_segments_by_growing_margin() -> None:
    figure = changes_by_margin(OUTCOMES, 2.0, 0.1)
    assert [one.name for one in figure.data] == ["as many as hold (5)", "4 segments"]
    assert list(figure.data[0].x) == [0.0, 0.3]
    assert list(figure.data[0].y) == [200.0, 140.0]
    assert figure.layout.annotations[0].x == 0.1


def test_agreement_that_nobody_measured_is_a_gap() -> None:
    assert list(agreement_by_margin(OUTCOMES, None).data[1].y) == [0.9, None]
