"""A customer on one page for people, or as one JSON object for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.insight_words import customer_in_words
from app.tell import printable, reason_words
from snapshot.history.folders import in_words as snapshot_time
from stream.profile.fading_features import decayed, steady, windows
from stream.profile.feature_table import averages, behaviour, totals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.customer import Customer
    from app.customer_expected import Expected
    from app.customer_standing import Standing
    from stream.contracts.change import SegmentChange
    from stream.profile.feature_table import Feature

REASONS_SHOWN = 3


def as_json(customer: Customer) -> str:
    told: dict[str, Any] = {
        "customer_id": customer.customer_id,
        "partition": customer.partition,
        "at": _moment(customer.at_ms).isoformat(),
        "labels": customer.labels,
        "features": customer.features,
        "lenses": {one.lens: _standing_as_json(one) for one in customer.standings},
        "expected": _expected_as_json(customer.expected),
        "history": [change.model_dump(mode="json") for change in customer.history],
    }
    return json.dumps(told, ensure_ascii=False)


def in_words(customer: Customer) -> str:
    """The segments first, then what they come from, then how they came about."""
    lines = [
        f"customer {customer.customer_id} (partition {customer.partition}) "
        f"at {_moment(customer.at_ms):%Y-%m-%d %H:%M} UTC",
        *_labels(customer),
        "",
        *(line for one in customer.standings for line in _standing(one)),
    ]
    if not customer.standings:
        lines += ["no segments yet: `shoal models fit --publish` makes some", ""]
    lines += _expected(customer.expected)
    for title, features in groups(customer.half_life_days):
        lines += _group(title, features, customer.features)
    return "\n".join(map(printable, [*lines, *_history(customer)]))


def groups(half_life_days: int) -> Iterator[tuple[str, tuple[Feature, ...]]]:
    """The catalogue as it is shown."""
    yield "in all", tuple(totals())
    yield "on average", tuple(averages())
    yield "how and when", tuple(behaviour())
    yield "lately", tuple(windows())
    yield f"fading, half-life {half_life_days} days", tuple(decayed(half_life_days))
    yield "fading at their own pace", tuple(steady(half_life_days))


def _labels(customer: Customer) -> Iterator[str]:
    said = [f"{name} {value}" for name, value in customer.labels.items() if value is not None]
    if said:
        yield ", ".join(said)


def _standing(standing: Standing) -> Iterator[str]:
    segment = standing.segment
    where = f"{segment.name} ({segment.id})" if segment else "no segment"
    yield f"{standing.lens}: {where}, by model {standing.model_version}"
    for name, away in standing.distances:
        mark = "→" if name == segment else " "
        yield f"  {mark} {away:8.3f} from {name.name} ({name.id})"
    if standing.confidence is not None:
        yield f"    confidence {standing.confidence:.2f}{_margin(standing.margin)}"
    yield ""


def _expected(expected: Expected | None) -> Iterator[str]:
    """Nothing where nothing could be told."""
    told = list(customer_in_words(expected.scores)) if expected else []
    if expected and told:
        yield f"by the snapshot of {snapshot_time(expected.instant_ms)}"
        yield from (f"  {line}" for line in told)
        yield ""


def _margin(margin: float | None) -> str:
    if margin is None:
        return ""
    if margin < 0:
        return f", margin {margin:+.2f}: another is nearer, but not by enough to move"
    return f", margin {margin:+.2f} to the next"


def _group(title: str, features: tuple[Feature, ...], values: dict[str, float]) -> Iterator[str]:
    """Of twelve months only those with something in them."""
    yield title
    for feature in features:
        value = values[feature.name]
        if value or not feature.name.startswith("month_"):
            yield f"  {feature.name:<22} {value:>12,.2f} {feature.unit}"
    yield ""


def _history(customer: Customer) -> Iterator[str]:
    changes = customer.history
    yield f"{len(changes):,} change{'s' * (len(changes) != 1)} of segment"
    for change in changes:
        yield f"  {_change(change)}"


def _change(change: SegmentChange) -> str:
    before = change.previous.name if change.previous else "nothing"
    after = change.current.name if change.current else "nothing"
    shown = change.reasons[:REASONS_SHOWN]
    reasons = "; ".join(reason_words(one.feature, one.before, one.after) for one in shown)
    because = f": {reasons}" if reasons else ""
    when = f"{change.occurred_at:%Y-%m-%d %H:%M}"
    return f"{when}  {change.lens} {change.sequence}  {before} → {after} ({change.cause}){because}"


def _standing_as_json(standing: Standing) -> dict[str, Any]:
    segment = standing.segment
    return {
        "segment": segment.model_dump() if segment else None,
        "model_version": standing.model_version,
        "changes": standing.changes,
        "distances": {ref.id: away for ref, away in standing.distances},
        "confidence": standing.confidence,
        "margin": standing.margin,
    }


def _expected_as_json(expected: Expected | None) -> dict[str, Any] | None:
    if expected is None:
        return None
    return {"at": _moment(expected.instant_ms).isoformat(), **expected.scores}


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
