"""A budget split over the segments that are there: shares that add up, whatever is rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def split(weights: Mapping[str, float], parts: int = 1_000) -> dict[str, float]:
    """Shares in percent, to a tenth, which add up to 100 exactly: what rounding leaves over goes
    to those who lost most by it.

    >>> split({"a": 1, "b": 1, "c": 1})
    {'a': 33.4, 'b': 33.3, 'c': 33.3}
    >>> split({"a": 0.0, "b": 0.0})
    {'a': 50.0, 'b': 50.0}
    """
    if not weights:
        return {}
    whole = sum(weights.values())
    exact = {
        name: parts * (weight / whole if whole > 0 else 1 / len(weights))
        for name, weight in weights.items()
    }
    units = {name: int(share) for name, share in exact.items()}
    short = sorted(exact, key=lambda name: units[name] - exact[name])
    for name in short[: parts - sum(units.values())]:
        units[name] += 1
    return {name: round(100 * unit / parts, 6) for name, unit in units.items()}
