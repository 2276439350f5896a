"""What `shoal bridge` shows of its work."""

from __future__ import annotations

from stream.metrics.table import Kind, Metric

RECORDS = Metric(
    "shoal_bridge_records_total",
    Kind.COUNTER,
    "records",
    "Records of the source by what became of them: `crossed`, `dead_letter`, or left out as "
    "`other`, `before_since` or `without_lines`.",
    ("outcome",),
)
DEAD_LETTERS = Metric(
    "shoal_bridge_dead_letters_total",
    Kind.COUNTER,
    "records",
    "The records whose outcome is `dead_letter`, by the reason in their dead letters' headers.",
    ("reason",),
    alert="any increase within 15 minutes: `shoal dead-letters list` shows them.",
)
LINES = Metric(
    "shoal_bridge_lines_total",
    Kind.COUNTER,
    "lines",
    "Lines that were written to `transactions`.",
)
BEHIND = Metric(
    "shoal_bridge_lag_records",
    Kind.GAUGE,
    "records",
    "Records of the source's partition that are not across.",
    ("partition",),
    alert="it grows for 10 minutes: the source brings more than one bridge carries.",
)
HELD = Metric(
    "shoal_bridge_held_lines",
    Kind.GAUGE,
    "lines",
    "Lines that were read, and wait for partitions that are behind them in event time.",
)
EVENT_TIME = Metric(
    "shoal_bridge_event_time_seconds",
    Kind.GAUGE,
    "Unix time in seconds",
    "How far event time has come.",
)
DISORDER = Metric(
    "shoal_bridge_disorder_seconds",
    Kind.GAUGE,
    "seconds",
    "How far a line lay behind those before it, at most, since the bridge began.",
    alert="over half of `profiles.horizon_days`: lines come nearly too late.",
)
LOST = Metric(
    "shoal_bridge_lost_total",
    Kind.COUNTER,
    "records",
    "Records that the source forgot before they were read, with `--skip-lost`.",
    alert="any increase: they are missing; keep the source's topic for longer.",
)
STEP_SECONDS = Metric(
    "shoal_bridge_step_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "From reading to the end of the transaction.",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
)
OUTAGES = Metric(
    "shoal_bridge_outages_total",
    Kind.COUNTER,
    "outages",
    "How often source or target went away and was waited for.",
    alert="any increase within 15 minutes: see what the bridge says of it.",
)

BRIDGE_METRICS = (
    RECORDS,
    DEAD_LETTERS,
    LINES,
    BEHIND,
    HELD,
    EVENT_TIME,
    DISORDER,
    LOST,
    STEP_SECONDS,
    OUTAGES,
)
"""What `shoal bridge` shows."""
