"""CloudEvents 1.0 headers (binary mode) for what goes to `segment-changes`.

They let brokers' connectors and other people's tools route a record without parsing it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stream.contracts.change import SegmentChange
from stream.log.headers import encode_headers, encode_length

if TYPE_CHECKING:
    from typing import Self

    from stream.contracts.segment_event import SegmentEvent

CHANGE_TYPE = "shoal.segment-change.v1"
EVENT_TYPES = "shoal.segment-event.{happened}.v1"


def cloud_event_headers(
    message: SegmentChange | SegmentEvent, topic: str
) -> tuple[tuple[str, bytes], ...]:
    """The record's headers; `topic` says whose events they are, as `ce_source`."""
    if isinstance(message, SegmentChange):
        kind, event_id, subject = CHANGE_TYPE, message.change_id, message.customer_id
    else:
        kind = EVENT_TYPES.format(happened=message.happened)
        event_id, subject = message.event_id, message.segment.id
    return (
        *_constant(kind, topic),
        ("ce_id", event_id.encode()),
        ("ce_subject", subject.encode()),
        ("ce_time", message.occurred_at.isoformat().encode()),
    )


class ChangeHeaders(NamedTuple):
    """The same for changes by the thousand: the form in which they lie in the log, cut where a
    change's id, its customer's and its time belong, each after its length.

    >>> from stream.log.headers import decode_headers, encode_length
    >>> values = [encode_length(len(value)) + value for value in (b"1f", b"17850", b"2011")]
    >>> pieces = zip(ChangeHeaders.of("shoal.segment-changes"), values)
    >>> decode_headers(b"".join(piece for pair in pieces for piece in pair))[4:6]
    (('ce_id', b'1f'), ('ce_subject', b'17850'))
    """

    before_id: bytes
    before_subject: bytes
    before_time: bytes

    @classmethod
    def of(cls, topic: str) -> Self:
        empty = [("ce_id", b""), ("ce_subject", b""), ("ce_time", b"")]
        whole = encode_headers([*_constant(CHANGE_TYPE, topic), *empty])
        names = [encode_length(len(name)) + name.encode() for name, _ in empty]
        return cls(whole[: whole.index(names[0])] + names[0], *names[1:])


def _constant(kind: str, topic: str) -> tuple[tuple[str, bytes], ...]:
    """What is the same for every event of a kind."""
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", kind.encode()),
        ("ce_source", f"/shoal/{topic}".encode()),
        ("content-type", b"application/json"),
    )
