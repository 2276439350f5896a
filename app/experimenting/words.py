"""What experiments are planned to be, whom they are given to, how large they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.naming.words import counted
from stream.model.change import instant
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.experimenting.assigning import Assigned, Created
    from app.experimenting.sizing import Base, Size
    from stream.contracts.experiment import ExperimentPlan


def created(made: Created) -> Iterator[str]:
    plan = made.plan
    if made.was_there:
        yield f"{plan.name} was planned just so on {plan.created_at:%Y-%m-%d %H:%M} UTC already."
    else:
        yield f"{plan.name} is planned: {_arms(plan)}, {_for(plan)}."
    yield f"Next: shoal experiment assign {plan.name} --out {plan.name}.csv"


def listed(plans: Sequence[ExperimentPlan]) -> Iterator[str]:
    if not plans:
        yield "There is no experiment yet: shoal experiment create plans one."
    for plan in plans:
        yield f"{plan.name}: {_arms(plan)}, {_for(plan)}; planned {plan.created_at:%Y-%m-%d}"


def assigned(found: Assigned, out: str) -> Iterator[str]:
    name, there = found.plan.name, len(found.table)
    if found.new == there:
        yield f"{counted(there, 'customer')} assigned to {name}."
    elif found.new:
        new = counted(found.new, "customer")
        yield f"{new} added to {name}; {there - found.new:,} had an arm already."
    else:
        yield f"{name} was assigned before, and nobody new came in: these are the same arms."
    if found.missing:
        gone = f"{counted(found.missing, 'customer')} of it {_are(found.missing)}"
        yield f"{gone} not among those read now: erased, or of a later time."
    counts = found.table["arm"].value_counts().to_pylist()
    sizes = {one["values"]: one["counts"] for one in counts}
    yield ", ".join(f"{arm.name} {sizes.get(arm.name, 0):,}" for arm in found.plan.arms)
    yield f"{out} is written."


def sized(size: Size) -> Iterator[str]:
    """How many customers it takes.

    >>> from app.experimenting.sizing import Base, size_of
    >>> print("\\n".join(sized(size_of(Base(0.10, None), 0.20, 0.8))))
    A base of 10.00 %, as given.
    To find a lift of +20 % in 8 cases of 10 takes 3,841 customers an arm for one look at the end,
    and 7,444 for intervals that hold at every look, as `shoal experiment read` has them.
    """
    base = size.base
    if base.customers is None:
        yield f"A base of {_base(base)}, as given."
    else:
        days = (base.to_ms - base.from_ms) / DAY_MS
        yield (
            f"The {base.customers:,} customers of {base.segment} came to {_base(base)} in the "
            f"{days:.1f} days before {instant(base.to_ms):%Y-%m-%d}."
        )
    yield (
        f"To find a lift of {size.lift:+.0%} in {10 * size.power:g} cases of 10 takes "
        f"{size.once:,} customers an arm for one look at the end,".replace("%", " %")
    )
    yield (
        f"and {size.any_time:,} for intervals that hold at every look, as `shoal experiment read` "
        "has them."
    )
    if base.customers is not None:
        yield _room(size, base.customers)


def _base(base: Base) -> str:
    if base.deviation is None:
        return f"{100 * base.mean:.2f} %"
    return f"{base.mean:,.2f} on average, with a deviation of {base.deviation:,.2f}"


def _room(size: Size, there: int) -> str:
    each = there // size.arms
    if each >= size.any_time:
        return f"That many there are: {each:,} an arm."
    if each >= size.once:
        return f"There are {each:,} an arm: enough for one look, not for many."
    return f"There are only {each:,} an arm: plan for a larger lift, more segments or more days."


def _arms(plan: ExperimentPlan) -> str:
    return ", ".join(f"{arm.name} {100 * arm.share:g} %" for arm in plan.arms)


def _for(plan: ExperimentPlan) -> str:
    whom = ", ".join(segment.name for segment in plan.segments) or "every segment"
    return f"for {whom} of the lens {plan.lens}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
