"""`make chaos`: the long run, told as it goes; with the seed of one that failed, that one again."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from tests.chaos.mischief import LONG, SHORT
from tests.chaos.run import Plan, run
from tests.chaos.shop import Size
from tests.kafka_broker import stoppable_broker

QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""A broker that starts in half the time, and works half as fast."""

LONG_SIZE = Size(customers=400, days=120)
MOST_SHOWN = 10


def main() -> int:
    asked = _asked()
    plan = Plan(asked.seed, SHORT) if asked.short else Plan(asked.seed, LONG, LONG_SIZE)
    repeat = f"make chaos SEED={asked.seed}"
    began = time.monotonic()

    def say(what: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:7.1f} s  {what}\n")
        sys.stdout.flush()

    say(f"seed {asked.seed}: again with `{repeat}`")
    os.environ.setdefault("JAVA_TOOL_OPTIONS", QUICK_JAVA)
    with stoppable_broker() as broker, tempfile.TemporaryDirectory() as folder:
        report = run(plan, broker, Path(folder), say)
    say(str(report))
    for problem in islice(report.problems, MOST_SHOWN):
        say(f"DIFFERENT: {problem}")
    say(f"{len(report.problems)} differences; seed {asked.seed}" if report.problems else "the same")
    return int(bool(report.problems))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--short", action="store_true", help="as in `make test`")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
