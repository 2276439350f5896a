"""`CustomerScores`: what a snapshot expects of customers, many of them in one message.

Column by column, for a million customers are scored at once: a message a customer would be mostly
field names.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stream.contracts.base import Message, Text
from stream.contracts.instant import Instant
from stream.contracts.lens import Count, Share

Money = Annotated[float, Field(ge=0)]
Scores = tuple[Money | None, ...]
Chances = tuple[Share | None, ...]
Products = Annotated[tuple[Text, ...], Field(max_length=100)]

MOST_CUSTOMERS = 2_000


class CustomerScores(Message):
    """Some of the customers of a snapshot, and what is to be expected of each.

    All fields that are lists are as long as `customers`, and their items belong together; null is
    what could not be told.
    """

    type: Literal["customer_scores"] = "customer_scores"
    """Tells it from the report on the same topic."""

    instant: Instant
    """The snapshot's event time."""

    part: Count
    """Which of the snapshot's messages this is, counted from 0."""

    parts: Annotated[int, Field(ge=1)]
    """How many there are; all of them become visible together."""

    customers: Annotated[tuple[Text, ...], Field(max_length=MOST_CUSTOMERS)]
    """Their ids."""

    clv: Scores
    """What each is expected to spend in the weeks that the report names."""

    clv_low: Scores
    """The lower end of the interval that the report's `covers` speaks of."""

    clv_high: Scores
    """Its upper end."""

    probability_alive: Chances
    """How likely each still is a customer, by how often and how lately they bought (BG/NBD)."""

    churn_risk: Chances
    """How likely each is to buy nothing in the next 90 days, as learned from earlier snapshots."""

    recommended: tuple[Products, ...]
    """Products that each may want next, the best first."""

    recommended_new: tuple[Products, ...]
    """The same, of products that they never bought."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        for name in COLUMNS:
            if len(getattr(self, name)) != len(self.customers):
                raise ValueError(f"{name} should be as long as customers")
        return self


NUMBERS = ("clv", "clv_low", "clv_high", "probability_alive", "churn_risk")
"""The columns of numbers, as they are called wherever they are kept."""

LISTS = ("recommended", "recommended_new")
"""The columns of products."""

COLUMNS = (*NUMBERS, *LISTS)
