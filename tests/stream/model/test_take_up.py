"""Taking up a model: standings find their segments, everybody is looked at, moves get names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.change import Cause, SegmentChange
from stream.contracts.segment import SegmentRef
from stream.model.arrays import DAY_MS, GONE, NONE, Standings
from stream.model.changes import Entries, Left, Looks, changes
from stream.model.everybody import look_at_all
from stream.model.lens import Lens, compile_lens
from stream.model.standing import no_standings, recode
from stream.model.written import written
from tests.stream.model.models import plain_lens
from tests.stream.model.plain_changes import TOPIC, Who, codes_of, together

if TYPE_CHECKING:
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Ints

AT = 100 * DAY_MS
OLD = plain_lens([[0.0], [5.0], [10.0]], [1, 2, 3])


def carried(stood: Standings, codes: Ints) -> Standings:
    """As it is kept, recoded, and read again."""
    kept = no_standings(len(stood.segment))
    kept["segment"], kept["left"] = stood.segment, stood.left
    newer = recode(kept, codes)
    return Standings(
        newer["segment"].astype(np.int64), newer["left"].astype(np.int64), stood.left_ms
    )


def taken_up(
    old: LensModel | None, new: LensModel, points: list[float], stood: Standings
) -> tuple[Standings, list[SegmentChange]]:
    """As a task does it."""
    lens = compile_lens(new, 2)
    before: Lens | None = None
    if old is not None:
        before = compile_lens(old, 1)
        standings = carried(stood, before.codes_in(lens))
    else:
        standings = stood
    features = np.array(points)[:, None]
    bought = np.full(len(points), AT)
    moves = look_at_all(lens, features, bought, standings, AT, newcomers=before is None)
    left = Left(before.segments, stood.segment[moves.rows]) if before else None
    seen = Looks(features, bought, np.full(len(points), AT)).take(moves.rows)
    cause = Cause.REFIT if before else Cause.FIRST_MODEL
    made = changes(
        lens,
        Entries(moves.previous, moves.current, moves.dated_ms),
        together([Who(f"c{row}", 1) for row in moves.rows]),
        codes_of([cause] * len(moves.rows)),
        seen,
        seen if before else None,
        left,
    )
    moves.apply(standings)
    return standings, [
        SegmentChange.from_json(record.value)
        for records in written(made, TOPIC, AT)
        for record in records
    ]


def standing(segments: list[int], left: int = NONE, left_ms: int = 0) -> Standings:
    count = len(segments)
    return Standings(np.array(segments), np.full(count, left), np.full(count, left_ms))


def test_the_first_model_assigns_everybody() -> None:
    standings, made = taken_up(None, OLD, [0.0, 4.0, 9.0], standing([NONE] * 3))
    assert standings.segment.tolist() == [0, 1, 2]
    assert {change.cause for change in made} == {Cause.FIRST_MODEL}
    assert all(change.previous is None and change.margin is None for change in made)


def test_centroids_in_another_order_move_nobody() -> None:
    turned = plain_lens([[10.0], [0.0], [5.0]], [3, 1, 2])
    standings, made = taken_up(OLD, turned, [0.0, 5.0, 10.0], standing([0, 1, 2]))
    assert made == []
    assert standings.segment.tolist() == [1, 2, 0]


def test_a_renamed_segment_is_the_same_segment() -> None:
    centroid = OLD.centroids[0].model_copy(update={"segment": SegmentRef(id="value-1", name="Vip")})
    renamed = OLD.model_copy(update={"centroids": (centroid, *OLD.centroids[1:])})
    assert taken_up(OLD, renamed, [0.0], standing([0]))[1] == []


def test_members_of_a_retired_segment_go_to_the_nearest_and_it_is_named() -> None:
    fewer = plain_lens([[0.0], [10.0]], [1, 3])
    standings, (change,) = taken_up(OLD, fewer, [5.2, 0.0], standing([1, 0]))
    assert change.previous is not None
    assert change.current is not None
    assert (change.previous.id, change.current.id) == ("value-2", "value-3")
    assert (change.cause, change.margin, change.model_version) == (Cause.REFIT, None, 2)
    assert standings.left.tolist() == [GONE, NONE]


def test_a_refit_asks_for_the_margin_and_the_guard() -> None:
    shifted = plain_lens([[0.0], [4.8], [10.0]], [1, 2, 3])
    assert taken_up(OLD, shifted, [2.45], standing([0]))[1] == []
    held = standing([0, 0], left=1, left_ms=AT - DAY_MS)
    free = standing([0, 0], left=1, left_ms=AT - 7 * DAY_MS)
    assert taken_up(OLD, shifted, [4.8, 0.0], held)[1] == []
    (change,) = taken_up(OLD, shifted, [4.8, 0.0], free)[1]
    assert change.customer_id == "c0"
