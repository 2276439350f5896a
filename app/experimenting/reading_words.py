"""What came of an experiment, in sentences that say how sure they are, and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.experimenting.sizing import Base, size_of
from insights.experiments.reading import LEAST
from insights.experiments.sizing import POWER
from snapshot.naming.words import counted
from stream.errors import InputError
from stream.model.change import instant
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.experimenting.reading import Result
    from insights.experiments.reading import Lift

WHAT = {"bought": "who bought", "orders": "orders a customer", "spend": "spend a customer"}
COVERS = "95 %"
INTERVALS = (
    f"Intervals hold with {COVERS}, however often you look; those of segments are wider, so that "
    "they do so all together."
)


def told(result: Result) -> Iterator[str]:
    """Everything but the table."""
    yield from _about(result)
    if result.reading.is_broken:
        yield (
            "The arms are not as large as planned, by more than chance "
            f"(p = {result.reading.ratio_p:.2g}): something took customers out of one arm. "
            "Believe none of the lifts before that is found."
        )
        return
    yield f"The arms are as large as planned (p = {result.reading.ratio_p:.2f})."
    for lift in result.reading.lifts:
        if lift.segment is None:
            yield _sentence(lift, result)
    sure = [lift for lift in result.reading.lifts if lift.segment is not None and lift.is_sure]
    names = {one.id: one.name for one in result.segments}
    for lift in sure:
        yield f"{names[str(lift.segment)]}: {_sentence(lift, result)}"
    if not sure and len(result.segments) > 1:
        yield "In no segment by itself is a difference sure."
    yield INTERVALS


def headers(result: Result) -> tuple[str, ...]:
    """Of the table; with two arms the columns are theirs."""
    points = ", points" if result.outcome == "bought" else ""
    first, *others = (arm.name for arm in result.plan.arms)
    means = (first, others[0]) if len(others) == 1 else ("arm", first, "arm's")
    return ("segment", "customers", *means, f"difference{points}", "lies in", "sure")


def rows(result: Result) -> Iterator[tuple[str, ...]]:
    """Of the table: everybody, then segment by segment."""
    names = {one.id: one.name for one in result.segments}
    for lift in result.reading.lifts:
        arm = (lift.arm,) if len(result.plan.arms) > 2 else ()
        yield (
            "everybody" if lift.segment is None else names[lift.segment],
            f"{lift.customers[0]:,} / {lift.customers[1]:,}",
            *arm,
            _value(lift.means[0], result.outcome),
            _value(lift.means[1], result.outcome),
            _number(lift.lift, result.outcome),
            _between(lift, result.outcome),
            "yes" if lift.is_sure else "no",
        )


ARM_HEADERS = ("arm", "customers", "first arm's", "arm's", "difference, points", "lies in", "sure")
"""Of everybody who was or wasn't to buy, one arm after the other."""


def arm_rows(result: Result) -> Iterator[tuple[str, ...]]:
    """Each arm against the first, of everybody in it."""
    first = result.plan.arms[0].name
    for lift, row in zip(result.reading.lifts, rows(result), strict=True):
        if lift.segment is None:
            yield (f"{lift.arm} against {first}", row[1], *row[-5:])


def as_json(result: Result) -> dict[str, Any]:
    """For programs; null is what can't be said."""
    plan, reading = result.plan, result.reading
    return {
        "experiment": plan.name,
        "lens": plan.lens,
        "outcome": result.outcome,
        "since": instant(result.since_ms).isoformat(),
        "until": instant(result.until_ms).isoformat(),
        "arms": [
            {"name": arm.name, "share": arm.share, "customers": count}
            for arm, count in zip(plan.arms, result.customers, strict=True)
        ],
        "added": result.added,
        "erased": result.erased,
        "is_cut": result.is_cut,
        "sample_ratio": {"p": reading.ratio_p, "is_broken": reading.is_broken},
        "lifts": [_lift_json(lift, plan.arms[0].name) for lift in reading.lifts],
    }


def _about(result: Result) -> Iterator[str]:
    plan, days = result.plan, (result.until_ms - result.since_ms) / DAY_MS
    sizes = zip(plan.arms, result.customers, strict=True)
    arms = ", ".join(f"{arm.name} {count:,}" for arm, count in sizes)
    yield (
        f"{plan.name}: {WHAT[result.outcome]}, in {days:.1f} days from "
        f"{instant(result.since_ms):%Y-%m-%d %H:%M} to {instant(result.until_ms):%Y-%m-%d %H:%M} "
        f"UTC; {arms}"
    )
    if result.added:
        yield f"{counted(result.added, 'customer')} of them came later, and count from then on."
    if result.erased:
        yield f"{counted(result.erased, 'customer')} {_were(result.erased)} erased and left out."
    if result.is_cut:
        yield (
            "The log has let go of old transactions: what came right after the beginning may be "
            "missing, from every arm alike."
        )


def _sentence(lift: Lift, result: Result) -> str:
    first, outcome = result.plan.arms[0].name, result.outcome
    means = (
        f"{lift.arm} {_value(lift.means[1], outcome)} against {first} "
        f"{_value(lift.means[0], outcome)}"
    )
    if min(lift.customers) < LEAST:
        return f"{means}: nothing can be said with fewer than {LEAST} customers in an arm."
    relative = f" ({lift.relative:+.1%})".replace("%", " %") if lift.relative is not None else ""
    between = _between(lift, outcome) + (" points" if outcome == "bought" else "")
    if lift.is_sure:
        way = "more" if lift.lift > 0 else "less"
        return f"{means}{relative}: surely {way}, the difference lies in {between}."
    return f"{means}{relative}: that may be chance, the difference lies in {between}." + (
        _how_many(lift, result) if lift.segment is None else ""
    )


def _how_many(lift: Lift, result: Result) -> str:
    """What it would take to see what was planned for."""
    deviation = None if result.outcome == "bought" else result.deviation
    try:
        size = size_of(
            Base(lift.means[0], deviation), result.plan.lift, POWER, len(result.plan.arms)
        )
    except InputError:
        return ""
    goal = f"{result.plan.lift:+.0%}".replace("%", " %")
    if size.any_time <= min(lift.customers):
        return f" There are customers enough to have seen {goal}, 8 times in 10."
    return f" To see {goal} it takes about {size.any_time:,} customers an arm."


def _between(lift: Lift, outcome: str) -> str:
    if min(lift.customers) < LEAST:
        return "unknown"
    return f"{_number(lift.low, outcome)} to {_number(lift.high, outcome)}"


def _value(value: float, outcome: str) -> str:
    return f"{100 * value:.2f} %" if outcome == "bought" else f"{value:,.2f}"


def _number(value: float, outcome: str) -> str:
    """A difference; of shares in points."""
    return f"{100 * value if outcome == 'bought' else value:+,.2f}"


def _lift_json(lift: Lift, first: str) -> dict[str, Any]:
    is_known = min(lift.customers) >= LEAST
    return {
        "arm": lift.arm,
        "against": first,
        "segment": lift.segment,
        "customers": list(lift.customers),
        "means": list(lift.means),
        "difference": lift.lift,
        "low": lift.low if is_known else None,
        "high": lift.high if is_known else None,
        "relative": lift.relative,
        "is_sure": lift.is_sure,
    }


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
