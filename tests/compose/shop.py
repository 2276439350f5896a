"""The shop that is played, and what of it has come to lie on the log."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from app.replay_sources import plan_values
from consumers.subscribe import read
from producers.synthetic import Plan, lines
from producers.synthetic.plan import changed
from stream.contracts.fast import Line, decode
from tests.chaos.copying import records_of

if TYPE_CHECKING:
    from stream.contracts.change import SegmentChange
    from stream.log.seam import Log
    from stream.topics import Topics

PLAN = "customers=800,days=150,seed=11"


def event_ids(first: int) -> list[str]:
    """Of so many lines of the shop, in the order in which a replay sends them."""
    table = pa.Table.from_batches(lines(changed(Plan(), plan_values(PLAN))))
    numbered = table.append_column("row", pa.array(range(len(table))))
    in_order = numbered.sort_by([("occurred_at", "ascending"), ("row", "ascending")])
    return list(islice(in_order["event_id"].to_pylist(), first))


def lines_on(log: Log, topics: Topics) -> tuple[list[Line], int]:
    """Every line that is committed, and how many records there are with ticks and promotions."""
    records = [one for part in records_of(log, topics.transactions).values() for _, one in part]
    judged = [decode(record.value) for record in records]
    return [one for one in judged if isinstance(one, Line)], len(records)


def changes_on(log: Log, topics: Topics) -> list[SegmentChange]:
    """Every change that is committed; of one customer in their order."""
    records = [one for part in records_of(log, topics.changes).values() for _, one in part]
    return [change for change in map(read, records) if change is not None]
