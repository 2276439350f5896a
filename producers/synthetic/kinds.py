"""The kinds of customers the shop plants: what a segmentation should find again.

Each differs from the others in a few habits and shares the rest, and customers of one kind
differ among themselves, so that finding the kinds is possible and not trivial.
"""

from dataclasses import dataclass

EVEN_WEEKEND = 2 / 7
CATEGORIES = ("pantry", "fresh", "drinks", "household", "beauty", "garden", "toys", "electronics")


@dataclass(frozen=True, slots=True)
class Kind:
    """Habits of one kind of customer, as means; a customer's own rhythm varies around them."""

    name: str
    says: str
    share: float  # of newcomers, before normalising
    orders_per_month: float
    lines_per_order: float
    units_per_line: float = 1.5
    taste: float = 0.0  # above 0: prefers dear products, below: cheap ones
    peak_hour: int = 15
    night_share: float = 0.02  # of orders, from 22:00 to 5:59 of the shopper's clock
    weekend_share: float = EVEN_WEEKEND
    discount_share: float = 0.10  # of orders bought at a discount
    favourites: tuple[str, ...] = ()  # categories bought four times as often as the others
    returns: float = 1.0  # times the plan's rate
    lapse_per_month: float = 0.02  # customers of this kind who never come again


KINDS = (
    Kind(
        name="champions",
        says="buy often, much and dear, and stay",
        share=0.08,
        orders_per_month=6.0,
        lines_per_order=5.0,
        taste=0.5,
        returns=0.5,
        lapse_per_month=0.005,
        favourites=("fresh", "beauty"),
    ),
    Kind(
        name="regulars",
        says="come about weekly for a middling basket",
        share=0.22,
        orders_per_month=3.5,
        lines_per_order=3.0,
        lapse_per_month=0.01,
        favourites=("pantry", "fresh"),
    ),
    Kind(
        name="occasional",
        says="come now and then for a thing or two",
        share=0.26,
        orders_per_month=0.8,
        lines_per_order=1.8,
        lapse_per_month=0.03,
    ),
    Kind(
        name="night_owls",
        says="order at night",
        share=0.10,
        orders_per_month=2.5,
        lines_per_order=2.2,
        night_share=0.85,
        favourites=("electronics", "drinks"),
    ),
    Kind(
        name="weekenders",
        says="order on Saturdays and Sundays",
        share=0.10,
        orders_per_month=2.5,
        lines_per_order=3.0,
        peak_hour=11,
        weekend_share=0.9,
        favourites=("garden", "toys"),
    ),
    Kind(
        name="discount_hunters",
        says="buy what is reduced, cheap, and send much of it back",
        share=0.12,
        orders_per_month=2.0,
        lines_per_order=2.5,
        taste=-0.6,
        discount_share=0.85,
        returns=2.5,
        favourites=("household", "beauty"),
    ),
    Kind(
        name="big_baskets",
        says="come rarely and fill the car",
        share=0.06,
        orders_per_month=0.9,
        lines_per_order=14.0,
        units_per_line=3.0,
        favourites=("pantry", "household"),
    ),
    Kind(
        name="lapsing",
        says="are on their way out: half of them are gone within a month",
        share=0.06,
        orders_per_month=1.5,
        lines_per_order=2.0,
        lapse_per_month=0.5,
    ),
)
