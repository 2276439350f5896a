"""Why a row is no transaction: one reason each, the first that applies."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Reason(IntEnum):
    """In the order in which a row is looked at; 0 is a row that made it."""

    NO_CUSTOMER = 1
    NO_DATE = 2
    BAD_DATE = 3
    OUT_OF_RANGE = 4
    QUANTITY_NOT_A_NUMBER = 5
    UNIT_PRICE_NOT_A_NUMBER = 6
    DISCOUNT_NOT_A_NUMBER = 7
    AMOUNT_NOT_A_NUMBER = 8
    NO_QUANTITY = 9
    NO_PRICE = 10
    NEGATIVE_PRICE = 11
    MALFORMED_ROW = 12

    @property
    def label(self) -> str:
        """
        >>> Reason.QUANTITY_NOT_A_NUMBER.label
        'not_a_number:quantity'
        """
        field, marker, _ = self.name.lower().partition("_not_a_number")
        return f"not_a_number:{field}" if marker else field

    @property
    def explanation(self) -> str:
        return EXPLANATIONS[self][0]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields whose cells show what is wrong."""
        return EXPLANATIONS[self][1]


EXPLANATIONS: dict[Reason, tuple[str, tuple[str, ...]]] = {
    Reason.NO_CUSTOMER: ("no customer", ("customer_id",)),
    Reason.NO_DATE: ("no date", ("occurred_at",)),
    Reason.BAD_DATE: ("not a date that can be read", ("occurred_at",)),
    Reason.OUT_OF_RANGE: ("before 1970", ("occurred_at",)),
    Reason.QUANTITY_NOT_A_NUMBER: ("quantity is not a number", ("quantity",)),
    Reason.UNIT_PRICE_NOT_A_NUMBER: ("unit_price is not a number", ("unit_price",)),
    Reason.DISCOUNT_NOT_A_NUMBER: ("discount is not a number", ("discount",)),
    Reason.AMOUNT_NOT_A_NUMBER: ("amount is not a number", ("amount",)),
    Reason.NO_QUANTITY: ("no quantity", ("quantity",)),
    Reason.NO_PRICE: ("neither a price nor an amount", ("unit_price", "amount")),
    Reason.NEGATIVE_PRICE: ("a price below zero", ("unit_price", "amount", "quantity")),
    Reason.MALFORMED_ROW: ("can't be cut into the columns of the file", ()),
}


class Reasons:
    """One code a row; a row keeps the first it is given."""

    def __init__(self, rows: int) -> None:
        self.codes: NDArray[np.int8] = np.zeros(rows, dtype=np.int8)

    def give(self, reason: Reason, applies: NDArray[np.bool_]) -> None:
        if applies.any():
            self.codes[applies & (self.codes == 0)] = reason
