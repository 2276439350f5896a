"""The sink: what lies on the log and not yet in the database is written there, step by step.

A step is one transaction, and the input positions are in it. So a sink that is killed goes on
where the database stands; nothing is missing then, and nothing is there twice.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from consumers.sink import schema
from consumers.sink.customer_rows import (
    customer_rows,
    event_ms,
    half_life_days,
    segment_rows,
)
from consumers.sink.customers import Customers
from consumers.sink.insights import Expected, Insights, prune_insights, write_insights
from consumers.sink.messages import Messages
from consumers.sink.places import Place, followed_topics, places_of, require_ours
from consumers.sink.rows import Rows, times
from consumers.sink.told import change_rows, drift_rows, event_rows, model_rows
from stream.log.closing import ClosingMixin
from stream.times import NEVER

if TYPE_CHECKING:
    from consumers.sink.customer_rows import Models
    from consumers.sink.customers import Unwritten
    from consumers.sink.following import Followed
    from consumers.sink.messages import Ends, Told
    from consumers.sink.store import Store, Writing
    from stream.log.seam import Log
    from stream.topics import Topics


ROWS_AT_ONCE = 20_000
PATIENCE_SECONDS = 150.0
"""Longer than the transaction of a dead worker may stay open."""


@dataclass(slots=True)
class Step:
    """What one transaction wrote."""

    rows: dict[str, int] = field(default_factory=dict)
    """By table."""

    unreadable: int = 0
    is_full: bool = False
    """Whether there was more to be read than one step takes."""

    seconds: float = 0.0

    def put(self, rows: Rows) -> None:
        self.rows[rows.table.name] = self.rows.get(rows.table.name, 0) + len(rows)


class Sink(ClosingMixin):
    """From where the database stands. After any error it is of no use: make another."""

    def __init__(
        self, log: Log, topics: Topics, store: Store, models: Models, *, most_rows: int
    ) -> None:
        self._log, self._topics, self._store, self._models = log, topics, store, models
        self._most = most_rows
        self._has_to_forget = False
        places = places_of(store)
        require_ours(places, log, topics, store.name)
        self._written = {place: there.position for place, there in places.inputs.items()}
        with ExitStack() as opening:
            self._insights = opening.enter_context(Insights(log, topics.insights, places.inputs))
            self._messages = opening.enter_context(Messages(log, topics, places.inputs))
            self._customers = [
                opening.enter_context(
                    Customers(
                        log,
                        topics,
                        partition,
                        places.inputs.get((topics.profiles, partition)),
                        places.refreshed_ms.get(partition, NEVER),
                    )
                )
                for partition in range(log.partitions(topics.profiles))
            ]
            self._opened = opening.pop_all()

    def close(self) -> None:
        self._opened.close()

    def step(self) -> Step:
        """What there is by now, or as much of it as one transaction should have.

        1. What snapshots expect, then blocks, then changes, models and reports, up to where the log
           ends just now.
        2. Where it is read to its end, some customers who have got a day older.
        3. All of it and the positions, in one transaction; what is expected only where all blocks
           were read that it can be of.
        """
        began = time.monotonic()
        scored = self._insights.read_on(self._ends_of(self._insights.topic), self._most)  # 1
        ends = self.ends()
        count = self._read_customers(ends)
        told = self._messages.read_on(ends, self._most)
        count = max(count, len(told.changes))
        step = Step(is_full=max(count, scored) >= self._most)
        up_to_date = [one for one in self._customers if self._is_read(one, ends)]
        for one in up_to_date:
            one.age(self._most - min(count, self._most))  # 2
        is_known = len(up_to_date) == len(self._customers)
        expected = self._insights.take() if is_known else Expected()
        step.unreadable = told.unreadable + expected.unreadable
        self._write(told, expected, step)  # 3
        if self._has_to_forget:
            self._has_to_forget = not self._store.forgotten()
        step.seconds = time.monotonic() - began
        return step

    def ends(self) -> Ends:
        """Where the log ends."""
        return {topic: self._ends_of(topic) for topic in followed_topics(self._topics)}

    def behind(self, ends: Ends) -> dict[str, int]:
        """By how many offsets, topic by topic."""
        at = self._positions()
        return {
            topic: sum(max(end - at[topic, part].position, 0) for part, end in there.items())
            for topic, there in ends.items()
        }

    def is_done(self, ends: Ends) -> bool:
        """Whether all up to there is written, and everybody as old as they are."""
        return self.is_fresh and not any(self.behind(ends).values())

    @property
    def is_fresh(self) -> bool:
        """Whether nobody waits to be written only because time went by."""
        return all(one.is_refreshed for one in self._customers)

    def _ends_of(self, topic: str) -> dict[int, int]:
        return {part: there.end for part, there in self._log.bounds(topic).items()}

    def _is_read(self, one: Customers, ends: Ends) -> bool:
        """Whether its blocks are."""
        return one.position >= ends[self._topics.profiles][one.partition]

    def _read_customers(self, ends: Ends) -> int:
        """How many rows are to be written by then."""
        count = 0
        for one in self._customers:
            end = ends[self._topics.profiles][one.partition]
            count += one.read_on(end, max(self._most - count, 1))
        return count

    def _write(self, told: Told, expected: Expected, step: Step) -> None:
        unwritten = [(one, one.unwritten()) for one in self._customers]
        there, written = self._positions(), self._written
        moved = {at: place for at, place in there.items() if written.get(at) != place.position}
        if not moved and not any(what for _, what in unwritten):
            return
        erased = False
        with self._store.writing() as writing:
            for one, what in unwritten:
                erased |= _forget(writing, one, what)
                self._write_customers(writing, one, what, step)
            self._write_told(writing, told, step)
            for rows in write_insights(writing, expected, self._customers):
                step.put(rows)
            for at, place in moved.items():
                writing.advance(*at, written.get(at), place)
        self._written |= {at: place.position for at, place in moved.items()}
        self._has_to_forget |= erased

    def _write_customers(
        self, writing: Writing, one: Customers, what: Unwritten, step: Step
    ) -> None:
        state = one.state
        if state is None or not what:
            return
        for start in range(0, len(what.rows), ROWS_AT_ONCE):
            rows = what.rows[start : start + ROWS_AT_ONCE]
            _put(writing, customer_rows(state, rows), step)
            for lens in state.head.lenses:
                _put(writing, segment_rows(state, rows, lens, self._models), step)
        writing.put(_partition_row(one))

    def _write_told(self, writing: Writing, told: Told, step: Step) -> None:
        alive = [
            (partition, position, change)
            for partition, position, change in told.changes
            if not self._customers[partition].is_erased(change.customer_id, change.incarnation)
        ]
        if alive:
            made = change_rows(alive)
            writing.add(made)
            step.put(made)
        if told.events:
            _put(writing, event_rows(told.events), step)
        if told.models:
            for rows in model_rows(told.models):
                _put(writing, rows, step)
        if told.reports:
            _put(writing, drift_rows(told.reports), step)

    def _positions(self) -> dict[tuple[str, int], Place]:
        found: dict[tuple[str, int], Place] = {}
        for one in self._customers:
            found[self._topics.profiles, one.partition] = Place(one.position, one.sequence)
        others: list[Followed | Insights] = [*self._messages.followed, self._insights]
        for followed in others:
            for partition, position in followed.positions.items():
                last = followed.last.get(partition)
                found[followed.topic, partition] = Place(position, last=last)
        return found


def settled_ends(log: Log, topics: Topics) -> Ends:
    """Where everything that is written by now ends, once all of it is decided."""
    return {
        topic: {part: log.settled_end(topic, part, PATIENCE_SECONDS) for part in log.bounds(topic)}
        for topic in followed_topics(topics)
    }


def _forget(writing: Writing, one: Customers, what: Unwritten) -> bool:
    """Whoever was erased, and what they did; whether there was anybody."""
    if what.anew:
        prune_insights(writing, one)
        writing.forget_partition(one.partition)
    writing.forget_customers(list(what.gone))
    came_back = one.ids_of(what.graves)
    writing.forget_insights(came_back)
    erased = {customer_id: times for customer_id, times in what.gone.items() if times}
    if what.graves or (what.anew and one.state is not None and len(one.state.graves)):
        for customer_id in list(writing.who_changed(one.partition)):
            if times := one.times_erased(customer_id):
                erased[customer_id] = times
    writing.forget_changes(erased)
    return bool(what.anew or erased or what.gone or came_back)


def _partition_row(one: Customers) -> Rows:
    state = one.state
    assert state is not None
    refreshed_ms = one.refreshed_ms if one.is_refreshed else NEVER
    return Rows(
        schema.partitions,
        {
            "partition": np.array([one.partition]),
            "event_time": times(np.array([event_ms(state)])),
            "customers": np.array([int((state.rows["key"] != 0).sum())]),
            "half_life_days": np.array([half_life_days(state)]),
            "model_version": [state.head.model_version],
            "refreshed_at": times(np.array([refreshed_ms])),
        },
    )


def _put(writing: Writing, rows: Rows, step: Step) -> None:
    writing.put(rows)
    step.put(rows)
