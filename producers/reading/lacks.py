"""What a source doesn't have, and what Shoal does without it, in sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from producers.reading.columns import plain

if TYPE_CHECKING:
    from producers.reading.normalise import Reading
    from producers.sources.seam import Source

WITHOUT = {
    "order_id": "no order id: lines of one customer at one instant (or day) make an order",
    "product_id": "no product id: how many different products a customer buys isn't known",
    "category": "no category: no preferred category",
    "country": "no country",
    "quantity": "no quantity: every line counts as one unit",
    "discount": "no discount: taken as 0, and the share of discounted orders is left out",
}
NO_TIME_OF_DAY = "no time of day: night is left out"
TIME_COLUMNS = frozenset({"time", "transtime", "transactiontime", "ordertime", "saletime", "hour"})


def lacks_of(source: Source, reading: Reading) -> tuple[str, ...]:
    """One sentence for each thing missing."""
    missing = [text for field, text in WITHOUT.items() if field not in reading.columns]
    if reading.midnight_is_no_time:
        missing.append(NO_TIME_OF_DAY + _hint(source, reading))
    return tuple(missing)


def _hint(source: Source, reading: Reading) -> str:
    (date, *_) = reading.columns.of("occurred_at")
    times = [name for name in source.columns if plain(name) in TIME_COLUMNS and name != date]
    return f" (join them with --map occurred_at={date}+{times[0]})" if times else ""
