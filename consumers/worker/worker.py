"""A worker: sessions one after the other, until it is told to stop or has read everything.

A commit that failed, a group that has moved on and a log that went away end a session, and the
next one restores. A name that somebody else has, and whatever is wrong for good, end the worker.
"""

from __future__ import annotations

import logging
from threading import Event
from typing import TYPE_CHECKING

from consumers.worker.observer import Silent
from consumers.worker.rules import SystemClock, WorkerRules
from consumers.worker.session import Session
from consumers.worker.setting import Setting
from stream.errors import CommitFailed, Fenced, GroupMovedOn, LogUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.worker.observer import Observer
    from consumers.worker.partition_task import Tasks
    from consumers.worker.rules import Clock, Place
    from stream.errors import LogError
    from stream.log.seam import Log, Producer
    from stream.topics import Topics

PASSING = (LogUnavailable, CommitFailed, GroupMovedOn)
"""What another session may mend. `Fenced` is none of them: another process has the name."""

log_of_worker = logging.getLogger(__name__)


class Worker:
    """Runs the tasks of the partitions that its place in the group is given.

    `stop` may be called from a signal's handler or another thread; everything else belongs to
    the thread that runs it.
    """

    def __init__(
        self,
        log: Log,
        topics: Topics,
        place: Place,
        tasks: Tasks,
        rules: WorkerRules | None = None,
        observer: Observer | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._rules, self._clock = rules or WorkerRules(), clock or SystemClock()
        self._observer, self._stopping = observer or Silent(), Event()
        self._producer: Producer | None = None
        self._setting = Setting(
            log, topics, place, tasks, self._rules, self._observer, self._clock, self._stopping
        )

    def stop(self) -> None:
        """Finish the batch, commit, leave the group."""
        self._stopping.set()

    def run(self, *, until_end: bool = False) -> None:
        """Until `stop`; with `until_end` also once all of ours is read and committed.

        The end is where the partitions ended when this began. Such a run writes no ticks: what
        it makes of a topic follows from what is in the topic.
        """
        trouble, ends = Trouble(self._rules, self._clock, self._stopping), None
        while not self._stopping.is_set():
            session = None
            try:
                if until_end and ends is None:
                    ends = self._settled_ends()
                with Session(self._setting, ends, self._named()) as session:
                    session.run()
                return
            except PASSING as error:
                self._observer.failed(error)
                if session is not None and session.has_committed:
                    trouble.is_past()
                trouble.came(error)

    def _named(self) -> Producer:
        """Takes the worker's name: for the first time, or again unless another has it by now.

        Who slept until another had it fails in the middle of a commit, and not always by being
        fenced. What takes the name and fails may have it nonetheless, and is forgotten.
        """
        if self._producer is not None and self._producer.is_replaced():
            raise Fenced(
                f"another process has the name {self._setting.place.member} by now: this one has "
                "to stop, or take a name of its own"
            )
        self._producer = None
        self._producer = self._setting.log.producer(self._setting.place.member)
        return self._producer

    def _settled_ends(self) -> Mapping[int, int]:
        log, topic = self._setting.log, self._setting.topics.transactions
        return {
            partition: log.settled_end(topic, partition, self._rules.settled_seconds)
            for partition in range(log.partitions(topic))
        }


class Trouble:
    """Counts sessions that ended badly, one after the other, and waits longer after each."""

    def __init__(self, rules: WorkerRules, clock: Clock, stopping: Event) -> None:
        self._rules, self._clock, self._stopping = rules, clock, stopping
        self._began: float | None = None
        self._pause = rules.retry_first_seconds
        self._said = ""

    def is_past(self) -> None:
        """Something was committed since."""
        self._began, self._pause, self._said = None, self._rules.retry_first_seconds, ""

    def came(self, error: LogError) -> None:
        """Waits a while, or raises it where it has gone on for too long."""
        now = self._clock.seconds()
        self._began = now if self._began is None else self._began
        most = self._rules.give_up_seconds
        if most is not None and now - self._began >= most:
            raise error
        if self._said != str(error):
            self._said = str(error)
            how_long = "for ever" if most is None else f"for {most:g} s"
            log_of_worker.warning("trying again, %s: %s", how_long, error)
        self._stopping.wait(self._pause)
        self._pause = min(2 * self._pause, self._rules.retry_most_seconds)
