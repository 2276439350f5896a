"""What kind of customers a segment has, whatever people called it: so renaming changes no play."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stream.half_life import whatever_half_life

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Means = Mapping[str, float]

OFTEN, SELDOM = 1.35, 0.7
"""How many times everybody's mean is said to be more, or less."""


def kind_of(segment_id: str, means: Means, everybody: Means) -> str:
    """The name that a segment of such customers usually has.

    Means are by the names of the catalogue, or of the columns that tables have for them.

    >>> everybody = {"orders_d90": 2.0, "spend_d90": 90.0, "spend": 300.0, "recency_days": 40.0}
    >>> kind_of("value-1", {"orders_d90": 6.0, "spend_d90": 300.0}, everybody)
    'Champions'
    >>> kind_of("value-2", {"recency_days": 90.0, "spend": 400.0}, everybody)
    'At Risk'
    >>> kind_of("value-3", {}, everybody), kind_of("value-dormant", {"orders": 1.0}, {})
    ('Average', 'Dormant')
    """
    if not means:
        return "Average"
    against = _Against(_plain(means), _plain(everybody))
    return next(kind for kind, fits in KINDS if fits(segment_id, against))


@dataclass(frozen=True, slots=True)
class _Against:
    means: Means
    everybody: Means

    def more(self, feature: str) -> bool:
        """Not where one of the two isn't known."""
        mine, theirs = self.means.get(feature), self.everybody.get(feature)
        return mine is not None and theirs is not None and mine > OFTEN * theirs

    def less(self, feature: str) -> bool:
        mine, theirs = self.means.get(feature), self.everybody.get(feature)
        return mine is not None and theirs is not None and mine < SELDOM * theirs


def _plain(means: Means) -> Means:
    """Whatever the half-life is."""
    return {whatever_half_life(name): value for name, value in means.items()}


KINDS: tuple[tuple[str, Callable[[str, _Against], bool]], ...] = (
    ("Dormant", lambda segment_id, _: segment_id.endswith("-dormant")),
    ("No net spend", lambda segment_id, _: segment_id.endswith("-no-net-spend")),
    ("Champions", lambda _, than: than.more("orders_decayed") and than.more("spend_decayed")),
    ("Discount Hunters", lambda _, than: than.more("discount_ratio")),
    ("At Risk", lambda _, than: than.more("recency_days") and not than.less("spend")),
    ("New", lambda _, than: than.less("tenure_days") and not than.more("recency_days")),
    ("Big Baskets", lambda _, than: than.more("average_order_value")),
    ("Small Baskets", lambda _, than: than.less("average_order_value")),
    ("Occasional Shoppers", lambda _, than: than.less("spend_decayed")),
    ("Regulars", lambda *_: True),
)
