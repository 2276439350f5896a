"""`Transaction`: one line of an order, as it comes in on `transactions`.

This form is the judge of what a transaction is; `stream.contracts.fast` reads the same
lines quickly and is held equal to it by tests.
"""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from stream.contracts import identity
from stream.contracts.amounts import ImplausibleAmount, settle
from stream.contracts.base import Message, Text
from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY
from stream.contracts.instant import Instant, milliseconds, offset_minutes

Quantity = Annotated[float, Field(ge=-MAX_QUANTITY, le=MAX_QUANTITY)]
Money = Annotated[float, Field(ge=0, le=MAX_MONEY)]
SignedMoney = Annotated[float, Field(ge=-MAX_MONEY, le=MAX_MONEY)]


def _is_there(field: str) -> dict[str, JsonValue]:
    return {"required": [field], "properties": {field: {"type": "number"}}}


class Transaction(Message):
    """One line of an order: who, what, how many, for how much, when.

    Needed are `customer_id`, `occurred_at` and one of `unit_price` and `amount`. Once read,
    `event_id`, `order_id` and `amount` are always there, and `unit_price` unless only an
    amount was given for a quantity of 0.
    """

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [_is_there("unit_price"), _is_there("amount")]}
    )

    type: Literal["transaction"] = "transaction"
    """Tells a transaction from the commands on the same topic; may be left out."""

    customer_id: Text
    """Who bought. The record's key is the same text."""

    occurred_at: Instant
    """When, with the offset of the shopper's own clock, which says night and weekend."""

    event_id: Text | None = None
    """The line's own id, by which a repeated one is known. Where it is missing it is made of
    the line's other fields, so two equal lines without ids are one."""

    order_id: Text | None = None
    """The order this line belongs to. Where it is missing, it is made of customer and instant,
    or customer and day where the time of day isn't known."""

    product_id: Text | None = None
    """What was bought."""

    category: Text | None = None
    """What kind of product it is."""

    country: Text | None = None
    """Where it was bought, or where it went."""

    quantity: Quantity = 1.0
    """How many; negative for a return."""

    unit_price: Money | None = None
    """The price of one, before the discount. Where it is missing:
    (amount + discount) / quantity."""

    discount: Money = 0.0
    """The money taken off this line."""

    amount: SignedMoney | None = None
    """What was paid for the line. Where it is missing: quantity * unit_price - discount."""

    time_known: bool = True
    """False where the source has dates only: such lines count neither for nor against night."""

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        """Ids before amounts: an id is made of what the source said, not of what follows."""
        self._fill_in_ids()
        try:
            price, amount = settle(self.quantity, self.unit_price, self.discount, self.amount)
        except ImplausibleAmount as problem:
            raise PydanticCustomError(problem.reason, "{fact}", {"fact": str(problem)}) from None
        self._put(unit_price=price, amount=amount)
        return self

    def _fill_in_ids(self) -> None:
        at_ms = milliseconds(self.occurred_at)
        order = self.order_id or identity.order_id(
            self.customer_id, at_ms, offset_minutes(self.occurred_at), time_known=self.time_known
        )
        event = self.event_id or identity.event_id(
            self.customer_id,
            order,
            self.product_id,
            at_ms,
            self.quantity,
            self.unit_price,
            self.discount,
            self.amount,
        )
        self._put(order_id=order, event_id=event)

    def _put(self, **values: object) -> None:
        self.__dict__.update(values)  # frozen from here on, not before

    def to_json(self) -> bytes:
        return self.model_dump_json(exclude_none=True).encode()
