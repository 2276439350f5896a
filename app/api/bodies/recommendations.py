"""Products to recommend, to a customer or to a segment's."""

from datetime import datetime
from typing import Literal

from app.api.bodies.base import CHAMPIONS, TIME, Body, with_example
from stream.contracts.segment import SegmentRef


class CustomerRecommendations(Body):
    """What a customer may want next."""

    model_config = with_example(
        {
            "customer_id": "17850",
            "products": ["85123A", "22423"],
            "source": "customer",
            "only_new": False,
            "lens": None,
            "segment": None,
            "instant": TIME,
        }
    )

    customer_id: str
    """Who it is."""

    products: list[str]
    """By their ids, the best first."""

    source: Literal["customer", "segment"] | None
    """Whose they are: the customer's own, or where none are known those of a segment that the
    customer is in; null where there are none of either."""

    only_new: bool
    """Whether what the customer bought before is left out. A segment's products are not asked
    whether this customer bought them."""

    lens: str | None
    """The segment's lens; null where they are the customer's own."""

    segment: SegmentRef | None
    """The segment; likewise."""

    instant: datetime | None
    """The snapshot that they are from; null where there are none."""


class SegmentRecommendations(Body):
    """What a segment buys more of than others do."""

    model_config = with_example(
        {
            "lens": "value",
            "segment": CHAMPIONS,
            "products": ["85123A", "22423"],
            "instant": TIME,
        }
    )

    lens: str
    """The segment's lens."""

    segment: SegmentRef
    """The segment."""

    products: list[str]
    """By their ids, the best first."""

    instant: datetime | None
    """The snapshot that they are from; null where there are none."""
