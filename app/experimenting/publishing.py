"""Whoever publishes plans and assignments: one at a time under a prefix, each only once.

Opening takes the name over and only then reads what there is, so that of two who assign the same
experiment one is refused, on whatever machines they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.experimenting.kept import find
from app.topics_ready import told
from stream.contracts.experiment import MOST_CUSTOMERS, ExperimentAssignment
from stream.contracts.instant import milliseconds
from stream.errors import Fenced, TopicsDiffer
from stream.log.batch import Record, Records
from stream.log.closing import ClosingMixin
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.experimenting.kept import Experiment, Wave
    from stream.contracts.experiment import ExperimentPlan
    from stream.log.seam import Log
    from stream.topics import Topics

BYTES_A_CUSTOMER = 32
"""At most: the hash, its quotes and comma, and two places of up to five digits."""


class Registrar(ClosingMixin):
    """The one who registers under a prefix, until another one opens."""

    def __init__(self, log: Log, topics: Topics) -> None:
        self._log, self._topics = log, topics
        specs = [spec for spec in topics.specs() if spec.name == topics.experiments]
        if differences := log.create_topics(specs):
            raise TopicsDiffer(told(differences))
        self._producer = log.producer(f"{topics.prefix}experiments")

    def find(self, name: str) -> Experiment | None:
        """The experiment of this name, as nobody else can change it without fencing this one."""
        return find(self._log, self._topics.experiments, name)

    def publish_plan(self, plan: ExperimentPlan) -> None:
        key = plan.name.encode()
        self._publish([Record(key, plan.to_json(), milliseconds(plan.created_at))])

    def publish_wave(self, name: str, number: int, wave: Wave, assigned_at: datetime) -> None:
        """All of it at once, or nothing."""
        most = self._topics.max_message_bytes // BYTES_A_CUSTOMER - 200
        made = list(_messages(name, number, wave, assigned_at, min(most, MOST_CUSTOMERS)))
        written_ms = milliseconds(assigned_at)
        self._publish([Record(name.encode(), one.to_json(), written_ms) for one in made])

    def close(self) -> None:
        self._producer.close()

    def _publish(self, records: list[Record]) -> None:
        try:
            with self._producer.transaction() as transaction:
                for record in records:
                    transaction.append(self._topics.experiments, 0, Records.of([record]))
        except Fenced:
            raise Fenced(
                f"another `shoal experiment` took over on {self._log.name} meanwhile, and nothing "
                "of this was published: try again"
            ) from None


def _messages(
    name: str, number: int, wave: Wave, assigned_at: datetime, most: int
) -> Iterator[ExperimentAssignment]:
    count = len(wave.keys)
    begins = range(0, max(count, 1), max(most, 1))
    hashes = [f"{key:016x}" for key in wave.keys.tolist()]
    for part, begin in enumerate(begins):
        rows = np.s_[begin : begin + begins.step]
        yield ExperimentAssignment(
            name=name,
            wave=number,
            part=part,
            parts=len(begins),
            instant=instant(wave.instant_ms),
            assigned_at=assigned_at,
            segments=wave.segments,
            customers=tuple(hashes[rows]),
            segment=tuple(wave.segment[rows].tolist()),
            arm=tuple(wave.arms[rows].tolist()),
        )
