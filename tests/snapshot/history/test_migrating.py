"""The matrix says of everybody where they were and where they are, as a plain count does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from snapshot.history import History
from stream.errors import InputError
from stream.model.arrays import DAY_MS
from tests.snapshot.history.moments import JUNE_MS, SEGMENTS, WEEK_MS, moment, reconciled
from tests.stream.model.models import ref

if TYPE_CHECKING:
    from pathlib import Path

    from snapshot.history import Migrations
    from snapshot.moment import Moment

Cell = tuple[str | None, str | None]


def of(before: Moment, after: Moment, tmp_path: Path) -> Migrations:
    history = History(tmp_path)
    for each in (before, after):
        history.write(each, reconciled(each))
    return history.migrations("value", before.instant_ms, after.instant_ms)


def cells(found: Migrations) -> dict[Cell, int]:
    return {
        (was.id if was else None, now.id if now else None): int(found.counts[row, column])
        for row, was in enumerate(found.before)
        for column, now in enumerate(found.after)
        if found.counts[row, column]
    }


def plainly(before: Moment, after: Moment) -> dict[Cell, int]:
    were, are = (
        dict(zip(each.table.ids, each.lenses["value"].segment_ids(), strict=True))
        for each in (before, after)
    )
    return dict(Counter((were.get(one), are.get(one)) for one in {*were, *are}))


def test_it_is_what_a_plain_count_comes_to(tmp_path: Path) -> None:
    before = moment(ids=[f"c{number}" for number in range(400)])
    after = moment(JUNE_MS + WEEK_MS, [f"c{number}" for number in range(30, 500)], seed=1)
    found = of(before, after, tmp_path)
    expected = plainly(before, after)
    assert cells(found) == expected
    assert found.counts.sum() == 500
    assert found.stayed == sum(n for (was, now), n in expected.items() if was and was == now)
    assert found.moved == sum(n for (was, now), n in expected.items() if was and was != now)


def test_nobody_moves_between_a_moment_and_itself(tmp_path: Path) -> None:
    found = of(moment(), moment(), tmp_path)
    assert found.moved == 0
    assert found.before == found.after == (*SEGMENTS, None)
    assert (found.counts.sum(axis=1) == found.counts.diagonal()).all()


def test_segments_keep_their_places_by_their_ids_and_have_the_names_of_their_time(
    tmp_path: Path,
) -> None:
    from dataclasses import replace

    before, after = moment(), moment(JUNE_MS + WEEK_MS, seed=1)
    renamed = ref(3).model_copy(update={"name": "Champions"})
    segments = (ref(9), renamed, ref(1), *SEGMENTS[3:])
    after.lenses["value"] = replace(after.lenses["value"], segments=segments)  # type: ignore[index]  # it is a dict
    found = of(before, after, tmp_path)
    assert found.after == (*segments, None)
    assert [one.id if one else None for one in found.before] == [
        *("value-3", "value-1", "value-dormant", "value-no-net-spend", "value-2", None)
    ]
    assert found.before[0] == ref(3)
    assert cells(found) == plainly(before, after)


def test_times_between_snapshots_mean_the_latest_before(tmp_path: Path) -> None:
    of(moment(), moment(JUNE_MS + WEEK_MS, seed=1), tmp_path)
    history = History(tmp_path)
    found = history.migrations("value", JUNE_MS + DAY_MS, JUNE_MS + 100 * DAY_MS)
    assert (found.from_ms, found.to_ms) == (JUNE_MS, JUNE_MS + WEEK_MS)


def test_a_lens_that_was_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"2011-06-01 .* no segments in the lens 'value': no model was there yet"
    ):
        of(moment(version=None), moment(JUNE_MS + WEEK_MS), tmp_path)
