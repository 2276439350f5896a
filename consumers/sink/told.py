"""Messages as rows: changes, segment events, models with their segments, drift reports.

Changes come by the hundred thousand: msgspec decodes just what columns need, and what it can't
read pydantic judges.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from consumers.sink import schema
from consumers.sink.rows import Rows, floats, instants
from stream.contracts.change import SegmentChange
from stream.contracts.identity import change_id
from stream.contracts.segment_event import SegmentEvent
from stream.errors import InvalidMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from stream.contracts.drift import DriftReport
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel


class Ref(msgspec.Struct):
    id: str
    name: str


class Change(msgspec.Struct, tag="segment_change"):
    """What a row needs of a `SegmentChange`."""

    customer_id: str
    lens: str
    sequence: int
    previous: Ref | None
    current: Ref | None
    cause: str
    occurred_at: datetime
    observed_at: datetime
    change_id: str = ""
    incarnation: int = 1
    margin: float | None = None
    confidence: float | None = None
    reasons: msgspec.Raw = msgspec.Raw(b"[]")
    features: msgspec.Raw = msgspec.Raw(b"{}")
    model_version: int | None = None


class Other(msgspec.Struct, tag="segment_event"):
    """What is no change."""


_decoder = msgspec.json.Decoder(Change | Other)
_change_decoder = msgspec.json.Decoder(Change)


def read_change(value: bytes | None) -> Change | SegmentEvent | None:
    """What a record of `segment-changes` holds; None where it is nothing of ours."""
    try:
        found = _decoder.decode(value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _read_slowly(value)
    if isinstance(found, Change):
        return found if found.occurred_at.tzinfo and found.observed_at.tzinfo else None
    try:
        return SegmentEvent.from_json(value)
    except InvalidMessage:
        return None


def change_rows(changes: Sequence[tuple[int, int, Change]]) -> Rows:
    """Each with its partition and its position."""
    parts, places, told = zip(*changes, strict=True)
    return Rows(
        schema.changes,
        {
            "change_id": [one.change_id or _id_of(one) for one in told],
            "partition": np.array(parts),
            "position": np.array(places),
            "customer_id": [one.customer_id for one in told],
            "lens": [one.lens for one in told],
            "incarnation": np.array([one.incarnation for one in told]),
            "sequence": np.array([one.sequence for one in told]),
            "previous_id": [one.previous and one.previous.id for one in told],
            "previous_name": [one.previous and one.previous.name for one in told],
            "current_id": [one.current and one.current.id for one in told],
            "current_name": [one.current and one.current.name for one in told],
            "cause": [one.cause for one in told],
            "margin": floats(one.margin for one in told),
            "confidence": floats(one.confidence for one in told),
            "reasons": [bytes(one.reasons).decode() for one in told],
            "features": [bytes(one.features).decode() for one in told],
            "model_version": [one.model_version for one in told],
            "occurred_at": instants(one.occurred_at for one in told),
            "observed_at": instants(one.observed_at for one in told),
        },
    )


def event_rows(events: Sequence[SegmentEvent]) -> Rows:
    return _rows(
        schema.segment_events,
        events,
        {
            "event_id": lambda one: one.event_id,
            "lens": lambda one: one.lens,
            "segment_id": lambda one: one.segment.id,
            "name": lambda one: one.segment.name,
            "happened": lambda one: one.happened.value,
            "previous_name": lambda one: one.previous_name,
            "came_from": lambda one: _json(one.came_from),
            "went_to": lambda one: _json(one.went_to),
            "customers": lambda one: one.customers,
            "model_version": lambda one: one.model_version,
            "previous_model_version": lambda one: one.previous_model_version,
            "occurred_at": lambda one: one.occurred_at,
            "observed_at": lambda one: one.observed_at,
        },
    )


def model_rows(models: Sequence[SegmentModel]) -> tuple[Rows, Rows]:
    """The versions, and the segments of each; a later version's are put over an earlier one's."""
    versions = _rows(
        schema.models,
        models,
        {
            "version": lambda one: one.version,
            "based_on": lambda one: one.based_on,
            "shape_of": lambda one: one.shape_of,
            "instant": lambda one: one.instant,
            "created_at": lambda one: one.created_at,
            "note": lambda one: one.note,
            "model": lambda one: one.model_dump_json(),
        },
    )
    found = [
        (lens.lens, *segment, model.version)
        for model in models
        for lens in model.lenses
        for segment in _segments(lens)
    ]
    names = [column.name for column in schema.segments.columns]
    columns = zip(*found, strict=True)
    return versions, Rows(schema.segments, dict(zip(names, map(list, columns), strict=True)))


def drift_rows(reports: Sequence[tuple[int, DriftReport]]) -> Rows:
    """Each with its position."""
    return _rows(
        schema.drift,
        reports,
        {
            "position": lambda one: one[0],
            "instant": lambda one: one[1].instant,
            "created_at": lambda one: one[1].created_at,
            "model_version": lambda one: one[1].model_version,
            "customers": lambda one: one[1].customers,
            "outcome": lambda one: one[1].decision.outcome.value,
            "alerts": lambda one: _json(one[1].alerts),
            "report": lambda one: one[1].model_dump_json(),
        },
    )


def _segments(lens: LensModel) -> list[tuple[str, str, str, str, int | None]]:
    """Id, name, kind, description and how many customers it was fitted on."""
    learned: dict[str, tuple[str, str, str, str, int | None]] = {}
    for one in lens.centroids:
        ref, before = one.segment, learned.get(one.segment.id)
        fitted = one.customers + ((before[4] or 0) if before else 0)
        learned[ref.id] = (ref.id, ref.name, "learned", one.description, fitted)
    ruled = [
        (rule.segment.id, rule.segment.name, "rule", rule.description, None)
        for rule in lens.rule_segments
        if rule.segment.id not in learned
    ]
    return [*learned.values(), *ruled]


def _read_slowly(value: bytes | None) -> Change | None:
    try:
        return _change_decoder.decode(SegmentChange.from_json(value).to_json())
    except (InvalidMessage, msgspec.MsgspecError):
        return None


def _id_of(one: Change) -> str:
    return change_id(one.lens, one.customer_id, one.incarnation, one.sequence)


def _rows(table: Any, told: Sequence[Any], columns: dict[str, Callable[[Any], Any]]) -> Rows:
    made: dict[str, Any] = {name: [value(one) for one in told] for name, value in columns.items()}
    for name, column in made.items():
        if column and isinstance(column[0], datetime):
            made[name] = instants(column)
    return Rows(table, made)


def _json(parts: Iterable[Any]) -> str:
    return json.dumps([part.model_dump(mode="json") for part in parts])
