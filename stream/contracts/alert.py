"""What a snapshot says aloud, and what it decides."""

from stream.contracts.base import Part, Text, Version
from stream.contracts.meaning import Word


class AlertKind(Word):
    """What an alert is about: only what was seen to work."""

    SEGMENT_SHARE = ("segment_share", "A segment's share changed within a week.")
    ORDER_VALUE = (
        "order_value",
        "Order value within a segment moved against the overall shift within 28 days.",
    )
    AGREEMENT = ("agreement", "Running and batch segments agree less than they should.")
    TRACKING_GAIN = ("tracking_gain", "Learning does worse than frozen centroids.")


class Alert(Part):
    """Something to look at, with what was measured and why it counts."""

    kind: AlertKind
    """What it is about."""

    subject: Text
    """The segment's id, or the lens."""

    lens: Text | None = None
    """The lens that the subject belongs to."""

    value: float
    """What was measured."""

    threshold: float
    """What it was held against: the default, or what chance or the service's own quiet weeks
    make of it, where that is more. A share or an order value raises an alert beyond it either
    way, agreement and tracking gain below it."""

    reason: str
    """A sentence for people."""


class Outcome(Word):
    """What a snapshot decides."""

    PROMOTED = ("promoted", "A new version was published.")
    KEPT = ("kept", "The running version stays.")


class Decision(Part):
    """Whether a new version was published, and why or why not."""

    outcome: Outcome
    """What was decided."""

    version: Version | None = None
    """The new version, where one was published."""

    reasons: tuple[str, ...] = ()
    """Each guard that held it back, or what spoke for it, in sentences for people."""
