"""A change, and a customer's place, in sentences that somebody in marketing would read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from snapshot.naming.words import bare_words
from stream.contracts.change import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.customer import Customer
    from app.customer_standing import Standing
    from stream.contracts.change import Reason, SegmentChange

WHY = {
    Cause.FIRST_MODEL: "the first model",
    Cause.JOINED: "a newcomer",
    Cause.MOVED: "an order",
    Cause.TIME: "time",
    Cause.REFIT: "a new model",
    Cause.LATE: "a late line",
    Cause.ERASED: "erased",
}
PROFILE = {
    "tenure_days": ("day a customer", "days a customer"),
    "recency_days": ("day since the last purchase", "days since the last purchase"),
    "orders": ("order", "orders"),
    "spend": ("spent in all", "spent in all"),
    "returns": ("return", "returns"),
}
"""What is told of a customer's profile: of one, of several."""


def told(change: SegmentChange) -> Iterator[str]:
    """Two lines: who went where, and why."""
    when, who = f"{change.occurred_at:%Y-%m-%d %H:%M}", change.customer_id
    yield f"{when}  {who}: {_ends(change)}"
    yield f"  {_because(change)}"


def of_customer(customer: Customer) -> Iterator[str]:
    """Who it is, how near each segment is, and how it came about."""
    at = datetime.fromtimestamp(customer.at_ms / 1000, UTC)
    yield f"on {at:%Y-%m-%d}: {', '.join(_figures(customer.features))}"
    for standing in customer.standings:
        yield from _standing(standing)
    for change in customer.history:
        yield from told(change)


def _figures(features: Mapping[str, float]) -> Iterator[str]:
    for name, (one, several) in PROFILE.items():
        value = f"{features[name]:,.2f}" if name == "spend" else f"{round(features[name], 1):,g}"
        yield f"{value} {one if value == '1' else several}"


def _standing(standing: Standing) -> Iterator[str]:
    segment = standing.segment
    for name, away in standing.distances:
        yield f"  {'→' if name == segment else ' '} {away:5.2f} from {name.name}"
    if segment is not None and standing.confidence is None:
        yield f"  → {segment.name}, by its rule"
    elif standing.confidence is not None:
        yield f"    confidence {standing.confidence:.2f}"


def _ends(change: SegmentChange) -> str:
    before = change.previous.name if change.previous else "new"
    return f"{before} → {change.current.name if change.current else 'gone'}"


def _because(change: SegmentChange) -> str:
    """The cause, and what it did to the features that counted most."""
    reasons = ", ".join(map(_reason, change.reasons))
    return f"{WHY[change.cause]}: {reasons}" if reasons else WHY[change.cause]


def _reason(reason: Reason) -> str:
    """
    >>> from stream.contracts.change import Reason
    >>> _reason(Reason(feature="spend_d90", before=31.2, after=240.1, contribution=0.8))
    'spend up from 31.2 to 240'
    >>> _reason(Reason(feature="spend_d90", before=None, after=7.97, contribution=0.8))
    'spend 7.97'
    """
    name, before, after = bare_words(reason.feature), _number(reason.before), _number(reason.after)
    if reason.feature == "recency_days":
        return f"{after} days without a purchase"
    if before == after or reason.before is None or reason.after is None:
        return f"{name} {after or before}"
    return f"{name} {'up' if reason.after > reason.before else 'down'} from {before} to {after}"


def _number(value: float | None) -> str:
    """As many digits as somebody wants to read.

    >>> _number(0.893), _number(45.14), _number(1240.2), _number(3.0), _number(None)
    ('0.89', '45.1', '1,240', '3', '')
    """
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 or value == round(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"
