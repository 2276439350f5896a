"""What a slider offers for a feature, and where it stands: plain numbers, close where many are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.words import by_column, plainly
from consumers.sink.schema import column_of

if TYPE_CHECKING:
    from stream.model.arrays import Floats

STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
LEAST_TOP = 10.0
BEYOND = 1.5
"""The slider goes so many times as far as all but one in two hundred customers."""


@dataclass(frozen=True, slots=True)
class Slider:
    """Of one feature."""

    feature: str
    name: str
    says: str
    unit: str
    options: tuple[float, ...]

    def nearest(self, value: float) -> float:
        """The option that comes closest."""
        return min(self.options, key=lambda option: abs(option - value))


def slider_of(feature: str, values: Floats, at_least: float = LEAST_TOP) -> Slider:
    """For a feature of the catalogue; `values` are what customers have, and it goes at least so
    far."""
    known = by_column()[column_of(feature)]
    share = known.unit == "share"
    top = _top(values, at_least)
    options = tuple(np.linspace(0, 1, 41).tolist()) if share else plain_numbers(top)
    return Slider(feature, plainly(feature), known.says, known.unit, options)


def plain_numbers(top: float) -> tuple[float, ...]:
    """From 0 up to a number, ten to each power of ten.

    >>> plain_numbers(3)
    (0.0, 0.5, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0)
    """
    powers = range(int(np.ceil(np.log10(max(top, 1.0)))) + 1)
    numbers = [step * 10.0**power for power in powers for step in STEPS]
    return (0.0, 0.5, *(number for number in numbers if number <= top))


def _top(values: Floats, at_least: float) -> float:
    there = values[np.isfinite(values)]
    highest = float(np.quantile(there, 0.995)) if len(there) else 0.0
    return max(LEAST_TOP, at_least, BEYOND * highest)
