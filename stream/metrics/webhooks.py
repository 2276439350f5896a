"""What `shoal webhooks` shows: a series a target, by its name in the settings."""

from __future__ import annotations

from stream.metrics.table import Kind, Metric

WEBHOOK = ("webhook",)

TRIES = Metric(
    "shoal_webhook_tries_total",
    Kind.COUNTER,
    "requests",
    "Requests sent, by what became of them: `delivered`, `refused` (the change could not be "
    "taken) or `failed` (the target could not be reached, or takes nothing).",
    ("webhook", "outcome"),
    alert="only `failed` for 10 minutes: the target is away, or its address or secret is wrong.",
)
GIVEN_UP = Metric(
    "shoal_webhook_given_up_total",
    Kind.COUNTER,
    "changes",
    "Changes that were refused `most_tries` times, and are not sent again.",
    WEBHOOK,
    alert="any increase: the log says which, by `change_id`, and what the target answered.",
)
BEHIND = Metric(
    "shoal_webhook_lag_records",
    Kind.GAUGE,
    "records",
    "Records of `segment-changes` that were not read yet for this target.",
    WEBHOOK,
    alert="it grows for 30 minutes: the target is away, or slower than changes come.",
)
WAITS = Metric(
    "shoal_webhook_wait_seconds",
    Kind.GAUGE,
    "seconds",
    "How long the target is left alone before the next try; 0 where the last one was delivered.",
    WEBHOOK,
)
FORGOTTEN = Metric(
    "shoal_webhook_forgotten_total",
    Kind.COUNTER,
    "records",
    "Records that the log forgot, by its retention, before they were sent.",
    WEBHOOK,
    alert="any increase: changes are lost to this target; keep the topic for longer.",
)

WEBHOOK_METRICS = (TRIES, GIVEN_UP, BEHIND, WAITS, FORGOTTEN)
