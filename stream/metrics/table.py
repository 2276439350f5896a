"""Every metric there is, as data: instruments and `docs/metrics.md` are both made from it.

A label never holds a customer's id, and every label's values are few.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SECONDS_OF_A_BATCH = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SECONDS_OF_A_COMMIT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
SECONDS_OF_A_RESTORE = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class Kind(StrEnum):
    """What Prometheus calls it."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the table. `alert` says when somebody should look, where that can be said."""

    name: str
    kind: Kind
    unit: str
    says: str
    labels: tuple[str, ...] = ()
    alert: str = ""
    buckets: tuple[float, ...] = ()


RECORDS = Metric(
    "shoal_records_total",
    Kind.COUNTER,
    "records",
    "Records of `transactions` by what became of them; the outcomes add up to the records read.",
    ("partition", "outcome"),
    alert="`duplicate` or `too_late` far above its usual rate: a producer sends again or late.",
)
DEAD_LETTERS = Metric(
    "shoal_dead_letters_total",
    Kind.COUNTER,
    "records",
    "The records whose outcome is `dead_letter`, by the reason in their dead letters' headers.",
    ("partition", "reason"),
    alert="any increase within 15 minutes: `shoal dead-letters list` shows them.",
)
LAG = Metric(
    "shoal_lag_records",
    Kind.GAUGE,
    "records",
    "Records of the partition that are in the log and not yet committed by its task.",
    ("partition",),
    alert="it grows for 10 minutes: add a worker, or see what the log does.",
)
EVENT_TIME = Metric(
    "shoal_event_time_seconds",
    Kind.GAUGE,
    "Unix time in seconds",
    "The event time that the partition has come to, which only its records and ticks move.",
    ("partition",),
)
EVENT_LAG = Metric(
    "shoal_event_lag_seconds",
    Kind.GAUGE,
    "seconds",
    "The clock less event time, when it is asked for; in a replay of old data it is years.",
    ("partition",),
    alert="over two hours on a live stream: nothing is bought, or nothing arrives.",
)
BATCH_SECONDS = Metric(
    "shoal_batch_duration_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "How long one batch of one partition took to be decoded, folded and assigned.",
    buckets=SECONDS_OF_A_BATCH,
)
COMMIT_SECONDS = Metric(
    "shoal_commit_duration_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "How long a transaction took, from its first record to the log's word that it happened.",
    alert="its 99th percentile stays over 5 s: the log is slow.",
    buckets=SECONDS_OF_A_COMMIT,
)
FAILURES = Metric(
    "shoal_failures_total",
    Kind.COUNTER,
    "failures",
    "What made the worker drop its tasks and restore: `commit_failed`: a transaction did not "
    "happen; `log_unavailable`; `group_moved_on`: the group went on without it.",
    ("reason",),
    alert="`commit_failed` or `group_moved_on` more than 3 times within 15 minutes.",
)
RESTORE_SECONDS = Metric(
    "shoal_restore_duration_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "How long a partition took from its assignment until its task was restored.",
    alert="its count goes up for half an hour without a rollout: workers come and go.",
    buckets=SECONDS_OF_A_RESTORE,
)
BLOCK_BYTES = Metric(
    "shoal_block_bytes_total",
    Kind.COUNTER,
    "bytes",
    "Bytes of state committed to `customer-profiles`, as a `delta` or a `checkpoint`.",
    ("partition", "kind"),
)
CUSTOMERS = Metric(
    "shoal_customers",
    Kind.GAUGE,
    "customers",
    "Customers with a profile.",
    ("partition",),
)
CUSTOMERS_IN_SEGMENT = Metric(
    "shoal_customers_in_segment",
    Kind.GAUGE,
    "customers",
    "Customers by lens and segment id, over this worker's partitions; `none`: in no segment.",
    ("lens", "segment"),
    alert="a segment's share halves or doubles within a day without a new model.",
)
CHANGES = Metric(
    "shoal_changes_total",
    Kind.COUNTER,
    "changes",
    "Changes of segment committed since the worker began, by cause and by the segments' ids.",
    ("lens", "cause", "previous", "current"),
)
FLAPS = Metric(
    "shoal_flaps_total",
    Kind.COUNTER,
    "changes",
    "Changes back to the learned segment that was left for another learned one within 7 days.",
    ("lens",),
    alert="over 2 a month for 100 active customers: raise the lens's `margin`.",
)
PROFILE_BYTES = Metric(
    "shoal_profile_bytes",
    Kind.GAUGE,
    "bytes",
    "Memory of the partition's profiles, their ids and indexes included.",
    ("partition",),
    alert="the sum over a worker comes near the memory that it may have.",
)
MODEL_VERSION = Metric(
    "shoal_model_version",
    Kind.GAUGE,
    "version",
    "The version of the model that the partition's task assigns with; 0 before the first.",
    ("partition",),
    alert="partitions differ for an hour: a task doesn't come to the `Promote`.",
)
MODEL_AGE = Metric(
    "shoal_model_age_seconds",
    Kind.GAUGE,
    "seconds",
    "Event time less the instant of the snapshot that the model was made from.",
    ("partition",),
    alert="over three times the cadence of snapshots: the job that makes models doesn't run.",
)
PARTITIONS = Metric(
    "shoal_partitions",
    Kind.GAUGE,
    "partitions",
    "Partitions whose tasks this worker holds, restored.",
    alert="the sum over all workers is not the topic's number of partitions for 5 minutes.",
)
UP = Metric(
    "shoal_up",
    Kind.GAUGE,
    "0 or 1",
    "Whether the worker's loop turns, as `/healthz` says it.",
    alert="0, or no sample, for a minute.",
)
READY = Metric(
    "shoal_ready",
    Kind.GAUGE,
    "0 or 1",
    "Whether every partition given to the worker is restored, as `/readyz` says it.",
    alert="0 for 5 minutes.",
)

WORKER_METRICS = (
    RECORDS,
    DEAD_LETTERS,
    LAG,
    EVENT_TIME,
    EVENT_LAG,
    BATCH_SECONDS,
    COMMIT_SECONDS,
    FAILURES,
    RESTORE_SECONDS,
    BLOCK_BYTES,
    CUSTOMERS,
    CUSTOMERS_IN_SEGMENT,
    CHANGES,
    FLAPS,
    PROFILE_BYTES,
    MODEL_VERSION,
    MODEL_AGE,
    PARTITIONS,
    UP,
    READY,
)
"""What a worker of `shoal consume` shows."""
