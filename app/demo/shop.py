"""The demonstration's shop: how it is made, what lies between its first and last day, and who
of its customers was planted as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from producers.synthetic import Plan
from producers.synthetic.files import Written, write_shop
from producers.synthetic.plan import FIRST_DAY, changed

if TYPE_CHECKING:
    from pathlib import Path

    from producers.synthetic.answers import Truth

DAYS = 135
LEARNED_DAYS = 92
WEEK_DAYS = 7
DIRT: dict[str, object] = {"returns": 0.04, "no_customer": 0.002, "bad_date": 0.001}
"""A little of everything that real data has."""

DRIFT_DAY = 106
DRIFT: dict[str, object] = {
    "drift_mix": 0.5,
    "drift_to": "champions",
    "drift_from_day": DRIFT_DAY,
}
"""Half of all customers buy like the best ones, from one day to the next."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that is not made yet."""

    file: Path
    customers: int
    seed: int

    def make(self) -> Truth:
        plan = Plan(customers=self.customers, days=DAYS, seed=self.seed)
        return write_shop(changed(plan, DIRT | DRIFT), self.file, force=True)[1]

    def flags(self) -> str:
        return f"--customers {self.customers} --days {DAYS} --seed {self.seed}"

    def dirt(self) -> str:
        return _flags(DIRT)

    def drift(self) -> str:
        return _flags(DRIFT)

    def kinds(self) -> dict[str, str]:
        """What each customer is in the end; some came as another kind."""
        table = pq.read_table(Written.beside(self.file).stints, columns=["customer_id", "kind"])
        return dict(zip(*(table[name].to_pylist() for name in table.column_names), strict=True))


def learned_until() -> str:
    """The day that the first model is fitted at the beginning of."""
    return day(LEARNED_DAYS)


def stops() -> list[str]:
    """The days up to which the rest is replayed, week by week."""
    return [day(days) for days in range(LEARNED_DAYS + WEEK_DAYS, DAYS, WEEK_DAYS)]


def _flags(values: dict[str, object]) -> str:
    return " ".join(f"--{name.replace('_', '-')} {value}" for name, value in values.items())


def day(days: int) -> str:
    return (FIRST_DAY + timedelta(days=days)).isoformat()
