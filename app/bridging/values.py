"""What a shop's JSON says, as what a transaction holds: texts, numbers, true and false.

Strict where a guess would be wrong: a customer `1.0` might be `1`, and an `inf` nothing.
"""

from __future__ import annotations

import math
import re
from typing import Any

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
LONGEST_NUMBER = 100


class Misfit(ValueError):
    """A value that is not what its field needs; says what it should be, never what it was."""


def as_text(value: Any) -> str:
    """Texts, and whole numbers as their digits.

    >>> as_text("17850"), as_text(17850)
    ('17850', '17850')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise _should_be("a text or a whole number")
    if abs(value) >= 10**LONGEST_NUMBER:
        raise _should_be("a shorter number")
    return str(value)


def as_number(value: Any) -> float:
    """Numbers, and texts that are one with a decimal point.

    >>> as_number(3), as_number("-2.50")
    (3.0, -2.5)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _should_be("a number, such as 12.5")
    if isinstance(value, str):
        value = value.strip()
        if len(value) > LONGEST_NUMBER or not NUMBER.fullmatch(value):
            raise _should_be("a number, such as 12.5")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _should_be("a smaller number")
    return number


def as_truth(value: Any) -> bool:
    """Only true and false."""
    if not isinstance(value, bool):
        raise _should_be("true or false")
    return value


def _should_be(what: str) -> Misfit:
    return Misfit(f"should be {what}")
