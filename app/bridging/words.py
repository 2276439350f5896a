"""What became of a bridge's records, for people and for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.bridging.crossing import CROSSED
from app.bridging.mapping import LeftOut

if TYPE_CHECKING:
    from app.bridging.crossing import Crossed

HOUR_MS = 60 * 60 * 1000
LEFT_OUT = {
    LeftOut.OTHER: "other (--only)",
    LeftOut.BEFORE: "before --since",
    LeftOut.EMPTY: "without lines",
}


def in_words(crossed: Crossed, source: str) -> str:
    """The account, which adds up.

    >>> from collections import Counter
    >>> from app.bridging.crossing import Crossed
    >>> told = Crossed(Counter(crossed=2, dead_letter=1), Counter(not_json=1), lines=5)
    >>> in_words(told, "orders")
    'orders: 3 records = 2 crossed (5 lines) + 1 dead letters (1 not_json)'
    """
    records = crossed.records
    parts = [f"{records[CROSSED]:,} crossed ({crossed.lines:,} lines)"]
    parts += [f"{records[why]:,} {said}" for why, said in LEFT_OUT.items() if records[why]]
    if refused := crossed.refused.most_common():
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in refused)
        parts.append(f"{records['dead_letter']:,} dead letters ({reasons})")
    return f"{source}: {len(crossed):,} records = {' + '.join(parts)}"


def times_in_words(crossed: Crossed) -> str | None:
    """Over which time lines lie, and how far behind one another: what grace and horizon need."""
    if crossed.first_ms is None or crossed.last_ms is None:
        return None
    hours = crossed.most_behind_ms / HOUR_MS
    return (
        f"event time from {_moment(crossed.first_ms)} to {_moment(crossed.last_ms)}, a line at "
        f"most {hours:.1f} hours behind one before it"
    )


def as_json(crossed: Crossed, source: str) -> dict[str, Any]:
    """The same for programs."""
    return {
        "source": source,
        "records": dict(crossed.records),
        "dead_letters": dict(crossed.refused),
        "lines": crossed.lines,
        "first_ms": crossed.first_ms,
        "last_ms": crossed.last_ms,
        "most_behind_ms": crossed.most_behind_ms,
    }


def _moment(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M}"
