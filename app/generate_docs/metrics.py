"""`docs/metrics.md`: every metric, from their own table, and how to look at them."""

from collections.abc import Iterator

from app.observing.health import STALLED_AFTER_SECONDS
from stream.metrics.api import API_METRICS
from stream.metrics.bridge import BRIDGE_METRICS
from stream.metrics.drift import DRIFT_METRICS
from stream.metrics.sink import SINK_METRICS
from stream.metrics.snapshots import SNAPSHOT_METRICS
from stream.metrics.table import WORKER_METRICS, Metric
from stream.metrics.webhooks import WEBHOOK_METRICS

INTRODUCTION = f"""\
# Metrics, health and logs

Made by `make docs` from `stream/metrics`. A worker shows its metrics where it is told a port:

    shoal consume --metrics-port 9464
    curl localhost:9464/metrics

or `consume.metrics_port` in [the settings](configuration.md); 0 takes any port that is free, and
without one nothing listens. Of several workers (`--workers N`) each has a port of its own, counted
up from this one. They listen on this machine only; `consume.metrics_host` names another address,
for a scraper elsewhere. There is no TLS and no password: keep it inside your network.

| path | answers |
| --- | --- |
| `/metrics` | what is below, in Prometheus's text or, where a scraper asks for it, OpenMetrics |
| `/healthz` | 200 while the worker's loop turns; 503 where it has stood still for \
{STALLED_AFTER_SECONDS:.0f} seconds |
| `/readyz` | 200 once every partition given to the worker is restored; until then 503, and \
`waits_for` says what is missing |

Use `/healthz` as a liveness and `/readyz` as a readiness probe. A worker that compiles for the
first time, or restores, is alive and not ready.

## A worker's metrics

No label holds a customer's id.

| metric | kind | labels | unit | what it is | look at it when |
| --- | --- | --- | --- | --- | --- |
"""

SNAPSHOTS = """\

## A snapshot job's metrics

`shoal snapshot --every 15m --metrics-port 9465` shows these; what they say of segments is in
[Drift](drift.md), and `deploy/` has alert rules for Prometheus.

| metric | kind | labels | unit | what it is | look at it when |
| --- | --- | --- | --- | --- | --- |
"""

WEBHOOKS = """\

## A sender's metrics

`shoal webhooks --metrics-port 9466` shows these; `webhook` is the target's name in the settings.
How a target is tried again is in [Webhooks](webhooks.md).

| metric | kind | labels | unit | what it is | look at it when |
| --- | --- | --- | --- | --- | --- |
"""

SINKS = """\

## A sink's metrics

`shoal sink --metrics-port 9467` shows these; what it writes is in [SQL](sql.md).

| metric | kind | labels | unit | what it is | look at it when |
| --- | --- | --- | --- | --- | --- |
"""

API = """\

## The API's metrics

`shoal api` shows these on its own port, and a sink's where it writes tables beside an embedded log;
what it answers is in [API](api.md). `route` is a path's form, never a path.

| metric | kind | labels | unit | what it is | look at it when |
| --- | --- | --- | --- | --- | --- |
"""

BRIDGES = """\

## A bridge's metrics

`shoal bridge --metrics-port 9468` shows these; what becomes of a record is in [Bridge](bridge.md).

| metric | kind | labels | unit | what it is | look at it when |
| --- | --- | --- | --- | --- | --- |
"""

READING = """\

## Reading them

- `shoal_records_total` and `shoal_dead_letters_total` are the committed totals of each
  partition's task, kept with its state. They go on after a restart and on another worker, never
  count a record twice, and begin at 0 only with a new prefix. `outcome` is one of `folded`,
  `duplicate`, `too_late`, `erased`, `command` and `dead_letter`.
- Customers are counted every few seconds, the rest of a task's figures at its commits.
- Every other counter and histogram begins at 0 with its process, as usual; `rate` and `increase`
  know that. Changes are counted once they are committed.
- A histogram's `_count` is how often it happened: `shoal_commit_duration_seconds_count` are the
  commits, `shoal_restore_duration_seconds_count` the restores.
- A partition that goes to another worker is dropped here and shown there; sum over workers, by
  `partition` where that matters.
- `previous` and `current` are ids of segments, which never change; the names that people read
  are in the model. `none` stands for no segment.

Some questions, in PromQL:

| what | query |
| --- | --- |
"""

QUESTIONS = (
    ("records a second", "sum(rate(shoal_records_total[5m]))"),
    (
        "the share that is refused",
        "sum(rate(shoal_dead_letters_total[15m])) / sum(rate(shoal_records_total[15m]))",
    ),
    ("records behind", "sum(shoal_lag_records)"),
    (
        "seconds until caught up",
        "sum(shoal_lag_records) / sum(rate(shoal_records_total[5m]))",
    ),
    (
        "a commit's 99th percentile",
        "histogram_quantile(0.99, sum by (le) (rate(shoal_commit_duration_seconds_bucket[5m])))",
    ),
    ("customers by segment", "sum by (lens, segment) (shoal_customers_in_segment)"),
    (
        "who moves where, in a day",
        "topk(10, sum by (lens, previous, current) (increase(shoal_changes_total[1d])))",
    ),
    ("bytes a customer", "sum(shoal_profile_bytes) / sum(shoal_customers)"),
)

LOGS = """\

Besides these, the process shows its own memory, processor time and open files where the system
tells them (`process_resident_memory_bytes` …).

## Logs

Logs are text for people, on standard error. `--json-logs` makes each a line of JSON with `time`
(UTC), `level`, `logger`, `message`, the `exception` with its traceback where there is one, and
whatever else the message carries, such as `partition`. What looks like a password or a token is
blotted out, and no field names a customer above the level `debug`.
"""


def metrics() -> str:
    questions = (f"| {what} | `{query}` |\n" for what, query in QUESTIONS)
    workers = INTRODUCTION + "".join(_rows(WORKER_METRICS))
    snapshots = SNAPSHOTS + "".join(_rows((*SNAPSHOT_METRICS, *DRIFT_METRICS)))
    senders = WEBHOOKS + "".join(_rows(WEBHOOK_METRICS))
    sinks = SINKS + "".join(_rows(SINK_METRICS))
    api = API + "".join(_rows(API_METRICS))
    bridges = BRIDGES + "".join(_rows(BRIDGE_METRICS))
    shown = workers + snapshots + senders + sinks + api + bridges
    return shown + READING + "".join(questions) + LOGS


def _rows(table: tuple[Metric, ...]) -> Iterator[str]:
    for metric in table:
        labels = ", ".join(f"`{label}`" for label in metric.labels)
        yield (
            f"| `{metric.name}` | {metric.kind} | {labels} | {metric.unit} "
            f"| {metric.says} | {metric.alert} |\n"
        )
