"""How much memory a large file takes, measured on a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys

from benchmarks.data import ROOT, shop
from benchmarks.figures import Figure

LINES = 5_000_000
MIB = 1024


def measure() -> list[Figure]:
    log = ROOT / "build" / "bench-memory.db"
    command = [sys.executable, "-c", "from app.cli import main; main()", "replay", str(shop(LINES))]
    try:
        subprocess.run([*command, "--log", f"sqlite:///{log}", "--json"], check=True, cwd=ROOT)
    finally:
        for left in log.parent.glob("bench-memory.db*"):
            left.unlink()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MIB
    what = "MB resident at most while `shoal replay` reads, orders and sends 5 million rows of CSV"
    return [Figure("replay_5m_rows_mb", peak, "< 400", what)]
