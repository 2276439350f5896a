"""Why a row is no transaction: one reason each, the first that applies."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY, MAX_TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Reason(IntEnum):
    """In the order in which a row is looked at; 0 is a row that made it."""

    NO_CUSTOMER = 1
    CUSTOMER_ID_INVALID_FIELD = 2
    NO_DATE = 3
    BAD_DATE = 4
    OCCURRED_AT_OUT_OF_RANGE = 5
    EVENT_ID_INVALID_FIELD = 6
    ORDER_ID_INVALID_FIELD = 7
    PRODUCT_ID_INVALID_FIELD = 8
    CATEGORY_INVALID_FIELD = 9
    COUNTRY_INVALID_FIELD = 10
    QUANTITY_NOT_A_NUMBER = 11
    UNIT_PRICE_NOT_A_NUMBER = 12
    DISCOUNT_NOT_A_NUMBER = 13
    AMOUNT_NOT_A_NUMBER = 14
    NO_QUANTITY = 15
    NO_PRICE = 16
    NEGATIVE_PRICE = 17
    QUANTITY_OUT_OF_RANGE = 18
    UNIT_PRICE_OUT_OF_RANGE = 19
    DISCOUNT_OUT_OF_RANGE = 20
    AMOUNT_OUT_OF_RANGE = 21
    MALFORMED_ROW = 22

    @property
    def label(self) -> str:
        """The kind of mistake, as a dead letter has it where it has one, and the field.

        >>> Reason.QUANTITY_NOT_A_NUMBER.label, Reason.NO_DATE.label
        ('not_a_number:quantity', 'no_date')
        """
        name = self.name.lower()
        for kind in OF_A_FIELD:
            if name.endswith(f"_{kind}"):
                return f"{kind}:{name.removesuffix(f'_{kind}')}"
        return name

    @property
    def explanation(self) -> str:
        return EXPLANATIONS[self][0]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields whose cells show what is wrong."""
        return EXPLANATIONS[self][1]


OF_A_FIELD = ("not_a_number", "invalid_field", "out_of_range")
NO_TEXT = f"has a control character, or more than {MAX_TEXT} characters"

EXPLANATIONS: dict[Reason, tuple[str, tuple[str, ...]]] = {
    Reason.NO_CUSTOMER: ("no customer", ("customer_id",)),
    Reason.CUSTOMER_ID_INVALID_FIELD: (f"customer_id {NO_TEXT}", ("customer_id",)),
    Reason.NO_DATE: ("no date", ("occurred_at",)),
    Reason.BAD_DATE: ("not a date that can be read", ("occurred_at",)),
    Reason.OCCURRED_AT_OUT_OF_RANGE: ("before 1970 or after 2199", ("occurred_at",)),
    Reason.EVENT_ID_INVALID_FIELD: (f"event_id {NO_TEXT}", ("event_id",)),
    Reason.ORDER_ID_INVALID_FIELD: (f"order_id {NO_TEXT}", ("order_id",)),
    Reason.PRODUCT_ID_INVALID_FIELD: (f"product_id {NO_TEXT}", ("product_id",)),
    Reason.CATEGORY_INVALID_FIELD: (f"category {NO_TEXT}", ("category",)),
    Reason.COUNTRY_INVALID_FIELD: (f"country {NO_TEXT}", ("country",)),
    Reason.QUANTITY_NOT_A_NUMBER: ("quantity is not a number", ("quantity",)),
    Reason.UNIT_PRICE_NOT_A_NUMBER: ("unit_price is not a number", ("unit_price",)),
    Reason.DISCOUNT_NOT_A_NUMBER: ("discount is not a number", ("discount",)),
    Reason.AMOUNT_NOT_A_NUMBER: ("amount is not a number", ("amount",)),
    Reason.NO_QUANTITY: ("no quantity", ("quantity",)),
    Reason.NO_PRICE: ("neither a price nor an amount", ("unit_price", "amount")),
    Reason.NEGATIVE_PRICE: ("a price below zero", ("unit_price", "amount", "quantity")),
    Reason.QUANTITY_OUT_OF_RANGE: (f"quantity is beyond ±{MAX_QUANTITY:,.0f}", ("quantity",)),
    Reason.UNIT_PRICE_OUT_OF_RANGE: (
        f"the price is above {MAX_MONEY:,.0f}, as it stands or as amount divided by quantity",
        ("unit_price", "amount", "quantity"),
    ),
    Reason.DISCOUNT_OUT_OF_RANGE: (f"discount is above {MAX_MONEY:,.0f}", ("discount",)),
    Reason.AMOUNT_OUT_OF_RANGE: (
        f"the amount is beyond ±{MAX_MONEY:,.0f}, as it stands or as quantity times price",
        ("amount", "quantity", "unit_price", "discount"),
    ),
    Reason.MALFORMED_ROW: ("can't be cut into the columns of the file", ()),
}


class Reasons:
    """One code a row; a row keeps the first it is given."""

    def __init__(self, rows: int) -> None:
        self.codes: NDArray[np.int8] = np.zeros(rows, dtype=np.int8)

    def give(self, reason: Reason, applies: NDArray[np.bool_]) -> None:
        if applies.any():
            self.codes[applies & (self.codes == 0)] = reason
