"""What a snapshot job shows of its own work; what it finds out about segments is drift's."""

from __future__ import annotations

from stream.metrics.table import Kind, Metric

SNAPSHOTS = Metric(
    "shoal_snapshots_total",
    Kind.COUNTER,
    "snapshots",
    "Snapshots that were published, by what was decided about the model.",
    ("outcome",),
)
MISSED = Metric(
    "shoal_snapshots_missed_total",
    Kind.COUNTER,
    "snapshots",
    "Midnights that were due, and whose blocks were cut off before the job came to them.",
    alert="over 0: the job is too slow for its cadence, or was away for too long.",
)
SECONDS = Metric(
    "shoal_snapshot_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "From a midnight being due to its snapshot being published.",
    buckets=(0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000),
)
INSTANT = Metric(
    "shoal_snapshot_instant_seconds",
    Kind.GAUGE,
    "seconds",
    "The event time of the last snapshot, in seconds since 1970.",
)

SNAPSHOT_METRICS = (SNAPSHOTS, MISSED, SECONDS, INSTANT)
"""What `shoal snapshot` shows."""
