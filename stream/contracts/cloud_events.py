"""CloudEvents 1.0 headers (binary mode) for what goes to `segment-changes`.

They let brokers' connectors and other people's tools route a record without parsing it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.contracts.change import SegmentChange

if TYPE_CHECKING:
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
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_type": kind,
        "ce_source": f"/shoal/{topic}",
        "ce_subject": subject,
        "ce_time": message.occurred_at.isoformat(),
        "content-type": "application/json",
    }
    return tuple((name, value.encode()) for name, value in attributes.items())
