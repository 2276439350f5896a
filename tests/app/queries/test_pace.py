"""Changes are counted by stride and cause as the rows themselves have them, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.queries.pace import Stride, pace

if TYPE_CHECKING:
    from tests.app.queries.read_shop import ReadShop

LONG_AGO, FAR_AHEAD = timedelta(days=4_000), timedelta(days=1)


def begun(instant: datetime, stride: Stride) -> datetime:
    whole: dict[str, Any] = {"second": 0, "microsecond": 0}
    whole |= {"minute": 0} if stride is not Stride.MINUTE else {}
    whole |= {"hour": 0} if stride is Stride.DAY else {}
    return instant.replace(**whole)


@pytest.mark.parametrize("stride", Stride)
def test_every_change_is_counted_once_in_its_stride(read_shop: ReadShop, stride: Stride) -> None:
    rows = [one for one in read_shop.changes if one["lens"] == "value"]
    newest = max(one["occurred_at"] for one in rows)
    counted = pace(read_shop.db, "value", newest - LONG_AGO, newest + FAR_AHEAD, stride)
    expected = Counter((begun(one["occurred_at"], stride), one["cause"]) for one in rows)
    assert {(one.instant, one.cause): one.changes for one in counted} == expected
    assert [one.instant for one in counted] == sorted(one.instant for one in counted)


def test_the_beginning_is_left_out_and_the_end_is_not(read_shop: ReadShop) -> None:
    times = sorted(one["occurred_at"] for one in read_shop.changes if one["lens"] == "value")
    since, until = times[0], times[-1]
    counted = pace(read_shop.db, "value", since, until, Stride.DAY)
    assert sum(one.changes for one in counted) == sum(since < one <= until for one in times)


def test_a_lens_that_nobody_has_has_no_changes(read_shop: ReadShop) -> None:
    now = read_shop.changes[0]["occurred_at"]
    assert pace(read_shop.db, "nobodys", now - LONG_AGO, now, Stride.DAY) == []
