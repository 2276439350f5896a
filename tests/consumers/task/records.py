"""A partition's records for tests, and hypothesis' ways to make such partitions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from stream.contracts.commands import Erasure, Promote, Tick
from stream.contracts.fast import Line, encode
from stream.contracts.lens import (
    Centroid,
    LensModel,
    ModelFeature,
    Rule,
    RuleSegment,
    Shrinkage,
    Transform,
    Transition,
)
from stream.contracts.model import SegmentModel
from stream.contracts.segment import SegmentRef
from stream.log.batch import Record, RecordBatch, Records
from tests.stream.model.models import value_lens

if TYPE_CHECKING:
    from collections.abc import Sequence

    Said = Line | Tick | Erasure | Promote | bytes

TOPIC = "shoal.transactions"
BEGIN = datetime(2011, 1, 3, 21, tzinfo=UTC)
HOUR = timedelta(hours=1)
YEARS_LATER_MS = 1_700_000_000_000


def line(customer: str = "17850", hours: float = 0, **fields: Any) -> Line:
    ordinary: dict[str, Any] = {
        "customer_id": customer,
        "occurred_at": BEGIN + hours * HOUR,
        "order_id": f"order {hours}",
        "product_id": "85123A",
        "quantity": 6.0,
        "unit_price": 2.55,
    }
    return Line(**(ordinary | fields))


def tick(hours: float) -> Tick:
    return Tick(instant=BEGIN + hours * HOUR)


def record(said: Said, timestamp: int = YEARS_LATER_MS) -> Record:
    """As a producer writes it: the key is the customer's id, of ticks and promotions none."""
    if isinstance(said, bytes):
        return Record(b"17850", said, timestamp)
    if isinstance(said, Line):
        return Record(said.customer_id.encode(), encode(said), timestamp)
    key = said.customer_id.encode() if isinstance(said, Erasure) else None
    return Record(key, said.to_json(), timestamp)


def batch_of(records: Sequence[Record], first_offset: int = 0) -> RecordBatch:
    offsets = np.arange(first_offset, first_offset + len(records))
    return RecordBatch(TOPIC, 0, offsets, first_offset + len(records), Records.of(records))


def cut(records: Sequence[Record], cuts: set[int]) -> list[RecordBatch]:
    """The same partition in batches that end at these places."""
    ends = sorted({end for end in cuts if 0 < end < len(records)} | {len(records)})
    batches, begin = [], 0
    for end in ends:
        batches.append(batch_of(records[begin:end], begin))
        begin = end
    return batches


def model(version: int, *lenses: LensModel) -> SegmentModel:
    return SegmentModel(version=version, instant=BEGIN, created_at=BEGIN, lenses=lenses)


FIRST = model(1, value_lens(((-1.0, 0.0, -0.5), (0.5, 1.5, 0.0), (1.5, 3.0, 1.0))))
MOVED = model(
    2,
    value_lens(
        ((-0.5, 0.5, 0.0), (2.0, 3.0, 1.0)),
        numbers=(1, 4),
        transition=Transition(margin=0.02, return_guard_days=2),
    ),
)
HABITS = LensModel(
    lens="habits",
    features=tuple(
        ModelFeature(
            name=name,
            transform=Transform.ARCSINE_SQRT,
            centre=0.4,
            scale=0.3,
            shrinkage=Shrinkage(toward=0.3, weight=2.0),
        )
        for name in ("night_share_d90", "weekend_share_d90")
    ),
    centroids=tuple(
        Centroid(segment=SegmentRef(id=f"habits-{number}", name=f"Habit {number}"), position=where)
        for number, where in enumerate(((-0.5, 0.0), (0.8, 0.2), (0.3, 1.5)))
    ),
    pooled_variance=0.5,
    rule_segments=(
        RuleSegment(
            segment=SegmentRef(id="habits-dormant", name="Dormant"),
            rule=Rule.DORMANT,
            after_days=10.0,
        ),
    ),
    next_segment=4,
)
AGAIN = model(
    3, value_lens(((-1.0, 0.0, 0.0), (0.6, 1.0, 0.0), (1.0, 3.0, 1.0)), (1, 2, 4)), HABITS
)
MODELS = {made.version: made for made in (FIRST, MOVED, AGAIN)}


class Known:
    """The models there are."""

    def model(self, version: int) -> SegmentModel:
        return MODELS[version]


def promote(version: int) -> Promote:
    return Promote(version=version, instant=BEGIN)


def said(line_or_command: Said) -> str:
    """For failures that can be read."""
    if isinstance(line_or_command, Line):
        return msgspec.json.encode(line_or_command).decode()
    return repr(line_or_command)


CUSTOMERS = ("17850", "13047", "12583", "14688")


@st.composite
def partitions(draw: st.DrawFn) -> list[Said]:
    """Some days of few customers, in order but for those that come late; with commands."""
    hours = 0.0
    found: list[Said] = []
    for number in range(draw(st.integers(1, 40))):
        hours += draw(st.sampled_from([0, 0, 0.2, 1, 5, 20, 50]))
        found.append(draw(_something(hours, number)))
    return found


def _something(hours: float, number: int) -> st.SearchStrategy[Said]:
    bought = st.builds(
        _bought,
        st.sampled_from(CUSTOMERS),
        st.sampled_from([hours, hours, hours, hours, hours - 3, hours - 70]),
        st.integers(1, 3),
        st.sampled_from([1, 3, 12, 40, -1, -12]),
        st.sampled_from([0.5, 3.0, 40.0]),
        st.sampled_from([number, number, number, number // 2]),
    )
    command = st.one_of(
        st.builds(tick, st.sampled_from([hours, hours + 30, hours + 24 * 95])),
        st.builds(promote, st.sampled_from([1, 2, 3])),
        st.builds(lambda who: Erasure(customer_id=who), st.sampled_from(CUSTOMERS)),
    )
    return st.one_of(bought, bought, bought, bought, bought, command)


def _bought(
    customer: str, hours: float, order: int, quantity: float, price: float, event: int
) -> Line:
    return line(
        customer,
        hours,
        order_id=f"{order}-{hours}",
        quantity=quantity,
        unit_price=price,
        event_id=f"e{event}",
    )
