"""The four numbers of a line, and whether they make one as the contract has it.

Price and amount follow from one another as `stream.contracts.amounts` settles them; here
by the column, in the same arithmetic, and the tests hold the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from producers.reading.reasons import Reason, Reasons
from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from producers.reading.numbers import Numbers


@dataclass(frozen=True, slots=True)
class Money:
    """One entry a row."""

    quantity: Numbers
    unit_price: Numbers
    discount: Numbers
    amount: Numbers

    def judge(self, reasons: Reasons) -> None:
        reasons.give(Reason.QUANTITY_NOT_A_NUMBER, self.quantity.wrong)
        reasons.give(Reason.UNIT_PRICE_NOT_A_NUMBER, self.unit_price.wrong)
        reasons.give(Reason.DISCOUNT_NOT_A_NUMBER, self.discount.wrong)
        reasons.give(Reason.AMOUNT_NOT_A_NUMBER, self.amount.wrong)
        reasons.give(Reason.NO_QUANTITY, self.quantity.missing)
        reasons.give(Reason.NO_PRICE, self.unit_price.missing & self.amount.missing)
        with np.errstate(over="ignore", invalid="ignore"):
            price, amount = self._price(), self._amount()
        reasons.give(Reason.NEGATIVE_PRICE, price < 0)
        reasons.give(Reason.QUANTITY_OUT_OF_RANGE, _beyond(self.quantity.values, MAX_QUANTITY))
        reasons.give(Reason.UNIT_PRICE_OUT_OF_RANGE, _beyond(price, MAX_MONEY))
        reasons.give(Reason.DISCOUNT_OUT_OF_RANGE, _beyond(self.discount.values, MAX_MONEY))
        reasons.give(Reason.AMOUNT_OUT_OF_RANGE, _beyond(amount, MAX_MONEY))

    def columns(self) -> dict[str, pa.Array]:
        return {
            "quantity": pa.array(self.quantity.values),
            "unit_price": pa.array(self.unit_price.values, mask=~self.unit_price.usable),
            "discount": pa.array(self.discount.values),
            "amount": pa.array(self.amount.values, mask=~self.amount.usable),
        }

    def _price(self) -> NDArray[np.float64]:
        """As said, else made of the amount; 0 where a quantity of 0 leaves it unknown."""
        price, quantity = self.unit_price.values, self.quantity.values
        derived = self.unit_price.missing & (quantity != 0)
        if not derived.any():
            return price
        paid = self.amount.values + self.discount.values
        return np.divide(paid, quantity, out=price.copy(), where=derived)

    def _amount(self) -> NDArray[np.float64]:
        """As said, else made of the price."""
        made = self.quantity.values * self.unit_price.values - self.discount.values
        return np.where(self.amount.missing, made, self.amount.values)


def _beyond(values: NDArray[np.float64], bound: float) -> NDArray[np.bool_]:
    """Asked so that it is true of NaN: sums of huge parts can come to it."""
    beyond: NDArray[np.bool_] = ~(np.abs(values) <= bound)
    return beyond
