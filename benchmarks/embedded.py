"""The embedded log, beside what the same replay and the same reading took on Kafka."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import ROUNDS, Figure, rate_of
from benchmarks.over_kafka import new_topic, read_back, replayed
from stream.log.open import open_log

if TYPE_CHECKING:
    from collections.abc import Mapping


def measure(kafka: Mapping[str, float]) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_log(f"sqlite:///{Path(folder) / 'bench.db'}") as log,
    ):
        topic = new_topic(log)
        replayed(log, topic)
        writing = sorted(rate_of(lambda: replayed(log, new_topic(log))) for _ in range(ROUNDS))
        reading = sorted(rate_of(lambda: read_back(log, topic)) for _ in range(ROUNDS))
    written, read = writing[ROUNDS // 2], reading[ROUNDS // 2]
    figures = [
        Figure("replay_embedded_rows_per_second", written, "", "file to records safe in SQLite"),
        Figure("read_embedded_rows_per_second", read, "", "read and decoded"),
    ]
    if kafka:
        over = written / kafka["replay_kafka_rows_per_second"]
        back = read / kafka["read_kafka_rows_per_second"]
        figures += [
            Figure("replay_embedded_ratio", over, "≥ 1", "replay to the embedded log over Kafka"),
            Figure("read_embedded_ratio", back, "≥ 1", "reading the embedded log over Kafka"),
        ]
    return figures
