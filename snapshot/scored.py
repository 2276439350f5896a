"""What a snapshot expects of customers and segments, as messages that a topic takes.

Made one after the other while they are written: all of a million customers' take hundreds of
megabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from stream.contracts.scores import MOST_CUSTOMERS, NUMBERS, CustomerScores

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from snapshot.enriching import Enriched, Scores
    from stream.contracts.insight_report import InsightReport
    from stream.model.arrays import Floats

    Texts = tuple[str, ...]

AROUND_BYTES = 1_000
"""Names of fields, and what a log puts around a record."""

NUMBER_BYTES = 25
"""The longest that a double takes, with its comma."""

LEFT_OUT = "segments: left out, they don't fit log.max_message_bytes"


def insight_messages(
    ids: Sequence[str], enriched: Enriched, max_message_bytes: int
) -> Iterator[bytes]:
    """The customers, then the report, which says that all of them are there."""
    limit = max_message_bytes - AROUND_BYTES
    report = enriched.report
    parts = list(_parts(ids, enriched.scores, limit))
    for number, part in enumerate(parts):
        yield _message(ids, enriched, part, number, len(parts)).to_json()
    yield _within(report, limit)


class _Part(NamedTuple):
    """Customers one after the other, and how many products fit each list of theirs."""

    rows: slice
    most_products: int | None = None


def _parts(ids: Sequence[str], scores: Scores, limit: int) -> Iterator[_Part]:
    """As many in each as fit; who fits none alone has shorter lists."""
    begin, taken = 0, 0
    for row, size in enumerate(_sizes(ids, scores)):
        if row > begin and (row - begin == MOST_CUSTOMERS or taken + size > limit):
            yield _Part(slice(begin, row))
            begin, taken = row, 0
        if size > limit:
            yield _Part(slice(row, row + 1), _fitting(ids[row], row, scores, limit))
            begin = row + 1
        else:
            taken += size
    if begin < len(ids):
        yield _Part(slice(begin, len(ids)))


def _sizes(ids: Sequence[str], scores: Scores) -> Iterator[int]:
    encode = msgspec.json.Encoder().encode
    for row in zip(ids, *scores.products.values(), strict=True):
        yield len(encode(row)) + NUMBER_BYTES * len(NUMBERS)


def _fitting(customer_id: str, row: int, scores: Scores, limit: int) -> int:
    lists = [each[row] for each in scores.products.values()]
    most = max(map(len, lists))
    while most and len(msgspec.json.encode((customer_id, *(one[:most] for one in lists)))) > (
        limit - NUMBER_BYTES * len(NUMBERS)
    ):
        most -= 1
    return most


def _message(
    ids: Sequence[str], enriched: Enriched, part: _Part, number: int, parts: int
) -> CustomerScores:
    numbers, products = enriched.scores.numbers, enriched.scores.products
    return CustomerScores(
        type="customer_scores",
        instant=enriched.report.instant,
        part=number,
        parts=parts,
        customers=tuple(ids[part.rows]),
        clv=_known(numbers["clv"], part),
        clv_low=_known(numbers["clv_low"], part),
        clv_high=_known(numbers["clv_high"], part),
        probability_alive=_known(numbers["probability_alive"], part),
        churn_risk=_known(numbers["churn_risk"], part),
        recommended=_listed(products["recommended"], part),
        recommended_new=_listed(products["recommended_new"], part),
    )


def _known(column: Floats, part: _Part) -> tuple[float | None, ...]:
    rows = column[part.rows]
    if not np.isnan(rows).any():
        return tuple(rows.tolist())
    return tuple(None if one != one else one for one in rows.tolist())  # noqa: PLR0124 (NaN)


def _listed(lists: Sequence[Texts], part: _Part) -> tuple[Texts, ...]:
    return tuple(each[: part.most_products] for each in lists[part.rows])


def _within(report: InsightReport, limit: int) -> bytes:
    """Whole where it fits, else without what takes most of it."""
    value = report.to_json()
    if len(value) > limit:
        bare = tuple(one.model_copy(update={"recommended": ()}) for one in report.segments)
        value = report.model_copy(update={"segments": bare}).to_json()
    if len(value) > limit:
        left_out = {"segments": (), "problems": (LEFT_OUT, *report.problems[:5])}
        value = report.model_copy(update=left_out).to_json()
    return value
