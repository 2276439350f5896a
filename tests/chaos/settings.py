"""The settings of everything in a run: frequent commits, small batches, short patience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos.shop import PARTITIONS

if TYPE_CHECKING:
    from pathlib import Path

SESSION_SECONDS = 3.0
SETTINGS = """
[log]
url = "{url}"

[topics]
prefix = "{prefix}"
partitions = {partitions}
replication_factor = 1

[kafka.options]
session_timeout_ms = {session_ms}
heartbeat_interval_ms = 500
transaction_timeout_ms = 5000

[consume]
group = "chaos"
worker = "chaos"
commit_ms = {commit_ms}
most_events = {most_events}
grace_seconds = 1
erasure_checkpoint_minutes = 0

[lenses.value]
[lenses.habits]
"""


def write_settings(
    file: Path, url: str, prefix: str, *, commit_ms: int = 20, most_events: int = 100
) -> Path:
    said = SETTINGS.format(
        url=url,
        prefix=prefix,
        partitions=PARTITIONS,
        session_ms=round(SESSION_SECONDS * 1000),
        commit_ms=commit_ms,
        most_events=most_events,
    )
    file.write_text(said)
    return file
