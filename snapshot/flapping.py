"""How often customers go back to the segment they just left, counted from the changes.

A moment says where customers are, not how they came there: so the changes are followed beside it,
and only their last step is remembered, for a week.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import datetime  # noqa: TC003 (msgspec reads the annotations when it runs)
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from stream.contracts.instant import milliseconds
from stream.errors import PositionOutOfRange
from stream.log.closing import ClosingMixin
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from snapshot.moment import LensAt, Moment
    from stream.contracts.model import SegmentModel
    from stream.log.batch import Record
    from stream.log.seam import Log, Reader

FLAP_MS = 7 * DAY_MS
MONTH_MS = 30 * DAY_MS
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 150.0


class _Ref(msgspec.Struct):
    id: str


class _Change(msgspec.Struct):
    """What is counted of one; segment events on the same topic are none of these."""

    lens: str
    customer_id: str
    occurred_at: datetime
    previous: _Ref | None
    current: _Ref | None


class _Step(NamedTuple):
    left: str
    came_to: str
    at_ms: int


class Flaps(ClosingMixin):
    """From A to B and back to A within 7 days; learned segments only."""

    def __init__(self, log: Log, topic: str) -> None:
        self._log, self._topic = log, topic
        self._decoder = msgspec.json.Decoder(_Change)
        self._last: dict[tuple[str, str], _Step] = {}
        self._flaps: dict[str, list[int]] = defaultdict(list)
        self._positions = {part: bound.start for part, bound in log.bounds(topic).items()}
        self._reader: Reader = log.reader(topic, self._positions)

    def rates(self, moment: Moment, models: Iterable[SegmentModel]) -> dict[str, float]:
        """For each lens, per 100 active customers in 30 days, over the last 30 before the moment,
        or since its first model."""
        models = list(models)
        self._read_on(_rules(models))
        self._forget_before(moment.instant_ms)
        first_ms = {
            lens.lens: milliseconds(model.instant)
            for model in reversed(models)
            for lens in model.lenses
        }
        rates = {}
        for name, lens in moment.lenses.items():
            begin_ms = max(moment.instant_ms - MONTH_MS, first_ms.get(name, moment.instant_ms))
            months = (moment.instant_ms - begin_ms) / MONTH_MS
            active = _learned_customers(lens, _rules(models))
            if months > 0 and active:
                count = sum(begin_ms < at_ms <= moment.instant_ms for at_ms in self._flaps[name])
                rates[name] = count / months / active * 100
        return rates

    def close(self) -> None:
        self._reader.close()

    def _read_on(self, rules: set[str]) -> None:
        """To where the changes end now."""
        for partition in self._positions:
            end = self._log.settled_end(self._topic, partition, PATIENCE_SECONDS)
            while self._reader.positions()[partition] < end:
                self._take(rules)

    def _take(self, rules: set[str]) -> None:
        try:
            batches = self._reader.poll(POLL_SECONDS)
        except PositionOutOfRange as gone:  # what was to be read next has expired
            positions = self._reader.positions() | {gone.partition: gone.start}
            self._reader.close()
            self._reader = self._log.reader(self._topic, positions)
            return
        for batch in batches:
            for _, record in batch:
                self._see(record, rules)

    def _see(self, record: Record, rules: set[str]) -> None:
        with suppress(msgspec.MsgspecError):
            change = self._decoder.decode(record.value or b"")
            who = (change.lens, change.customer_id)
            before = self._last.pop(who, None)
            if change.previous is None or change.current is None:
                return
            left, came_to = change.previous.id, change.current.id
            if {left, came_to} & rules:
                return
            at_ms = milliseconds(change.occurred_at)
            is_back = before is not None and (before.left, before.came_to) == (came_to, left)
            if before and is_back and at_ms - before.at_ms < FLAP_MS:
                self._flaps[change.lens].append(at_ms)
            self._last[who] = _Step(left, came_to, at_ms)

    def _forget_before(self, instant_ms: int) -> None:
        """Steps and flaps that can't count any more."""
        self._last = {
            who: step for who, step in self._last.items() if instant_ms - step.at_ms < FLAP_MS
        }
        for name, found in self._flaps.items():
            self._flaps[name] = [at_ms for at_ms in found if at_ms > instant_ms - MONTH_MS]


def _rules(models: Iterable[SegmentModel]) -> set[str]:
    return {
        rule.segment.id for model in models for lens in model.lenses for rule in lens.rule_segments
    }


def _learned_customers(lens: LensAt, rules: set[str]) -> int:
    learned = [code for code, segment in enumerate(lens.segments) if segment.id not in rules]
    return int(np.isin(lens.published, learned).sum())
