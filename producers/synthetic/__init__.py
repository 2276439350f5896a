"""The synthetic retailer: a shop whose customers, habits, drifts and dirt are planted and known.

`plan` says what is wanted, `kinds` who the customers are, `population` how they come, change
and go, `orders` what they buy in a day, `dirt` what goes wrong on the way, `retailer` plays
the days one after the other, and `files` writes the result with its truth beside it.

What works with arrays is imported when it is first asked for, so that a plan is read quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from producers.synthetic.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from producers.synthetic.answers import Truth

__all__ = ["Plan", "lines", "truth"]


def lines(plan: Plan, *, batch_rows: int = 65_536) -> Iterator[pa.RecordBatch]:
    """The shop's lines (schema `LINES`) in the order they arrive; the same for every cut."""
    from producers.synthetic.retailer import Retailer

    return Retailer(plan).lines(batch_rows)


def truth(plan: Plan) -> Truth:
    """What `lines(plan)` holds: counts of everything planted, and every customer's kinds."""
    from producers.synthetic.retailer import Retailer

    retailer = Retailer(plan)
    for _ in retailer.chunks():
        pass
    return retailer.truth()
