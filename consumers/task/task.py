"""One partition, record by record: the same result wherever its log is cut into batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.task import storing
from consumers.task.dead import bury
from consumers.task.erasure import erase
from consumers.task.folding import fold, go_to
from consumers.task.inbox import Inbox, sorted_out
from consumers.task.partition import Partition
from consumers.task.promotion import is_newer, take_up
from consumers.task.storing import Output, Store
from stream.contracts.commands import Erasure, Promote, Tick
from stream.contracts.instant import milliseconds
from stream.log.known import LastRead
from stream.profile.layout import NEVER
from stream.profile.pending import next_due_ms
from stream.profile.reading import EventReader
from stream.profile.walk import grace_ms

if TYPE_CHECKING:
    from consumers.task.rules import Identity, Models, TaskRules
    from stream.blocks.restored import Restored
    from stream.contracts.commands import Command
    from stream.log.batch import RecordBatch

COMMAND = "command"
AT_ONCE = 16_384
"""Records that are sorted out, then folded: what was made of the first is still in the cache."""


class Task:
    """What becomes of one partition's records. Made by `new_task` and `restored_task`."""

    def __init__(self, partition: Partition, store: Store, models: Models) -> None:
        self._partition, self._store, self._models = partition, store, models
        self._reader = EventReader(partition.rules.non_products)
        self._took_something = False
        self.erased_since_checkpoint = False

    @property
    def partition(self) -> int:
        return self._partition.identity.partition

    @property
    def position(self) -> int:
        """The next offset to read."""
        return self._store.position

    @property
    def last(self) -> LastRead | None:
        """The last record of what was read, to be known again."""
        return self._store.last

    @property
    def has_output(self) -> bool:
        """Whether anything was taken since the last `collect`."""
        return self._took_something or bool(self._store.blocks)

    @property
    def event_ms(self) -> int:
        """Event time: the latest event or tick, or `NEVER`."""
        return self._partition.profiles.sweep_ms

    @property
    def is_live(self) -> bool:
        """Whether the last event was within an hour of its record: the owner may tick then."""
        return self._partition.profiles.is_live

    @property
    def pending_due_ms(self) -> int | None:
        """The event time past which the next order is looked at; None where none waits."""
        newest_ms = next_due_ms(self._partition.pending)
        if newest_ms == NEVER:
            return None
        return newest_ms + grace_ms(self._partition.profiles.state.marks, self._rules.bounds)

    @property
    def promoted_ms(self) -> int | None:
        """The T of the last `Promote`, None before the first."""
        return self._partition.promoted_ms

    @property
    def outcomes(self) -> dict[str, int]:
        """What became of every record of the partition so far; they add up to all of them."""
        return dict(self._partition.outcomes)

    @property
    def state(self) -> Partition:
        """For those who look: metrics, tests, what exports a learner."""
        return self._partition

    @property
    def _rules(self) -> TaskRules:
        return self._partition.rules

    def take(self, batch: RecordBatch, observed_ms: int) -> None:
        """Everything in the batch that was not taken yet, in order."""
        batch = batch.starting_at(self.position)
        self._took_something = True
        for part in batch.parts(AT_ONCE):
            self._take(part, observed_ms)

    def _take(self, batch: RecordBatch, observed_ms: int) -> None:
        inbox = sorted_out(self._partition, batch, self._reader)
        begin = 0
        for row, command in inbox.commands.items():
            self._fold(inbox, begin, row, observed_ms)
            self._partition.outcomes[COMMAND] += 1
            self._obey(command, int(batch.offsets[row]) + 1, observed_ms)
            begin = row + 1
        self._fold(inbox, begin, len(batch), observed_ms)
        self._store.position = batch.next_offset
        if len(batch):
            self._store.last = LastRead.in_batch(batch)

    def collect(self, observed_ms: int, *, checkpoint: bool = False) -> Output:
        """Ends the block, and hands over all that has to be committed together."""
        self._took_something = False
        if checkpoint:
            self.erased_since_checkpoint = False
        return storing.collect(self._partition, self._store, observed_ms, checkpoint=checkpoint)

    def _fold(self, inbox: Inbox, begin: int, end: int, observed_ms: int) -> None:
        """What is no command among these rows of the batch."""
        lines = inbox.between(begin, end)
        if len(lines):
            fold(self._partition, self._store, lines, observed_ms)
        bury(self._partition, inbox, inbox.refused_before(end), observed_ms)

    def _obey(self, command: Command, next_offset: int, observed_ms: int) -> None:
        match command:
            case Tick():
                self._store.position = next_offset - 1
                go_to(self._partition, self._store, milliseconds(command.instant), observed_ms)
            case Erasure():
                erase(self._partition, command.customer_id, observed_ms)
                self.erased_since_checkpoint = True
            case Promote() if is_newer(self._partition, command):
                model = self._models.model(command.version)
                self._store.position = next_offset - 1
                storing.end_block(self._partition, self._store)
                take_up(self._partition, command, model, observed_ms)
                self._store.position = next_offset
                storing.end_block(self._partition, self._store)
        self._store.position = next_offset


def new_task(
    identity: Identity,
    rules: TaskRules,
    models: Models,
    position: int = 0,
    *,
    makes_blocks: bool = True,
) -> Task:
    """For a partition of which nothing was read before; `position` is where its log begins."""
    store = Store.new(position, makes_blocks=makes_blocks)
    return Task(Partition.new(identity, rules), store, models)


def restored_task(identity: Identity, rules: TaskRules, models: Models, restored: Restored) -> Task:
    """Where the last block left off."""
    partition = storing.partition_of(identity, rules, restored, models)
    return Task(partition, Store.after(restored.head), models)
