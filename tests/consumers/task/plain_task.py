"""A task in plain Python: one record after the other, real River objects, the rules' own words.

What `consumers.task` does in kernels is what this does. Slow, and read more than run.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.contracts.change import Cause
from stream.contracts.commands import Erasure, Promote, Tick
from stream.contracts.fast import Line
from stream.contracts.instant import milliseconds
from stream.contracts.lens import Centroid, Rule
from stream.model.learning import order_of_day, step_of
from stream.model.reference import coordinate, learned, look, rule_segment
from stream.model.sweep import midnights
from stream.model.transition import Standing
from stream.profile.catalogue import features
from stream.profile.events import events_of
from stream.profile.fold import FOLDED
from stream.profile.kept import LIVE, Bounds
from stream.profile.layout import DAY_MS, LAST, NEVER, ORDERS
from stream.profile.state import Profiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel

NOWHERE: Standing[str] = Standing()
OUTCOMES = ("folded", "duplicate", "too_late", "in_the_future", "erased")


class PlainChange(NamedTuple):
    customer_id: str
    lens: str
    incarnation: int
    sequence: int
    previous: str | None
    current: str | None
    cause: str
    at_ms: int


class Waiting(NamedTuple):
    newest_ms: int
    serial: int
    row: int
    bypass: bool


@dataclass
class InLens:
    """A lens with its centroids where River has them, and where its customers stand."""

    model: LensModel
    standings: dict[int, Standing[str]] = field(default_factory=dict)
    sequences: dict[int, int] = field(default_factory=dict)


class PlainTask:
    def __init__(self, bounds: Bounds, models: Mapping[int, SegmentModel]) -> None:
        self.profiles, self.models = Profiles(bounds), models
        self.waiting: dict[tuple[str, str], Waiting] = {}
        self.opened = 0
        self.lenses: dict[str, InLens] = {}
        self.version = 0
        self.changes: list[PlainChange] = []
        self.outcomes: list[str] = []

    def take(self, said: Line | Tick | Erasure | Promote, recorded_ms: int) -> None:
        match said:
            case Line():
                self._line(said, recorded_ms)
                return
            case Tick():
                if self.profiles.sweep_ms != NEVER:
                    self._go_to(milliseconds(said.instant))
                    self._tick(milliseconds(said.instant))
            case Erasure():
                self._erase(said.customer_id)
            case Promote() if said.version > self.version:
                self._take_up(self.models[said.version])
        self.outcomes.append("command")

    def _line(self, line: Line, recorded_ms: int) -> None:
        batch = events_of([line], [recorded_ms])
        after = deepcopy(self.profiles)
        folded = after.fold(batch)
        outcome = int(folded.outcomes[0])
        self.outcomes.append(OUTCOMES[outcome])
        if outcome != FOLDED:
            self.profiles = after
            return
        self._go_to(after.sweep_ms)
        live = int(after.state.marks[LIVE])
        self.profiles.state.marks[LIVE] = live
        self._tick(after.sweep_ms)
        before = self.profiles.state.profiles["counts"][:, ORDERS].copy()
        row = int(self.profiles.fold(batch).rows[0])
        orders = int(self.profiles.state.profiles["counts"][row, ORDERS])
        at_ms = milliseconds(line.occurred_at)
        if at_ms < self.profiles.sweep_ms - self._grace():
            self._look(row, bypass=True, cause=Cause.LATE)
            return
        key = (line.customer_id, line.order_id or "")
        if key not in self.waiting:
            self.waiting[key] = Waiting(at_ms, self.opened, row, False)
            self.opened += 1
        known = self.waiting[key]
        cancels = line.quantity < 0 and row < len(before) and orders < before[row]
        self.waiting[key] = known._replace(
            newest_ms=max(known.newest_ms, at_ms), bypass=known.bypass or bool(cancels)
        )

    def _go_to(self, instant_ms: int) -> None:
        now_ms = self.profiles.sweep_ms
        for midnight_ms in midnights(None if now_ms == NEVER else now_ms, instant_ms):
            self._tick(midnight_ms)
            for name in self.lenses:
                self._sweep(name, midnight_ms)
            self.profiles.move_landmark(midnight_ms)

    def _tick(self, instant_ms: int) -> None:
        self.profiles.tick(instant_ms)
        for key, order in sorted(self.waiting.items(), key=lambda item: item[1][:2]):
            if order.newest_ms < self.profiles.sweep_ms - self._grace():
                del self.waiting[key]
                self._look(order.row, bypass=order.bypass, cause=Cause.MOVED)

    def _look(self, row: int, *, bypass: bool, cause: Cause) -> None:
        at_ms = self.profiles.sweep_ms
        for name in self.lenses:
            self._settle(name, row, at_ms, cause, bypass=bypass)

    def _sweep(self, name: str, midnight_ms: int) -> None:
        """First everybody teaches, in the day's order; then everybody is looked at."""
        lens, rows = self.lenses[name], self._rows()
        points, keys = [], []
        for row in rows:
            seen = self._features(lens.model, row, midnight_ms)
            if rule_segment(lens.model, seen, self._last_ms(row), midnight_ms) is None:
                points.append([coordinate(feature, seen) for feature in lens.model.features])
                keys.append(self.profiles.state.profiles["key"][row])
        if points and lens.model.learning.on:
            self._teach(lens, np.array(points), np.array(keys, np.uint64), midnight_ms // DAY_MS)
        for row in rows:
            if row in lens.standings:
                self._settle(name, row, midnight_ms, Cause.TIME)

    def _teach(self, lens: InLens, points: np.ndarray, keys: np.ndarray, day: int) -> None:
        learning, old = lens.model.learning, lens.model.centroids
        step = step_of(
            len(points), len(old), factor=learning.step_factor, largest=learning.largest_step
        )
        where = np.array([centroid.position for centroid in old])
        moved = learned(where, points, order_of_day(keys, day), step)
        now = tuple(
            Centroid(segment=centroid.segment, position=tuple(position))
            for centroid, position in zip(old, moved.tolist(), strict=True)
        )
        lens.model = lens.model.model_copy(update={"centroids": now})

    def _take_up(self, model: SegmentModel) -> None:
        self.version = model.version
        for lens_model in model.lenses:
            old = self.lenses.get(lens_model.lens)
            if old is None:
                self.lenses[lens_model.lens] = InLens(lens_model)
            else:
                old.model = lens_model
                self._forget_what_is_gone(old)  # by the guard, even of those who don't move now
            if self.profiles.sweep_ms == NEVER:
                continue
            cause = Cause.FIRST_MODEL if old is None else Cause.REFIT
            for row in self._rows():
                if old is None or row in old.standings:
                    self._settle(lens_model.lens, row, self.profiles.sweep_ms, cause)
            self._forget_what_is_gone(self.lenses[lens_model.lens])

    def _forget_what_is_gone(self, lens: InLens) -> None:
        """A segment that a version doesn't have may be entered at once when a later one has it
        again, as after a rollback: the return guard doesn't remember it."""
        rules = (rule.segment.id for rule in lens.model.rule_segments)
        there = {*(centroid.segment.id for centroid in lens.model.centroids), *rules}
        for row, here in lens.standings.items():
            if here.left not in there:
                lens.standings[row] = Standing(here.segment, None, here.left_ms)

    def _settle(
        self, name: str, row: int, at_ms: int, cause: Cause, *, bypass: bool = False
    ) -> None:
        lens = self.lenses[name]
        here = lens.standings.get(row, NOWHERE)
        seen, last_ms = self._features(lens.model, row, at_ms), self._last_ms(row)
        soon = last_ms is not None and last_ms <= here.left_ms and at_ms - last_ms <= DAY_MS
        undoes = cause is Cause.LATE or soon
        now = look(lens.model, seen, last_ms, here, at_ms, bypass=bypass and undoes)
        if now.segment == here.segment:
            return
        if here.segment is None and cause is not Cause.FIRST_MODEL:
            cause = Cause.JOINED
        whole = cause in (Cause.FIRST_MODEL, Cause.REFIT)
        dated_ms = at_ms if whole else self._dated(lens.model, now.segment, last_ms, at_ms)
        lens.standings[row] = now
        lens.sequences[row] = lens.sequences.get(row, 0) + 1
        self._say(name, row, here.segment, now.segment, cause, dated_ms)

    def _erase(self, customer_id: str) -> None:
        row, at_ms = self.profiles.row_of(customer_id), self.profiles.sweep_ms
        if row is not None:
            for name, lens in self.lenses.items():
                here = lens.standings.pop(row, None)
                if here is not None:
                    lens.sequences[row] += 1
                    self._say(name, row, here.segment, None, Cause.ERASED, at_ms)
            left = {key: order for key, order in self.waiting.items() if order.row != row}
            self.waiting = left
        if at_ms != NEVER:
            self.profiles.erase(customer_id, at_ms)

    def _say(
        self,
        name: str,
        row: int,
        previous: str | None,
        current: str | None,
        cause: Cause,
        at_ms: int,
    ) -> None:
        self.changes.append(
            PlainChange(
                self.profiles.customer_id(row),
                name,
                self.profiles.incarnation(row),
                self.lenses[name].sequences[row],
                previous,
                current,
                cause.value,
                at_ms,
            )
        )

    def _dated(self, model: LensModel, segment: str | None, last_ms: int | None, at_ms: int) -> int:
        for rule in model.rule_segments:
            dormant = rule.rule is Rule.DORMANT and rule.segment.id == segment
            if dormant and last_ms is not None:
                return min(at_ms, last_ms + round((rule.after_days or 0) * DAY_MS))
        return at_ms

    def _features(self, model: LensModel, row: int, at_ms: int) -> dict[str, float]:
        also = ("spend_d90", "orders_d90")  # for rules and shrunk shares
        names = [*(feature.name for feature in model.features), *also]
        read = features(self.profiles, np.array([row]), at_ms, names)[0]
        return dict(zip(names, read.tolist(), strict=True))

    def _last_ms(self, row: int) -> int | None:
        last_ms = int(self.profiles.state.profiles["times"][row, LAST])
        return None if last_ms == NEVER else last_ms

    def _rows(self) -> list[int]:
        keys = self.profiles.state.profiles["key"][: len(self.profiles)]
        return [int(row) for row in np.flatnonzero(keys)]

    def _grace(self) -> int:
        return self.profiles.bounds.grace_ms if self.profiles.state.marks[LIVE] else 0
