"""Lines as they are decoded, for tests: a few fields given, the others ordinary."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stream.contracts.fast import Line


def line(**fields: Any) -> Line:
    ordinary = {
        "customer_id": "17850",
        "occurred_at": datetime(2011, 1, 1, 9, tzinfo=UTC),
        "order_id": "536365",
        "product_id": "85123A",
        "quantity": 6.0,
        "unit_price": 2.55,
    }
    return Line(**{**ordinary, **fields})
