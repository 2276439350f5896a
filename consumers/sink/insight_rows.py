"""What a snapshot expects, as rows of the tables of insights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from consumers.sink import schema
from consumers.sink.rows import Rows, floats, instants
from stream.contracts.instant import milliseconds
from stream.contracts.scores import LISTS, NUMBERS
from stream.profile.events import hash_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from consumers.sink.rows import Column
    from stream.contracts.insight_report import InsightReport
    from stream.contracts.scores import CustomerScores

ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One message's customers, as columns: a tenth of the memory of what it was read into."""

    instant: datetime
    keys: NDArray[np.uint64]
    """The hashes of their ids."""

    rows: Rows

    @property
    def instant_ms(self) -> int:
        return milliseconds(self.instant)

    def __len__(self) -> int:
        return len(self.rows)


def scored(told: CustomerScores) -> Scored:
    count = len(told.customers)
    columns: dict[str, Column] = {
        "customer_id": list(told.customers),
        "instant": np.repeat(instants([told.instant]), count),
        **{name: floats(getattr(told, name)) for name in NUMBERS},
        **{name: [_json(one) for one in getattr(told, name)] for name in LISTS},
    }
    keys = keys_of(told.customers)
    return Scored(told.instant, keys, Rows(schema.customer_insights, columns))


def keys_of(ids: Sequence[str]) -> NDArray[np.uint64]:
    """The hashes by which profiles know customers."""
    return np.fromiter(map(hash_of, ids), np.uint64, len(ids))


def segment_insight_rows(report: InsightReport) -> Rows:
    """What it says of each segment."""
    told = report.segments
    return Rows(
        schema.segment_insights,
        {
            "lens": [one.lens for one in told],
            "segment_id": [one.segment.id for one in told],
            "instant": np.repeat(instants([report.instant]), len(told)),
            "customers": np.array([one.customers for one in told], np.int64),
            **{name: floats(getattr(one, name) for one in told) for name in MEANS},
            "recommended": [_json(one.recommended) for one in told],
        },
    )


def report_rows(reports: Sequence[InsightReport]) -> Rows:
    return Rows(
        schema.insight_reports,
        {
            "instant": instants(one.instant for one in reports),
            "report": [one.model_dump_json() for one in reports],
        },
    )


MEANS = ("revenue", "clv", "probability_alive", "churn_risk", "churn_auc")


def _json(products: Sequence[str]) -> str:
    return ENCODER.encode(products).decode()
