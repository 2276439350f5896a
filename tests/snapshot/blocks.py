"""Profiles as blocks on a log, as tasks leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.blocks.block import Block, encode
from stream.blocks.head import SCHEMA, Head, LensHead
from stream.log.batch import Record, Records
from stream.model.standing import no_standings
from stream.profile.pending import nothing_pending
from stream.profile.stored import LensRows, all_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.log.seam import Log
    from stream.model.lens import Lens
    from stream.profile.state import Profiles
    from stream.topics import Topics


def write_blocks(
    log: Log,
    topics: Topics,
    partitions: Sequence[Profiles],
    fingerprint: str,
    lens: Lens | None = None,
) -> None:
    """One checkpoint a partition; with a lens, as it stands after learning."""
    for partition, profiles in enumerate(partitions):
        head = Head(
            schema=SCHEMA,
            group="shoal",
            topic=topics.transactions,
            partitions=len(partitions),
            partition=partition,
            fingerprint=fingerprint,
            sequence=1,
            kind="checkpoint",
            part=0,
            parts=1,
            begin=0,
            end=100,
            half_life_ms=profiles.bounds.half_life_ms,
            customers=len(profiles),
            marks=tuple(profiles.state.marks.tolist()),
            model_version=lens.version if lens else None,
            lenses=(head_of(lens),) if lens else (),
        )
        rows = {lens.name: _nobody_assigned(lens, len(profiles))} if lens else {}
        block = Block(head, all_tables(profiles, nothing_pending(), rows))
        values = encode(block, topics.max_message_bytes - 1_000)
        with log.writer() as writer:
            records = Records.of([Record(None, value, 0) for value in values])
            writer.append(topics.profiles, partition, records)
            writer.flush()


def head_of(lens: Lens) -> LensHead:
    return LensHead(
        name=lens.name,
        version=lens.version,
        needs=lens.needs,
        segments=tuple((segment.id, segment.name) for segment in lens.segments),
        positions=tuple(map(tuple, lens.shapes.positions.tolist())),
        centroid_segments=tuple(lens.shapes.segments.tolist()),
    )


def _nobody_assigned(lens: Lens, customers: int) -> LensRows:
    seen = np.full((customers, len(lens.needs)), np.nan, np.float32)
    return LensRows(no_standings(customers), seen)
