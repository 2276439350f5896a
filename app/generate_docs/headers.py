"""What the records' headers are, where they have any."""

from producers.replaying.progress_mark import HEADER as ROW_HEADER


def _text(description: str, **more: str) -> dict[str, str]:
    return {"type": "string", "description": description} | more


CLOUD_EVENT = {
    "type": "object",
    "description": "CloudEvents 1.0, in Kafka's binary mode.",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "content-type"],
    "properties": {
        "ce_specversion": _text("The version of CloudEvents.", const="1.0"),
        "ce_id": _text("The message's own id, the same in every run."),
        "ce_type": _text("shoal.segment-change.v1, or shoal.segment-event.{what happened}.v1."),
        "ce_source": _text("/shoal/ and the topic."),
        "ce_subject": _text("The customer's id, or the segment's."),
        "ce_time": _text("The event time.", format="date-time"),
        "content-type": _text("Of the value.", const="application/json"),
    },
}
REPLAY = {
    "type": "object",
    "description": "Set by replay, so that it can go on where it was; nobody else needs it.",
    "properties": {ROW_HEADER: _text("The source's fingerprint and the row's number.")},
}
