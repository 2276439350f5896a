"""Changes as records of `segment-changes`: key, JSON and headers, from columns to one buffer.

What is constant is written once, every column in one go, and one loop puts the rows together.
A test holds each record equal to what the contract writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from stream.contracts.cloud_events import ChangeHeaders
from stream.log.batch import Records, Spans
from stream.log.headers import encode_length
from stream.model.arrays import NONE
from stream.model.change import CAUSES, instant
from stream.model.change_ids import ID_LENGTH, change_ids
from stream.model.digits import FEW_DIGITS
from stream.model.pieces import MILLISECONDS, SECONDS, Source, where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stream.contracts.segment import SegmentRef
    from stream.log.batch import Bytes
    from stream.model.arrays import Ints
    from stream.model.change import Changes

SECOND_MS = 1000
AT_ONCE = 2048
"""What comes between is a few kilobytes a change, and is to stay in the processor's cache."""

ZEROS = b"000"
"""After milliseconds: a time has whole seconds, or microseconds."""


def written(changes: Changes, topic: str, observed_ms: int) -> Iterator[Records]:
    """The records in the order of the changes, some thousand at a time; the key is the
    customer's id."""
    for part in changes.parts(AT_ONCE):
        yield _records(part, topic, observed_ms)


def _records(changes: Changes, topic: str, observed_ms: int) -> Records:
    who = changes.customers
    source = Source(len(changes))
    customer_id = source.texts(who.ids, who.lengths)
    incarnation, sequence = source.wholes(who.incarnations), source.wholes(who.sequences)
    named = Named(
        change_id=change_ids(source, changes.lens, customer_id, incarnation, sequence),
        customer_id=customer_id,
        incarnation=incarnation,
        sequence=sequence,
        occurred_at=source.instants(changes.occurred_ms),
        in_seconds=(changes.occurred_ms % SECOND_MS == 0).astype(np.int64),
    )
    value = _value(source, changes, named, observed_ms)
    parts = ([customer_id], value, _headers(source, named, topic))
    return _cut(*source.joined([piece for part in parts for piece in part]), parts, observed_ms)


class Named(NamedTuple):
    """Pieces that more than one place needs."""

    change_id: Spans
    customer_id: Spans
    incarnation: Spans
    sequence: Spans
    occurred_at: Spans
    in_seconds: Ints
    """1 where the time has nothing below seconds."""


def _value(source: Source, changes: Changes, named: Named, observed_ms: int) -> list[Spans]:
    who, segments = changes.customers, changes.segments
    observed = b'","observed_at":%b}' % _json(instant(observed_ms))
    return [
        source.constant(b'{"schema_version":1,"type":"segment_change","change_id":"'),
        named.change_id,
        source.constant(b'","customer_id":"'),
        source.json_texts(who.ids, who.lengths),
        source.constant(b'","lens":%b,"incarnation":' % _json(changes.lens)),
        named.incarnation,
        source.constant(b',"sequence":'),
        named.sequence,
        source.choice(_segments(b',"previous":', segments), changes.previous),
        source.choice(_segments(b',"current":', segments), changes.current),
        source.choice([b',"cause":%b' % _json(cause) for cause in CAUSES], changes.causes),
        *_numbers(source, changes),
        source.constant(b',"model_version":%b,"occurred_at":"' % _json(changes.model_version)),
        named.occurred_at,
        source.choice([ZEROS + b"Z" + observed, b"Z" + observed], named.in_seconds),
    ]


def _segments(label: bytes, segments: tuple[SegmentRef, ...]) -> list[bytes]:
    """Of each its id and name, and of none null."""
    named = [{"id": segment.id, "name": segment.name} for segment in segments]
    return [label + _json(segment) for segment in (*named, None)]


def _numbers(source: Source, changes: Changes) -> list[Spans]:
    """From the margin to the features. What was before is kept in 32 bits."""
    reasons, most = changes.reasons, changes.reasons.features.shape[1]
    names = [_json(name) for name in changes.names]
    now = (reasons.after, reasons.contribution, changes.features)
    table = np.column_stack([changes.margin, changes.confidence, *now])
    margin, confidence, *rest = source.numbers(table)
    rest = source.numbers(reasons.before, FEW_DIGITS) + rest
    row = [source.constant(b',"margin":'), margin, source.constant(b',"confidence":'), confidence]
    row.append(source.constant(b',"reasons":['))
    for place in range(most):
        said = rest[place : 3 * most : most]
        row += _reason(source, names, reasons.features[:, place], place, said)
    row.append(source.constant(b'],"features":{'))
    for place, number in enumerate(rest[3 * most :]):
        row += [source.constant(_comma(place) + names[place] + b":"), number]
    row.append(source.constant(b"}"))
    return row


def _reason(
    source: Source, names: list[bytes], features: Ints, place: int, numbers: list[Spans]
) -> list[Spans]:
    there = (features != NONE).astype(np.int64)
    begin = _comma(place) + b'{"feature":%b,"before":'
    before, after, contribution = (where(there, number) for number in numbers)
    return [
        source.choice([*(begin % name for name in names), b""], features),
        before,
        where(there, source.constant(b',"after":')),
        after,
        where(there, source.constant(b',"contribution":')),
        contribution,
        where(there, source.constant(b"}")),
    ]


def _headers(source: Source, named: Named, topic: str) -> list[Spans]:
    headers = ChangeHeaders.of(topic)
    sizes, size = np.unique(named.customer_id.lengths, return_inverse=True)
    subjects = [headers.before_subject + encode_length(length) for length in sizes.tolist()]
    ends = (ZEROS + b"+00:00", b"+00:00")
    lengths = (MILLISECONDS + len(ends[0]), SECONDS + len(ends[1]))
    times = [headers.before_time + encode_length(length) for length in lengths]
    return [
        source.constant(headers.before_id + encode_length(ID_LENGTH)),
        named.change_id,
        source.choice(subjects, size),
        named.customer_id,
        source.choice(times, named.in_seconds),
        named.occurred_at,
        source.choice(ends, named.in_seconds),
    ]


def _cut(buffer: Bytes, lengths: Ints, parts: Sequence[Sequence[Spans]], at_ms: int) -> Records:
    """Each record's key, value and headers, which lie one after the other."""
    bounds = np.cumsum([len(part) for part in parts[:-1]])
    sizes = np.stack([part.sum(axis=0) for part in np.split(lengths, bounds)])
    ends = np.cumsum(sizes.T).reshape(-1, len(parts)).T
    key, value, headers = (Spans(end - size, size) for end, size in zip(ends, sizes, strict=True))
    return Records(buffer, key, value, headers, np.full(lengths.shape[1], at_ms, np.int64))


def _comma(place: int) -> bytes:
    return b"," if place else b""


def _json(said: object) -> bytes:
    return msgspec.json.encode(said)
