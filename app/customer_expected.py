"""What is expected of one customer: by the newest snapshot in the history that expects anything.

Apart from the rest of a customer because it isn't on the log's topics of profiles and changes, and
may not be there at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snapshot.history.columns import SCORED
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot.history import History


@dataclass(frozen=True, slots=True)
class Expected:
    """As of the instant of a snapshot."""

    instant_ms: int
    scores: Mapping[str, Any]
    """By the names in `snapshot.history.columns.SCORED`; None is what could not be told."""


def expected_of(history: History, customer_id: str, erased_ms: int | None) -> Expected | None:
    """None where that snapshot doesn't know the customer, or knows who was erased since: one who
    came back is another."""
    instant_ms = _newest(history)
    if instant_ms is None or (erased_ms is not None and instant_ms <= erased_ms):
        return None
    try:
        row = history.customer(instant_ms, customer_id)
    except InputError:  # they came later
        return None
    return Expected(instant_ms, {name: row[name] for name in SCORED})


def _newest(history: History) -> int | None:
    expecting = (at for at in reversed(history.instants()) if history.manifest(at).insights)
    return next(expecting, None)
