"""What is measured on: Online Retail where it is there, else a shop of its size."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

from producers.reading.dataset import Dataset, ReadOptions
from producers.synthetic.files import write_shop
from producers.synthetic.plan import Plan
from producers.synthetic.sizing import with_customers_for

ROOT = Path(__file__).parents[1]
ONLINE_RETAIL = ROOT.parent / "shared" / "data" / "online_retail.csv.gz"
ROWS = 541_909


@cache
def retail() -> Path:
    if ONLINE_RETAIL.exists():
        return ONLINE_RETAIL
    return shop(ROWS)


def shop(lines: int) -> Path:
    """A synthetic shop of so many lines, made once."""
    path = ROOT / "build" / f"shop-{lines}.csv"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        write_shop(with_customers_for(Plan(transactions=lines), lines), path, force=True)
    return path


def dataset() -> Dataset:
    return Dataset.open(str(retail()), ReadOptions())


class Now:
    """The clock of a replay that nobody stops."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def seconds(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> bool:
        time.sleep(seconds)  # paced by the replay; `max` asks for 0 only
        return False
