"""Transactions of some customers only, whole, so that what is compared on them takes seconds.

Who is among them is said by a hash of the id: the same customers each time, whatever they do.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from app.backtest.source import Source
from app.dashboard.log_lines import lines_from
from producers.lines import LINES
from producers.reading.dataset import Dataset, ReadOptions
from producers.replaying.prepared import Choices
from stream.contracts.fast import encode
from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from app.dashboard.given import Given
    from app.wiring import Wiring
    from stream.log.seam import Log

MOST_LINES = 40_000
MOST_READ = 1_000_000
"""Records of the log that are looked through, the newest."""

BUCKETS = 1 << 32


@dataclass(frozen=True, slots=True)
class Some:
    """Transactions in a file, ready to be run."""

    source: Source
    share: float
    """Of all customers."""

    lines: int


def some_of_log(wiring: Wiring, folder: Path, most: int = MOST_LINES) -> Some:
    """Of the log's transactions, as they lie there."""
    file, kept = folder / "lines.jsonl", 0
    with wiring.open_existing_log() as log, file.open("wb") as out:
        topic = wiring.topics().transactions
        records, first = _begins(log, topic)
        share = min(1.0, most / max(records, 1))
        for line in lines_from(log, topic, first, time.monotonic):
            if is_among(line.customer_id, share):
                out.write(encode(line) + b"\n")
                kept += 1
    if not kept:
        raise InputError(
            f"{log.name} has no transaction on {topic} yet: bring some with `shoal replay FILE`, "
            "or take a file"
        )
    return Some(Source((str(file),), ReadOptions(), Choices(), temp_folder=folder), share, kept)


def some_of(given: Given, folder: Path, most: int = MOST_LINES) -> Some:
    """Of a file, or of the made-up shop, which is small."""
    with given.source() as source:
        if given.content is None:
            return Some(source, 1.0, 0)
        dataset = Dataset.open(source.names[0], given.options)
        rows = sum(batch.num_rows for batch in dataset.lines())
        share, kept = min(1.0, most / max(rows, 1)), 0
        file = folder / "lines.parquet"
        with pq.ParquetWriter(file, LINES) as out:
            for batch in dataset.lines():
                chosen = batch.filter(_are_among(batch["customer_id"], share))
                out.write_batch(chosen)
                kept += chosen.num_rows
    options = ReadOptions(mapping=tuple((name, name) for name in _understood()))
    return Some(Source((str(file),), options, Choices(), temp_folder=folder), share, kept)


def is_among(customer_id: str, share: float) -> bool:
    """
    >>> is_among("17850", 1.0), is_among("17850", 0.0)
    (True, False)
    """
    return xxhash.xxh3_64_intdigest(customer_id.encode()) % BUCKETS < share * BUCKETS


def _are_among(ids: pa.Array, share: float) -> pa.Array:
    coded = ids.dictionary_encode()
    known = [is_among(customer, share) for customer in coded.dictionary.to_pylist()]
    chosen = np.array(known, np.bool_)[coded.indices.to_numpy()]
    return pa.array(chosen, pa.bool_())


def _understood() -> list[str]:
    """What of a line can be read back: the rest is the reader's own."""
    own = {"offset_minutes", "time_known"}
    return [field.name for field in LINES if field.name not in own]


def _begins(log: Log, topic: str) -> tuple[int, dict[int, int]]:
    bounds = log.bounds(topic)
    share = MOST_READ // max(len(bounds), 1)
    begins = {number: max(at.start, at.end - share) for number, at in bounds.items()}
    return sum(at.end - begins[number] for number, at in bounds.items()), begins
