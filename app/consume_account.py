"""What a worker did, as an account that adds up: an observer that counts what was committed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.observing.task_facts import counts_of
from consumers.worker.observer import Silent
from stream.contracts.refusal import RefusalReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    from consumers.worker.observer import Written
    from consumers.worker.partition_task import PartitionTask

REASONS = frozenset(str(reason) for reason in RefusalReason)


@dataclass(slots=True)
class Account:
    """Records by outcome and changes by cause."""

    outcomes: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        return self.outcomes.total()

    def as_json(self, seconds: float) -> str:
        """One line that `of` reads again."""
        told = {"records": self.records, "outcomes": +self.outcomes, "changes": +self.changes}
        return json.dumps(told | {"seconds": round(seconds, 3)})

    @classmethod
    def of(cls, lines: Iterable[str]) -> Self:
        """The sum of several workers' accounts."""
        account = cls()
        for line in lines:
            told = json.loads(line)
            account.outcomes.update(told["outcomes"])
            account.changes.update(told["changes"])
        return account

    def in_words(self, seconds: float) -> str:
        """In sentences that add up.

        >>> from collections import Counter
        >>> told = Account(Counter(folded=7, not_json=2, too_late=1), Counter(moved=2))
        >>> print(told.in_words(2.0))
        10 records = 7 folded + 3 dead letters (2 not_json, 1 too_late)
        2 changes = 2 moved
        2.0 s, 5 records/s
        """
        refused = Counter({why: n for why, n in self.outcomes.items() if why in REASONS and n})
        parts = [f"{n:,} {what}" for what, n in (self.outcomes - refused).most_common()]
        if refused:
            reasons = ", ".join(f"{n:,} {why}" for why, n in refused.most_common())
            parts.append(f"{_many(refused.total(), 'dead letter')} ({reasons})")
        rate = self.records / seconds if seconds else 0.0
        lines = [_sum(_many(self.records, "record"), parts)]
        causes = [f"{n:,} {cause}" for cause, n in self.changes.most_common()]
        lines.append(_sum(_many(self.changes.total(), "change"), causes))
        return "\n".join([*lines, f"{seconds:.1f} s, {rate:,.0f} records/s"])


def _many(number: int, thing: str) -> str:
    """A number of things.

    >>> _many(1, "change"), _many(2000, "change")
    ('1 change', '2,000 changes')
    """
    return f"{number:,} {thing}{'s' * (number != 1)}"


def _sum(total: str, parts: list[str]) -> str:
    return f"{total} = {' + '.join(parts)}" if parts else total


class Counting(Silent):
    """An observer that keeps the account of what this worker itself has committed."""

    def __init__(self) -> None:
        self.account = Account()
        self._known: dict[int, Counter[str]] = {}

    def restored(self, task: PartitionTask, seconds: float) -> None:
        self._known[task.partition] = Counter(dict(task.outcomes))

    def committed(self, written: Sequence[Written], seconds: float) -> None:
        for part in written:
            now = Counter(dict(part.outcomes))
            self.account.outcomes.update(now - self._known.get(part.task.partition, Counter()))
            self._known[part.task.partition] = now
            for kind, count in counts_of(part.output).changes.items():
                self.account.changes[kind.cause] += count
