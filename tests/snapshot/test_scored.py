"""Messages hold everybody once, in order, and each fits the topic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from snapshot.enriching import Enriched, Scores
from snapshot.scored import LEFT_OUT, insight_messages
from stream.contracts.insight_report import InsightReport, SegmentInsight
from stream.contracts.scores import COLUMNS, LISTS, NUMBERS, CustomerScores
from tests.snapshot.logs import NOW, START
from tests.stream.model.models import ref

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 10_000
TEXTS = some.text(
    some.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=60
)


def enriched(
    count: int, products: Sequence[tuple[str, ...]], segments: int = 0, number: float = 1 / 3
) -> Enriched:
    clv = np.full(count, number)
    clv[::2] = np.nan
    report = InsightReport(
        instant=START,
        created_at=NOW,
        customers=count,
        segments=tuple(
            SegmentInsight(
                lens="value",
                segment=ref(one + 1),
                customers=1,
                revenue=1.0,
                recommended=("p" * 200,) * 10,
            )
            for one in range(segments)
        ),
    )
    return Enriched(Scores(dict.fromkeys(NUMBERS, clv), dict.fromkeys(LISTS, products)), report)


def messages(ids: Sequence[str], told: Enriched, limit: int = LIMIT) -> list[CustomerScores]:
    """Those of customers; the last one is the report."""
    *found, last = insight_messages(ids, told, limit)
    assert all(len(value) <= limit - 1_000 for value in (*found, last))
    assert json.loads(last)["type"] == "insight_report"
    return [CustomerScores.from_json(value) for value in found]


@given(
    some.lists(some.tuples(TEXTS, some.lists(TEXTS, max_size=10).map(tuple)), max_size=120),
    some.floats(0, 1),
)
@settings(max_examples=60)
def test_everybody_is_there_once_and_as_they_were(
    customers: list[tuple[str, tuple[str, ...]]], number: float
) -> None:
    ids, lists = [one for one, _ in customers], [each for _, each in customers]
    told = enriched(len(ids), lists, number=number)
    found = messages(ids, told)
    assert [one.part for one in found] == list(range(len(found)))
    assert {one.parts for one in found} <= {len(found)}
    assert [one for message in found for one in message.customers] == ids
    for name in COLUMNS:
        column = [one for message in found for one in getattr(message, name)]
        expected = lists if name in LISTS else [[None, number][row % 2] for row in range(len(ids))]
        assert column == expected


def test_no_message_has_more_customers_than_readers_take() -> None:
    ids = [f"c{number:05}" for number in range(4_100)]
    found = messages(ids, enriched(len(ids), [()] * len(ids)), 1_000_000)
    assert [len(one.customers) for one in found] == [2_000, 2_000, 100]


def test_who_fits_no_message_alone_has_fewer_products() -> None:
    wide = tuple(f"{place}" + "ж" * 250 for place in range(10))
    ids, lists = ["ann", "bob", "eve"], [("p1",), wide, ("p2",)]
    found = messages(ids, enriched(3, lists))
    assert [one.customers for one in found] == [("ann",), ("bob",), ("eve",)]
    (kept,) = found[1].recommended
    assert 0 < len(kept) < 10
    assert kept == wide[: len(kept)] == found[1].recommended_new[0]


def test_a_report_that_fits_nowhere_leaves_out_what_takes_most_of_it() -> None:
    def last(segments: int, limit: int) -> InsightReport:
        (value,) = insight_messages([], enriched(0, [], segments), limit)
        assert len(value) <= limit - 1_000
        return InsightReport.from_json(value)

    assert last(20, 1_000_000).segments[0].recommended
    bare = last(20, LIMIT)
    assert len(bare.segments) == 20
    assert not bare.segments[0].recommended
    assert last(200, LIMIT).segments == ()
    assert last(200, LIMIT).problems == (LEFT_OUT,)


def test_nobody_is_only_the_report() -> None:
    assert messages([], enriched(0, [])) == []
