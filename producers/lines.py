"""What every source is turned into: lines of orders, as Arrow columns of one schema.

A reader, the synthetic retailer and the sort on disk all speak this; only `encode`
knows how a line looks as a message.
"""

import pyarrow as pa

LINES = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        # The instant in UTC, and how far the shopper's clock was ahead of it.
        pa.field("occurred_at", pa.timestamp("ms", "UTC"), nullable=False),
        pa.field("offset_minutes", pa.int16(), nullable=False),
        pa.field("time_known", pa.bool_(), nullable=False),  # false: the source has dates only
        pa.field("order_id", pa.string()),
        pa.field("product_id", pa.string()),
        pa.field("category", pa.string()),
        pa.field("country", pa.string()),
        pa.field("quantity", pa.float64(), nullable=False),
        pa.field("unit_price", pa.float64()),  # this or amount is there
        pa.field("discount", pa.float64(), nullable=False),
        pa.field("amount", pa.float64()),
        pa.field("event_id", pa.string()),  # null: made by `identify`
    ]
)
