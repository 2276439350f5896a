"""One record of the user's own shape, as lines of transactions, or why it is none.

A record is taken whole or not at all: half an order would be worse than none. The contract has
the last word on each line, as it has for everybody else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from app.bridging.objects import as_written, object_of
from app.bridging.paths import at_path, spelled
from app.bridging.shape import NEEDED, NUMBERS, TIME, TRUTH
from app.bridging.values import Misfit, as_number, as_text, as_truth
from stream.contracts.fast import Line, encode, judged
from stream.contracts.identity import made_of
from stream.contracts.instant import milliseconds
from stream.contracts.refusal import RefusalReason, Refused
from stream.times import DAY_MS

if TYPE_CHECKING:
    from app.bridging.shape import Place, Shape

MOST_LINES = 10_000
"""Of one record: it bounds what a single one can become."""

_CONVERT = {TRUTH: as_truth} | dict.fromkeys(NUMBERS, as_number)


class LeftOut(StrEnum):
    """Why a record that is well is none of ours."""

    OTHER = "other"
    """It is not what `--only` asks for."""

    BEFORE = "before_since"
    """All of it happened before `--since`."""

    EMPTY = "without_lines"
    """Its list of lines is empty."""


class Origin(NamedTuple):
    """Where a record lies, and when its own log says that it was written."""

    topic: str
    partition: int
    offset: int
    timestamp: int


class BridgedLine(NamedTuple):
    """A line on its way: the record it becomes, and when it happened."""

    key: bytes
    value: bytes
    at_ms: int


Mapped = list[BridgedLine] | Refused | LeftOut


class Mapper:
    """Reads records of one shape. `name` is the bridge's: it makes its ids its own.

    A line further ahead of its record than `future_ms` is refused: workers would take the time at
    which it came across for that of the record.
    """

    def __init__(self, shape: Shape, name: str, future_ms: int = DAY_MS) -> None:
        self._shape, self._name, self._future_ms = shape, name, future_ms
        self._fields = [
            (field, place, _CONVERT.get(field, as_text))
            for field, place in shape.places.items()
            if field != TIME
        ]
        self._event = shape.places.get("event_id")

    def lines(self, value: bytes | None, origin: Origin) -> Mapped:
        """The record's lines, in order."""
        record = object_of(value)
        if isinstance(record, Refused):
            return record
        if not self._is_ours(record):
            return LeftOut.OTHER
        items = self._items(record)
        if isinstance(items, Refused):
            return items
        lines: list[BridgedLine] = []
        for number, item in enumerate(items):
            line = self._line(record, item, number, origin)
            if isinstance(line, Refused):
                return self._placed(line, number)
            if self._shape.since_ms is None or line.at_ms >= self._shape.since_ms:
                lines.append(line)
        if lines:
            return lines
        return LeftOut.BEFORE if items else LeftOut.EMPTY

    def _is_ours(self, record: dict[str, Any]) -> bool:
        wanted = self._shape.only or {}
        return all(as_written(at_path(record, path)) in values for path, values in wanted.items())

    def _items(self, record: dict[str, Any]) -> list[Any] | Refused:
        each = self._shape.each
        if each is None:
            return [None]
        items = at_path(record, each)
        if items is None:
            return Refused(RefusalReason.MISSING_FIELD, f"{spelled(each)} is missing")
        if not isinstance(items, list):
            return Refused(RefusalReason.INVALID_FIELD, f"{spelled(each)} should be a list")
        if len(items) > MOST_LINES:
            fact = f"{spelled(each)} should have at most {MOST_LINES} lines"
            return Refused(RefusalReason.OUT_OF_RANGE, fact)
        return items

    def _line(
        self, record: dict[str, Any], item: Any, number: int, origin: Origin
    ) -> BridgedLine | Refused:
        try:
            fields = self._read(record, item)
        except _Problem as problem:
            return problem.refused
        fields["event_id"] = self._event_id(fields.get("event_id"), number, origin)
        line = _checked(fields)
        if isinstance(line, Refused):
            return line
        at_ms = milliseconds(line.occurred_at)
        if at_ms - self._future_ms > origin.timestamp:
            fact = "the event is further ahead of its record's timestamp than profiles.future_hours"
            return Refused(RefusalReason.IN_THE_FUTURE, fact)
        return BridgedLine(line.customer_id.encode(), encode(line), at_ms)

    def _read(self, record: dict[str, Any], item: Any) -> dict[str, Any]:
        fields: dict[str, Any] = dict(self._shape.constants)
        for field, place, convert in self._fields:
            found = at_path(item if place.of_item else record, place.steps)
            if found is None:
                self._require(field, place)
                continue
            try:
                fields[field] = convert(found)
            except Misfit as problem:
                raise _Problem(
                    RefusalReason.INVALID_FIELD, self._told(field, place, problem)
                ) from None
            if place.divisor != 1.0:
                fields[field] = fields[field] / place.divisor + 0.0
        self._read_time(record, item, fields)
        return fields

    def _read_time(self, record: dict[str, Any], item: Any, fields: dict[str, Any]) -> None:
        place = self._shape.places[TIME]
        found = at_path(item if place.of_item else record, place.steps)
        if found is None:
            self._require(TIME, place)
        try:
            fields[TIME], is_known = self._shape.times.read(found)
        except Misfit as problem:
            raise _Problem(RefusalReason.INVALID_FIELD, self._told(TIME, place, problem)) from None
        if not is_known:
            fields.setdefault(TRUTH, False)

    def _require(self, field: str, place: Place) -> None:
        if field in NEEDED:
            raise _Problem(RefusalReason.MISSING_FIELD, self._told(field, place, "is missing"))

    def _told(self, field: str, place: Place, problem: object) -> str:
        """By the user's own name for it."""
        around = self._shape.each or ()
        path = spelled((*around, *place.steps) if place.of_item else place.steps)
        return f"{path} ({field}) {problem}"

    def _event_id(self, own: str | None, number: int, origin: Origin) -> str:
        """The line's own; one that is the whole record's is told apart by the line's number.

        Without any it is the record's place, so that a bridge that begins again makes the same.
        """
        if own is None:
            place = (str(origin.partition), str(origin.offset), str(number))
            return made_of("bridge", self._name, origin.topic, *place)
        assert self._event is not None
        return own if self._event.of_item or self._shape.each is None else made_of(own, str(number))

    def _placed(self, refused: Refused, number: int) -> Refused:
        if self._shape.each is None:
            return refused
        return Refused(refused.reason, f"line {number}: {refused.detail}")


class _Problem(Exception):
    def __init__(self, reason: RefusalReason, detail: str) -> None:
        self.refused = Refused(reason, detail)


def _checked(fields: dict[str, Any]) -> Line | Refused:
    """By the quick form where it is well, else by the judge, who says why not."""
    try:
        line = msgspec.convert(fields, Line)
    except (msgspec.ValidationError, ValueError):
        pass
    else:
        texts = (line.event_id, line.order_id, line.product_id, line.category, line.country)
        if line.customer_id.isprintable() and all(
            text is None or text.isprintable() for text in texts
        ):
            return line
    found = judged(msgspec.json.encode(fields))
    assert isinstance(found, Line | Refused)  # no `type` is ever mapped
    return found
