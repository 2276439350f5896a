"""Tasks made from a log: new ones by the settings, old ones from their blocks.

Where the worker, which knows no task, and the task, which knows no log, meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.task.rules import Identity, LearnerChoice, TaskRules
from consumers.task.task import Task, new_task, restored_task
from consumers.worker.models import LogModels
from consumers.worker.partition_task import BlocksThere, Checkpoint, Restored
from stream.blocks.chain import Chain
from stream.blocks.reading import restore
from stream.profile.products import NonProducts
from stream.profile.tables import GRAVES
from stream.settings.fingerprint import fingerprint
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from stream.blocks.block import Block
    from stream.blocks.restored import Restored as RestoredState
    from stream.log.seam import Log
    from stream.settings import Settings
    from stream.topics import Topics


class LogTasks:
    """See `consumers.worker.partition_task.Tasks`."""

    def __init__(self, log: Log, topics: Topics, settings: Settings) -> None:
        self._log, self._topics, self._group = log, topics, settings.group
        self._partitions = log.partitions(topics.transactions)
        self._rules = task_rules(settings, topics)
        self._models = LogModels(log, topics.models)

    def new(self, partition: int, position: int) -> Task:
        return new_task(self._identity(partition), self._rules, self._models, position)

    def restored(self, partition: int, end: int) -> Restored | None:
        chain = Chain(
            topic=self._topics.transactions,
            partitions=self._partitions,
            partition=partition,
            group=self._group,
            fingerprint=self._rules.fingerprint,
        )
        erasures = Erasures()
        state = restore(self._log, self._topics.profiles, partition, end, chain, erasures.see)
        if state is None:
            return None
        task = restored_task(self._identity(partition), self._rules, self._models, state)
        task.erased_since_checkpoint = erasures.were_seen
        there = [
            Checkpoint(one.first_offset, one.sweep_ms, one.written_ms, one.nbytes, one.stretch)
            for one in chain.checkpoints
        ]
        return Restored(task, BlocksThere(there, chain.bytes_since_checkpoint))

    def _identity(self, partition: int) -> Identity:
        return Identity(self._group, self._topics.transactions, self._partitions, partition)


class Erasures:
    """Whether any block on the log is older than an erasure: then it may hold who was erased.

    A checkpoint that came after changes nothing while what lies before it was not cut off.
    """

    def __init__(self) -> None:
        self.were_seen = False

    def see(self, block: Block, _: RestoredState) -> None:
        graves = None if block.head.is_checkpoint else block.tables.get(GRAVES)
        self.were_seen |= graves is not None and graves.num_rows > 0


def task_rules(settings: Settings, topics: Topics) -> TaskRules:
    """What the settings say that tasks go by."""
    consume, profiles = settings.consume, settings.profiles
    return TaskRules(
        changes_topic=topics.changes,
        fingerprint=fingerprint(settings),
        bounds=profiles.bounds(consume.grace_ms),
        non_products=NonProducts(profiles.non_products),
        learners={
            spec.name: LearnerChoice(spec.learner, spec.learner_parameters)
            for spec in lens_specs(settings)
        },
        message_bytes=settings.log.max_message_bytes,
        too_late_free=consume.too_late_dead_letters,
        too_late_share=consume.too_late_share,
    )
