"""The whole stream as one table, a row a line, with the kind that each customer was planted as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from stream.contracts.fast import Line, decode_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.log.seam import Log

POLL_SECONDS = 1.0
NIGHT_FROM, NIGHT_UNTIL = 22, 6
SATURDAY = 5


def facts_of(log: Log, topic: str, stints: Path) -> pa.Table:
    """Lines as they came back from the log, each with its customer's kind."""
    lines = list(_lines(log, topic))
    table = pa.table(
        {
            "customer": [line.customer_id for line in lines],
            "order": [line.order_id for line in lines],
            "week": [line.occurred_at.strftime("%G W%V") for line in lines],
            "amount": [line.amount for line in lines],
            "night": [_is_night(line.occurred_at.hour) for line in lines],
            "weekend": [line.occurred_at.weekday() >= SATURDAY for line in lines],
            "discount": [line.discount > 0 for line in lines],
            "return": [line.quantity < 0 for line in lines],
        }
    )
    return table.join(_first_kinds(stints), "customer", "customer_id")


def _lines(log: Log, topic: str) -> Iterator[Line]:
    bounds = log.bounds(topic)
    with log.reader(topic, {part: where.start for part, where in bounds.items()}) as reader:
        while any(at < bounds[part].end for part, at in reader.positions().items()):
            for batch in reader.poll(POLL_SECONDS):
                yield from (one for one in decode_all(batch.records) if isinstance(one, Line))


def _first_kinds(stints: Path) -> pa.Table:
    """What each customer came as; some became another kind later."""
    table = pq.read_table(stints, columns=["customer_id", "kind"])
    first = table.group_by("customer_id", use_threads=False).aggregate([("kind", "first")])
    return first.rename_columns(["customer_id", "kind"])


def _is_night(hour: int) -> bool:
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL
