"""Reading and encoding: from a gzipped CSV to records ready to be written."""

from __future__ import annotations

import numpy as np

from benchmarks.data import Now, dataset
from benchmarks.figures import ROUNDS, Figure, rate_of
from producers.replaying.fingerprint import fingerprint
from producers.replaying.outgoing import Sender
from producers.replaying.prepared import Choices, prepared
from producers.replaying.sort import sorted_lines
from producers.replaying.tail import NOTHING

PARTITIONS = 4


def measure() -> list[Figure]:
    _encode_all()  # compiled once
    rate = sorted(rate_of(_encode_all) for _ in range(ROUNDS))[ROUNDS // 2]
    what = "rows of Online Retail read, ordered, identified and encoded, a second"
    return [Figure("read_encode_rows_per_second", rate, "≥ 400,000", what)]


def _encode_all() -> int:
    """Every row of the file, rejected ones too: they were read as well."""
    source, sender = dataset(), Sender(fingerprint("bench"), PARTITIONS)
    with sorted_lines([source.lines()]) as lines:
        nothing_there = np.full(PARTITIONS, NOTHING)
        for batch in prepared(lines, Choices(), sender, nothing_there, Now().now_ms()):
            list(batch.by_partition(0, len(batch), Now().now_ms()))
        return lines.survey.rows + sum(source.rejects.counts().values())
