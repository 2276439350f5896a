"""The account counts each committed record once, whatever happens to partitions meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from app.consume_account import Account, Counting
from consumers.task.storing import Output
from consumers.task.told import Kind, Said
from consumers.worker.observer import Written

if TYPE_CHECKING:
    from consumers.worker.partition_task import PartitionTask


@dataclass
class Task:
    """As much of a task as an observer looks at."""

    partition: int
    outcomes: Counter[str] = field(default_factory=Counter)


class Counted(Said):
    """Changes of which only the kinds are asked for."""

    def __init__(self, causes: dict[str, int]) -> None:
        super().__init__()
        self._kinds.update({Kind("value", cause, "a", "b"): n for cause, n in causes.items()})


def restored(counting: Counting, partition: int, **outcomes: int) -> None:
    task = cast("PartitionTask", Task(partition, Counter(outcomes)))
    counting.restored(task, 0.0)


def committed(counting: Counting, partition: int, causes: dict[str, int], **outcomes: int) -> None:
    output = Output(Counted(causes), [], [], 0, is_checkpoint=False, flaps=Counter())
    task = cast("PartitionTask", Task(partition))
    counting.committed([Written(task, output, outcomes, 0)], 0.0)


def test_what_was_there_before_is_not_counted() -> None:
    counting = Counting()
    restored(counting, 0, folded=100, not_json=3)
    committed(counting, 0, {"moved": 2}, folded=107, not_json=4, command=1)
    committed(counting, 0, {"moved": 1, "time": 1}, folded=110, not_json=4, command=1)
    assert counting.account.outcomes == {"folded": 10, "not_json": 1, "command": 1}
    assert counting.account.changes == {"moved": 3, "time": 1}
    assert counting.account.records == 12


def test_what_another_worker_did_in_between_is_not_counted() -> None:
    counting = Counting()
    restored(counting, 0)
    committed(counting, 0, {}, folded=5)
    counting.dropped(0)
    restored(counting, 0, folded=50)
    committed(counting, 0, {}, folded=51)
    assert counting.account.outcomes == {"folded": 6}


def test_accounts_of_several_workers_add_up() -> None:
    one = Account(Counter(folded=3, command=1), Counter(moved=1)).as_json(1.0)
    other = Account(Counter(folded=4, too_late=2), Counter(moved=2, time=1)).as_json(2.0)
    both = Account.of([one, other])
    assert both == Account(Counter(folded=7, command=1, too_late=2), Counter(moved=3, time=1))
    assert both.records == 10
