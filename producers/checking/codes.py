"""Codes that mean something: cancelled orders, and products that are none.

A catalogue mostly has one shape of code. Where nearly every line's code begins with a
digit, those that begin otherwise are postage, fees, vouchers and the like.
"""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from producers.checking.report import OddCodes

CANCELLED = r"^[Cc]\d"
USUAL_SHARE = 0.95
MOST_CODES = 100_000  # a catalogue of words, not of numbers: nothing is odd in it
EXAMPLES = 10


class OddCodesSoFar:
    """Counts the codes that don't begin with a digit."""

    def __init__(self) -> None:
        self._lines = 0
        self._odd: Counter[str] = Counter()

    def add(self, codes: pa.Array) -> None:
        there = codes.drop_null()
        self._lines += len(there)
        if len(self._odd) > MOST_CODES:
            return
        odd = there.filter(pc.invert(pc.match_substring_regex(there, r"^\d")))
        counts = pc.value_counts(odd)
        self._odd.update(
            dict(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True))
        )

    def found(self) -> OddCodes | None:
        """None where codes that begin with a letter are nothing unusual in this file."""
        lines = self._odd.total()
        is_unusual = lines <= (1 - USUAL_SHARE) * self._lines
        if not self._lines or not is_unusual or len(self._odd) > MOST_CODES:
            return None
        return OddCodes(len(self._odd), lines, tuple(self._odd.most_common(EXAMPLES)))


def is_cancellation(order_ids: pa.Array) -> pa.Array:
    """
    >>> is_cancellation(pa.array(["C536379", "536365", "CASH", None])).to_pylist()
    [True, False, False, False]
    """
    return pc.match_substring_regex(order_ids, CANCELLED).fill_null(False)
