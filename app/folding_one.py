"""One customer's transactions folded into a profile, by the code that tasks fold with."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from stream.contracts.instant import milliseconds
from stream.errors import InputError
from stream.profile.events import events_of
from stream.profile.layout import LAST
from stream.profile.state import Profiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.contracts.fast import Line
    from stream.profile.kept import Bounds
    from stream.profile.products import NonProducts


def folded(
    transactions: Sequence[Line],
    at_ms: int | None,
    bounds: Bounds,
    non_products: NonProducts | None = None,
) -> tuple[Profiles, int]:
    """The profile, in row 0, and the instant: that of the last transaction where none is said.

    In the order in which they happened, as a replay would send them.
    """
    if not transactions:
        raise InputError("there is no transaction: give one at least")
    if len({line.customer_id for line in transactions}) > 1:
        raise InputError("the transactions are of several customers: give those of one")
    lines = sorted(transactions, key=lambda line: line.occurred_at)
    last_ms = milliseconds(lines[-1].occurred_at)
    at_ms = last_ms if at_ms is None else at_ms
    if at_ms < last_ms:
        raise InputError("the instant lies before the last transaction: give a later one, or none")
    profiles = Profiles(bounds)
    for half_life, some in groupby(lines, lambda line: _half_lives(line, bounds)):
        profiles.move_landmark(half_life * bounds.half_life_ms)
        batch = list(some)
        profiles.fold(
            events_of(batch, [milliseconds(line.occurred_at) for line in batch], non_products)
        )
    profiles.tick(at_ms)
    return profiles, at_ms


def last_purchase_ms(profiles: Profiles) -> int:
    """Of the customer in row 0; `NEVER` where there was none."""
    return int(profiles.state.profiles["times"][0, LAST])


def _half_lives(line: Line, bounds: Bounds) -> int:
    """Since 1970: decayed sums are brought back into bounds as these go by."""
    return milliseconds(line.occurred_at) // bounds.half_life_ms
