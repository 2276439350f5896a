"""How ids are made where a source has none: the same parts always make the same id.

An id is the 64-bit xxh3, in hexadecimal, of its parts' texts joined by the unit separator
(U+001F, which no id may contain). Times are whole milliseconds since 1970, numbers whole
ten-thousandths rounded half to even, what is missing is empty. So a column of ids needs
nothing but rounding, casting to text and joining (in Arrow: `round`, `cast`,
`binary_join_element_wise`), in any language, and no two of them write floats differently.
"""

from __future__ import annotations

from xxhash import xxh3_64_hexdigest

from stream.contracts.bounds import TEN_THOUSANDTHS

SEPARATOR = "\x1f"
DAY_MS = 24 * 60 * 60 * 1000
MINUTE_MS = 60 * 1000


def made_of(*parts: str) -> str:
    """The id that these parts make.

    >>> made_of("17850", "536365")
    '1ef5ee7f47e23f2b'
    """
    return xxh3_64_hexdigest(SEPARATOR.join(parts).encode())


def event_id(
    customer_id: str,
    order_id: str,
    product_id: str | None,
    at_ms: int,
    quantity: float,
    unit_price: float | None,
    discount: float,
    amount: float | None,
    occurrence: int = 0,
) -> str:
    """A line's id: who, which order, what, when, how many, for how much, as the source says it.

    `occurrence` is how many lines with all of these the same came before in the source, so
    that equal lines stay several, and keep their ids when the source is read again.
    """
    return made_of(
        customer_id,
        order_id,
        product_id or "",
        str(at_ms),
        ten_thousandths(quantity),
        ten_thousandths(unit_price),
        ten_thousandths(discount),
        ten_thousandths(amount),
        str(occurrence),
    )


def order_id(customer_id: str, at_ms: int, offset_minutes: int, *, time_known: bool) -> str:
    """An order's id: one customer's lines of one instant, or of one day on the shopper's clock
    where the source has dates only."""
    if time_known:
        return made_of(customer_id, str(at_ms))
    return made_of(customer_id, f"day {(at_ms + offset_minutes * MINUTE_MS) // DAY_MS}")


def change_id(lens: str, customer_id: str, incarnation: int, sequence: int) -> str:
    """A change's id. `incarnation` tells a customer from the erased one who had the same id."""
    return made_of("change", lens, customer_id, str(incarnation), str(sequence))


def segment_event_id(lens: str, model_version: int, happened: str, segment_id: str) -> str:
    """The id of what happened to a segment with a model."""
    return made_of("segment", lens, str(model_version), happened, segment_id)


def ten_thousandths(number: float | None) -> str:
    """A number as the text of its whole ten-thousandths.

    >>> ten_thousandths(2.55), ten_thousandths(-6), ten_thousandths(None)
    ('25500', '-60000', '')
    """
    return "" if number is None else str(round(number * TEN_THOUSANDTHS))
