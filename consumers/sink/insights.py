"""What snapshots expect, read ahead and held until all profiles that it is of are known.

An erasure has to win against scores that were made before it and are read after it. Whoever a
snapshot knew has a block that was committed before its scores: so scores are read first, then
blocks up to where these end by then, and of whoever is in none of them nothing is written.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from consumers.sink.following import Followed
from consumers.sink.insight_rows import (
    Scored,
    keys_of,
    report_rows,
    scored,
    segment_insight_rows,
)
from consumers.sink.rows import Rows, joined
from stream.contracts.insight_report import InsightReport
from stream.contracts.instant import milliseconds
from stream.contracts.kind import kind_of
from stream.contracts.scores import CustomerScores
from stream.errors import InvalidMessage
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consumers.sink.customers import Customers
    from consumers.sink.places import Place
    from consumers.sink.store import Writing
    from stream.log.batch import RecordBatch
    from stream.log.seam import Log

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Expected:
    """Some of what is on the topic."""

    scores: list[Scored] = field(default_factory=list)
    reports: list[InsightReport] = field(default_factory=list)
    unreadable: int = 0

    def __len__(self) -> int:
        return sum(map(len, self.scores)) + len(self.reports)


class Insights(ClosingMixin):
    """`positions` and `last` are of what has been taken: before, it is only held."""

    def __init__(self, log: Log, topic: str, there: Mapping[tuple[str, int], Place]) -> None:
        self._followed, self.topic = Followed(log, topic, there), topic
        self.positions, self.last = dict(self._followed.positions), dict(self._followed.last)
        self._held: Expected | None = None
        self._batches: Iterator[RecordBatch] | None = None

    def close(self) -> None:
        self._followed.close()

    def read_on(self, ends: Mapping[int, int], most: int) -> int:
        """Up to there, or about so many customers, unless something is held still; how many."""
        if self._held is None:
            self._held = Expected()
            self._read_into(self._held, ends, most)
        return len(self._held)

    def take(self) -> Expected:
        """What was held, to be written with the positions that are from now on."""
        taken = Expected() if self._held is None else self._held
        self._held = None
        self.positions, self.last = dict(self._followed.positions), dict(self._followed.last)
        return taken

    def _read_into(self, held: Expected, ends: Mapping[int, int], most: int) -> None:
        """What one look at the log brought is used up before the next one: batches that are not
        read yet are small, and what they hold is not."""
        batches = self._batches or self._followed.read_on(ends, sys.maxsize)
        for batch in batches:
            for offset, record in batch:
                self._sort(held, offset, record.value)
            if len(held) >= most:
                self._batches = batches
                return
        self._batches = None

    def _sort(self, held: Expected, offset: int, value: bytes | None) -> None:
        try:
            found = _read(value)
        except InvalidMessage:
            held.unreadable += 1
            logger.warning("record %s of %s[0] is no message of Shoal's", offset, self.topic)
            return
        if isinstance(found, InsightReport):
            held.reports.append(found)
        else:
            held.scores.append(scored(found))


def write_insights(
    writing: Writing, expected: Expected, customers: Sequence[Customers]
) -> Iterator[Rows]:
    """Writes it, and says what; an older snapshot's scores don't replace a newer one's."""
    by_instant = sorted(expected.scores, key=lambda one: one.instant)
    for _, some in groupby(by_instant, key=lambda one: one.instant):
        rows = _of_those_known(list(some), customers)
        writing.put_newest(rows, by="instant")
        yield rows
    for report in expected.reports:
        writing.forget_segment_insights(report.instant)
        rows = segment_insight_rows(report)
        writing.put(rows)
        yield rows
    if expected.reports:
        rows = report_rows(expected.reports)
        writing.put(rows)
        yield rows


def prune_insights(writing: Writing, one: Customers) -> None:
    """Before a partition is forgotten, as its blocks were cut off: what is expected of its
    customers stays, but for those who were erased meanwhile."""
    found = sorted(writing.expected(one.partition), key=lambda row: row[1])
    for instant, rows in groupby(found, key=lambda row: row[1]):
        ids = [customer_id for customer_id, _ in rows]
        known = one.are_known(keys_of(ids), milliseconds(instant))
        writing.forget_insights([ids[place] for place in np.flatnonzero(~known).tolist()])


def _of_those_known(some: Sequence[Scored], customers: Sequence[Customers]) -> Rows:
    """Of one instant, those who are there, and were not erased since."""
    keys = np.concatenate([one.keys for one in some])
    known = np.zeros(len(keys), np.bool_)
    for one in customers:
        known |= one.are_known(keys, some[0].instant_ms)
    return joined([one.rows for one in some]).only(np.flatnonzero(known).tolist())


def _read(value: bytes | None) -> CustomerScores | InsightReport:
    kind = kind_of(value)
    if not kind:
        raise InvalidMessage("no JSON object with a type")
    if kind == "insight_report":
        return InsightReport.from_json(value)
    return CustomerScores.from_json(value)
