"""What a campaign is likely to bring, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.playbook.returns import COVERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insights.playbook.returns import Campaign, Expected, Returns


def told(plan: Campaign, found: Returns, measured: str = "--tried-on") -> Iterator[str]:
    """A line a fact. `measured` is where it is said what the response was measured on.

    >>> from insights.playbook.returns import Campaign, returns
    >>> plan = Campaign(10_000, 5_000, 0.05, 40, 0.4, tried_on=50_000)
    >>> print("\\n".join(told(plan, returns(plan))))
    orders   500 (461 to 539)
    revenue  20,000 (17,897 to 22,155)
    profit   3,000 (2,159 to 3,862), 60% of the budget
    It pays with a probability of over 99%, and from a response of 3.1% on.
    Bounds hold in 9 cases of 10.
    """
    yield f"orders   {_bounds(found.orders)}"
    yield f"revenue  {_bounds(found.revenue)}"
    share = found.return_on_budget
    yield f"profit   {_bounds(found.profit)}" + (f", {share:.0%} of the budget" if share else "")
    yield f"It pays with a probability of {_chance(found.chance_of_profit)}{_from(found)}."
    guess = "" if plan.tried_on else f" The response is a guess: measure it, and give {measured}."
    yield f"Bounds hold in {10 * COVERS:g} cases of 10.{guess}"


def _bounds(one: Expected) -> str:
    return f"{one.mean:,.0f} ({one.low:,.0f} to {one.high:,.0f})"


def _chance(chance: float) -> str:
    if chance > 0.99:
        return "over 99%"
    return "under 1%" if chance < 0.01 else f"{chance:.0%}"


def _from(found: Returns) -> str:
    if found.break_even_response is None:
        return ", and no response would do"
    return f", and from a response of {found.break_even_response:.1%} on"
