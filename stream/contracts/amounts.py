"""What a line cost, from what its source says: price and amount each follow from the other.

Shared by both ways of decoding, so that they can't differ.
"""

from __future__ import annotations

from stream.contracts.bounds import MAX_MONEY


class ImplausibleAmount(ValueError):
    """Numbers that are each allowed, but not together. `reason` is the dead letter's."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


def settle(
    quantity: float, unit_price: float | None, discount: float, amount: float | None
) -> tuple[float | None, float]:
    """Price and amount, whichever was missing filled in from the other.

    A price can't be told from an amount for nothing (quantity 0): it stays unknown.

    >>> settle(quantity=6, unit_price=2.5, discount=1, amount=None)
    (2.5, 14.0)
    >>> settle(quantity=-2, unit_price=None, discount=0, amount=-9)
    (4.5, -9)
    >>> settle(quantity=0, unit_price=None, discount=0, amount=3)
    (None, 3)
    """
    if amount is None:
        if unit_price is None:
            raise ImplausibleAmount("missing_field", "unit_price or amount is missing")
        return unit_price, _total(quantity, unit_price, discount)
    if unit_price is None and quantity != 0:
        return _price(quantity, discount, amount), amount
    return unit_price, amount


def _total(quantity: float, unit_price: float, discount: float) -> float:
    total = quantity * unit_price - discount + 0.0  # + 0.0: no minus zero
    if abs(total) > MAX_MONEY:
        raise ImplausibleAmount(
            "out_of_range", f"quantity times unit_price should be at most {MAX_MONEY:.0f}"
        )
    return total


def _price(quantity: float, discount: float, amount: float) -> float:
    price = (amount + discount) / quantity + 0.0
    if price < 0:
        raise ImplausibleAmount(
            "negative_price",
            "amount plus discount should have the sign of quantity: a return has both negative",
        )
    if price > MAX_MONEY:
        raise ImplausibleAmount(
            "out_of_range", f"amount divided by quantity should be at most {MAX_MONEY:.0f}"
        )
    return price
