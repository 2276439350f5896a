"""Whether a shop is young: its sums still fill, and segments may be counts of few orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.half_life import USUAL_DAYS, half_life_days

if TYPE_CHECKING:
    from snapshot.table import CustomerTable
    from stream.settings.lenses import LensSpec

MOST_DAYS = USUAL_DAYS
"""However long a lens remembers, a shop is young no longer than that."""


def is_young(table: CustomerTable, spec: LensSpec) -> bool:
    """Whether its lines don't reach back a half-life yet."""
    return table.days < min(MOST_DAYS, half_life_days(spec.feature_names()) or MOST_DAYS)
