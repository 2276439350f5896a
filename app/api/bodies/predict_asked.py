"""What a prediction is asked with."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic.config import JsonDict

from stream.contracts.base import Text
from stream.contracts.fast import Line
from stream.contracts.instant import Instant
from stream.contracts.transaction import Transaction

MOST_TRANSACTIONS = 2_000
MOST_FEATURES = 200
LARGEST_FEATURE = 1e15

Number = Annotated[
    float, Field(ge=-LARGEST_FEATURE, le=LARGEST_FEATURE, allow_inf_nan=False, strict=True)
]

FEATURES: JsonDict = {
    "steady_orders_d90": 3.2,
    "steady_spend_d90": 410.0,
    "steady_lines_d90": 27.5,
    "recency_days": 4.0,
}
TRANSACTIONS: list[JsonValue] = [
    {"occurred_at": "2011-10-03T10:12:00+01:00", "order_id": "575100", "amount": 120.5},
    {"occurred_at": "2011-11-21T15:40:00+00:00", "order_id": "578200", "amount": 86.0},
]


class PredictTransaction(Transaction):
    """A transaction as producers send it; the customer may be left out, for it is always one."""

    customer_id: Text = "somebody"
    """Who bought: the same in all of them."""

    def line(self) -> Line:
        """As the fold takes it."""
        fields = {name: getattr(self, name) for name in Line.__struct_fields__}
        return Line(**fields)


class PredictRequest(BaseModel):
    """One customer, by features or by transactions: one of the two."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        extra="forbid",
        json_schema_extra={
            "examples": [{"features": FEATURES}, {"transactions": TRANSACTIONS}],
            "oneOf": [
                {"required": ["features"], "properties": {"features": {"type": "object"}}},
                {"required": ["transactions"], "properties": {"transactions": {"type": "array"}}},
            ],
        },
    )

    lens: Text | None = None
    """The way of looking; the model's first one if none is said."""

    features: Annotated[dict[str, Number], Field(min_length=1, max_length=MOST_FEATURES)] | None = (
        None
    )
    """Features by their names in the catalogue: all that the lens needs, and `recency_days` if
    dormancy is to be looked at. Others are passed over."""

    transactions: (
        Annotated[list[PredictTransaction], Field(min_length=1, max_length=MOST_TRANSACTIONS)]
        | None
    ) = None
    """The customer's transactions, in any order."""

    at: Instant | None = None
    """The instant to read them at; that of the last one if none is said."""

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.features is None) == (self.transactions is None):
            raise ValueError("should have either features or transactions")
        if self.at is not None and self.transactions is None:
            raise ValueError("should have no `at` without transactions: features have their time")
        return self
