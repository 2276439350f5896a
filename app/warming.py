"""Compiled loops run once, on next to nothing, before anybody depends on the worker.

The first run after an installation compiles them, for a minute or so: better before joining a
group than in the middle of its first batch.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Timer
from typing import TYPE_CHECKING

import numpy as np

from consumers.task.rules import Identity
from consumers.task.task import new_task, restored_task
from stream.blocks.block import decode_part
from stream.blocks.chain import Chain
from stream.blocks.restored import Restored
from stream.contracts.commands import Erasure, Promote, Tick
from stream.contracts.fast import Line, encode
from stream.contracts.lens import Centroid, LensModel, ModelFeature, Shrinkage
from stream.contracts.model import SegmentModel
from stream.contracts.segment import SegmentRef
from stream.log.batch import Record, RecordBatch, Records
from stream.log.codec import decode_records, encode_records
from stream.log.partitioning import partitions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consumers.task.rules import TaskRules
    from consumers.task.task import Task
    from stream.settings.lenses import LensSpec

NOTICED_SECONDS = 4.0
BEGIN = datetime(2011, 1, 3, 20, tzinfo=UTC)
LATER_MS = 1_400_000_000_000
IDENTITY = Identity("warming", "warming", 1, 0)


def warm_up(rules: TaskRules, lenses: Sequence[LensSpec], say: Callable[[str], None]) -> None:
    """Everything that a task does, once; where that takes long it is because it compiles."""
    told = Timer(
        NOTICED_SECONDS, say, ["compiling, once for this version of Shoal: about a minute"]
    )
    told.daemon = True
    told.start()
    try:
        _run(rules, _Known(model_of(lenses)))
    finally:
        told.cancel()


class _Known:
    def __init__(self, model: SegmentModel) -> None:
        self._model = model

    def model(self, version: int) -> SegmentModel:
        return self._model


def _run(rules: TaskRules, models: _Known) -> None:
    coming = _through_the_codec(Records.of(records()))
    task = new_task(IDENTITY, rules, models)
    half = len(coming) // 2
    task.take(_batch(coming.slice(0, half), 0), 0)
    chain = Chain(topic=IDENTITY.topic, partitions=1, partition=0)
    restored = _followed(chain, Restored(), task)
    task = restored_task(IDENTITY, rules, models, restored)
    task.take(_batch(coming.slice(half), half), 0)
    _followed(chain, restored, task)


def _through_the_codec(records: Records) -> Records:
    partitions_of(records, 1)
    data = np.frombuffer(encode_records(records), np.uint8)
    return decode_records(data, 0, len(records), int(records.timestamps[0]))[0]


def _batch(records: Records, first: int) -> RecordBatch:
    end = first + len(records)
    return RecordBatch(IDENTITY.topic, 0, np.arange(first, end), end, records)


def _followed(chain: Chain, restored: Restored, task: Task) -> Restored:
    """The state as the task's blocks have it."""
    blocks = task.collect(0, checkpoint=True).blocks
    for offset, record in enumerate(one for records in blocks for one in records):
        block = chain.follow(offset, decode_part(record.value))
        if block is not None:
            restored.apply(block)
    return restored


def records() -> Iterator[Record]:
    """A shop's first days: orders, large ones late, each twice, returns, one that is nothing."""
    for number in range(24):
        late = number % 7 == 5
        at = BEGIN + timedelta(hours=2 * number - 5 * late)
        line = Line(
            customer_id=f"c{number % 3}",
            occurred_at=at,
            order_id=f"o{number}",
            product_id="p",
            category="a",
            country="b",
            quantity=-1.0 if number % 5 == 4 else (2.0 + number) * (50.0 if late else 1.0),
            unit_price=1.5 + number,
        )
        yield Record(line.customer_id.encode(), encode(line), LATER_MS)
        yield Record(line.customer_id.encode(), encode(line), LATER_MS)
        if number == 3:
            yield Record(None, Promote(version=1, instant=at).to_json(), LATER_MS)
            yield Record(b"c0", b"nothing", LATER_MS)
    later = BEGIN + timedelta(days=100)
    yield Record(None, Tick(instant=later).to_json(), LATER_MS)
    yield Record(b"c1", Erasure(customer_id="c1").to_json(), LATER_MS)


def model_of(lenses: Sequence[LensSpec]) -> SegmentModel:
    """A model that these lenses can have, with two segments that somebody moves between."""
    models = tuple(_lens(lens) for lens in lenses)
    return SegmentModel(version=1, instant=BEGIN, created_at=BEGIN, lenses=models)


def _lens(spec: LensSpec) -> LensModel:
    features = tuple(
        ModelFeature(
            name=one.name,
            transform=one.transform,
            centre=0.0,
            scale=1.0,
            shrinkage=Shrinkage(toward=0.5, weight=one.shrink_orders)
            if one.shrink_orders
            else None,
        )
        for one in spec.features
    )
    centroids = tuple(
        Centroid(
            segment=SegmentRef(id=f"{spec.name}-{number}", name=f"{number}"),
            position=(float(number),) * len(features),
        )
        for number in (1, 3)
    )
    return LensModel(
        lens=spec.name,
        features=features,
        centroids=centroids,
        pooled_variance=1.0,
        rule_segments=spec.rule_segments(),
        transition=spec.transition,
        learning=spec.learning,
        next_segment=4,
    )
