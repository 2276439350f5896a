"""How much memory a large file takes, measured on a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

from benchmarks.data import ROOT, shop
from benchmarks.figures import Figure
from stream.log.open import open_log

LINES = 5_000_000
MIB = 1024
KAFKA_PARTITIONS = 8


def measure(bootstrap: str | None) -> list[Figure]:
    """The worse of both logs, where there is a broker."""
    peaks = [to_embedded()]
    if bootstrap is not None:
        peaks.append(to_kafka(bootstrap))
    what = "MB resident at most while `shoal replay` sends 5 million rows of CSV, compiled before"
    return [Figure("replay_5m_rows_mb", max(peaks), "< 400", what)]


def to_embedded() -> float:
    log = ROOT / "build" / "bench-memory.db"
    try:
        return peak_mb("--log", f"sqlite:///{log}")
    finally:
        for left in log.parent.glob("bench-memory.db*"):
            left.unlink()


def to_kafka(bootstrap: str) -> float:
    url, topic = f"kafka://{bootstrap}", f"bench.{uuid.uuid4().hex[:8]}"
    try:
        return peak_mb("--log", url, "--topic", topic, "--partitions", str(KAFKA_PARTITIONS))
    finally:
        with open_log(url) as log:
            log.delete_topics([topic])


def peak_mb(*flags: str) -> float:
    """After a few lines into the same log: a machine's first run compiles, which takes more."""
    _replayed("synthetic:customers=50,days=5", *flags)
    return _replayed(str(shop(LINES)), *flags)


def _replayed(source: str, *flags: str) -> float:
    replay = [sys.executable, "-c", "from app.cli import main; main()", "replay", source]
    process = subprocess.Popen([*replay, *flags, "--json"], cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)  # of this child alone
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return used.ru_maxrss / MIB
