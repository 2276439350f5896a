"""What a sink shows of its work."""

from __future__ import annotations

from stream.metrics.table import Kind, Metric

ROWS = Metric(
    "shoal_sink_rows_total",
    Kind.COUNTER,
    "rows",
    "Rows that were written to the database, by table.",
    ("table",),
)
BEHIND = Metric(
    "shoal_sink_lag_records",
    Kind.GAUGE,
    "records",
    "Records that are in the log and not yet in the database.",
    ("topic",),
    alert="it grows for 10 minutes: the database is too slow, or away.",
)
SECONDS = Metric(
    "shoal_sink_commit_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "From reading to the end of the database's transaction.",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
)
OUTAGES = Metric(
    "shoal_sink_outages_total",
    Kind.COUNTER,
    "outages",
    "How often database or log went away and was waited for.",
    alert="any increase within 15 minutes: see what the sink says of it.",
)
UNREADABLE = Metric(
    "shoal_sink_unreadable_total",
    Kind.COUNTER,
    "records",
    "Records that are no messages of Shoal's, and were passed over.",
    alert="any increase: somebody else writes to Shoal's topics.",
)

SINK_METRICS = (ROWS, BEHIND, SECONDS, OUTAGES, UNREADABLE)
"""What `shoal sink` shows."""
