"""One life of a worker between two crashes: a producer, a subscription, tasks and their loop.

Whatever goes wrong is raised, and leaving the session throws everything in it away. The next
one starts from what the log says.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Event
from typing import TYPE_CHECKING

from consumers.worker.assignment import Assignment
from consumers.worker.commits import Commits
from consumers.worker.committing import Committer
from consumers.worker.holding import Held
from consumers.worker.progress import Progress
from consumers.worker.restoring import Restoring
from stream.errors import LogError
from stream.log.batch import RecordBatch
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.worker.setting import Setting
    from stream.log.seam import Closing, Membership, Producer

POLL_SECONDS = 0.1


class Session(ClosingMixin):
    """Used as a `with` block; `run` returns when there is nothing more to do.

    `ends` are the offsets to read to, by partition, or None to go on until told to stop.
    """

    def __init__(
        self, setting: Setting, ends: Mapping[int, int] | None, producer: Producer
    ) -> None:
        """Takes the place. There is a producer first: whoever had the name is fenced by then."""
        self._clock, self._observer, self._stopping = (
            setting.clock,
            setting.observer,
            setting.stopping,
        )
        rules, place, topics = setting.rules, setting.place, setting.topics
        self._membership: Membership | None = None
        self._poll_seconds = min(POLL_SECONDS, rules.tick_silence_ms / 1000)
        with ExitStack() as undoing:
            self._producer = producer
            undoing.callback(self._producer.close)
            self._committer = Committer(
                setting.log, topics, self._producer, self._clock, rules.settled_seconds
            )
            self._assignment = Assignment(
                self._committer, self._observer.dropped, self._clock.seconds
            )
            self._subscription = setting.log.subscribe(
                topics.transactions, place.group, place.member, self._assignment
            )
            undoing.pop_all()
        self._progress = Progress(setting, self._subscription, self._assignment, ends)
        self._commits = Commits(setting, self._committer, self._assignment, self._progress)
        self._over = Event()
        self._restoring = Restoring(
            setting.log,
            topics,
            place.group,
            setting.tasks,
            rules.settled_seconds,
            self._over,
        )
        self._rules = rules
        self._executor = ThreadPoolExecutor(rules.restores_at_once, "shoal-restore")

    @property
    def has_committed(self) -> bool:
        return self._commits.has_committed

    def close(self) -> None:
        """Leaves the group, and gives everything back; what is in flight has ended by then."""
        self._over.set()
        self._committer.release()
        self._assignment.revoked(self._assignment.partitions)
        _close(self._subscription)
        _close(self._producer)
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._committer.close()

    def run(self) -> None:
        while not (self._stopping.is_set() or self._is_at_the_end()):
            self._turn()
        self._commits.finish(self._membership)

    def _turn(self) -> None:
        """Once round.

        1. Poll; in there the group says which partitions come and go.
        2. The place in the group that this poll ran under: what is folded now is sent with it.
        3. How the commit in flight ended, which must be known before more is built upon it.
        4. Fold what came.
        5. Restore what was assigned; start what is restored.
        6. Commit what is due, with the ticks that are.
        """
        timeout = min(self._poll_seconds, self._commits.due_within())
        batches = self._subscription.poll(timeout)  # 1
        self._take_place()  # 2
        self._commits.note()  # 3
        self._fold(batches)  # 4
        self._restore()  # 5
        self._commits.commit_if_due(self._membership)  # 6
        self._progress.tell(is_member=self._membership is not None)

    def _is_at_the_end(self) -> bool:
        return self._progress.is_all_read() and not self._committer.is_held

    def _take_place(self) -> None:
        """Adopts the newest stable place in the group, where it is still the same member's.

        A partition that a cooperative rebalance leaves with a member was nobody else's between
        the two generations: to be given away it must first be revoked, in a generation that this
        member took part in, and the listener would have dropped its task. So what was folded
        under the former generation may be sent with the newer one, and an ordinary rebalance
        costs nothing that was kept. Another member id means that the place was lost meanwhile,
        and with it everything, whatever the callbacks said.
        """
        if not self._assignment.partitions:
            return
        newest = self._subscription.membership()
        if self._membership is not None and newest.member != self._membership.member:
            self._committer.settle()
            self._subscription.pause(self._assignment.partitions)
            self._assignment.start_over()
        self._membership = newest

    def _fold(self, batches: list[RecordBatch]) -> None:
        """Only what is held: what is on its way to be started is read again from there.

        A producer that doesn't linger makes a batch of each record or two: a partition's are
        folded together, as taking each would cost more than folding it.
        """
        now_ms, events = self._clock.now_ms(), 0
        there: dict[int, list[RecordBatch]] = {}
        for one in batches:
            there.setdefault(one.partition, []).append(one)
        for partition, several in there.items():
            held = self._assignment.held.get(partition)
            if held is not None:
                batch = RecordBatch.together(several)
                began = self._clock.seconds()
                count = held.take(batch, now_ms)
                self._observer.folded(held.task, count, self._clock.seconds() - began)
                events += count
        if events:
            self._commits.folded(events)

    def _restore(self) -> None:
        """Begins none while a commit is in flight, which may be of the partition's last owner."""
        if self._committer.is_idle:
            self._assignment.restore(self._executor, self._restoring.restored)
        for since, restored in self._assignment.restored():
            task = restored.task
            self._subscription.start(task.partition, task.position)
            self._subscription.resume([task.partition])
            held = Held(task, restored.blocks, self._rules, self._clock.now_ms())
            self._assignment.held[task.partition] = held
            self._observer.restored(task, self._clock.seconds() - since)


def _close(thing: Closing) -> None:
    """That the log is gone meanwhile is known by then."""
    with suppress(LogError):
        thing.close()
