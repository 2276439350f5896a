"""What `shoal api` shows: requests by their routes, never by what was asked for."""

from __future__ import annotations

from stream.metrics.table import Kind, Metric

REQUESTS = Metric(
    "shoal_api_requests_total",
    Kind.COUNTER,
    "requests",
    "Requests that were answered, by the route's form and the answer's status.",
    ("route", "method", "status"),
    alert="a status of 500 or above in more than 1 % of them for 5 minutes.",
)
SECONDS = Metric(
    "shoal_api_request_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "From a request to the end of its answer, streams aside.",
    ("route",),
    alert="the 99th percentile stays over 1 s: the database is slow, or the machine is too small.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0),
)
REFUSED = Metric(
    "shoal_api_refused_total",
    Kind.COUNTER,
    "requests",
    "Requests that were not let in, by the kind of problem: `no-valid-key`, `role-missing`, "
    "`too-many-requests`, `unknown-host`.",
    ("reason",),
    alert="`no-valid-key` more than 100 within 5 minutes: somebody tries keys, or one was changed.",
)
STREAMS = Metric(
    "shoal_api_streams",
    Kind.GAUGE,
    "streams",
    "Who follows `/changes/stream` just now.",
)
STREAMED = Metric(
    "shoal_api_streamed_changes_total",
    Kind.COUNTER,
    "changes",
    "Changes that were sent on streams.",
)

API_METRICS = (REQUESTS, SECONDS, REFUSED, STREAMS, STREAMED)
