"""What was planted, counted from the rows that went out: the answer sheet of a synthetic shop."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from producers.reading.reasons import Reason
from producers.synthetic.kinds import KINDS
from producers.synthetic.population import Ended, Stints
from producers.synthetic.rows import DIRTY, REVERSED, Mark, Rows, has

if TYPE_CHECKING:
    import numpy.typing as npt

    from producers.synthetic.plan import Plan

NAMES = {
    Mark.RETURN: "returns",
    Mark.CANCELLATION: "cancellation_lines",
    Mark.LATE: "late",
    Mark.TOO_LATE: "too_late",
    Mark.OUT_OF_ORDER: "out_of_order",
    Mark.NO_CUSTOMER: "no_customer",
    Mark.BAD_DATE: "bad_date",
    Mark.NOT_A_NUMBER: "not_a_number",
    Mark.NEGATIVE_PRICE: "negative_price",
}
# What a reader says of them.
REASONS = {
    Mark.NO_CUSTOMER: Reason.NO_CUSTOMER,
    Mark.BAD_DATE: Reason.BAD_DATE,
    Mark.NOT_A_NUMBER: Reason.QUANTITY_NOT_A_NUMBER,
    Mark.NEGATIVE_PRICE: Reason.NEGATIVE_PRICE,
}
STINTS = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("from", pa.date32(), nullable=False),  # midnight of the shopper's clock
        pa.field("until", pa.date32()),  # the first day it no longer held; null: it still does
        pa.field("ended", pa.string()),  # migrated, drifted or lapsed
    ]
)


@dataclass(slots=True)
class Tally:
    """Counts of the rows that went out, and who has been seen in them."""

    seen: npt.NDArray[np.bool_]  # by customer
    rows: int = 0
    duplicates: int = 0
    cancelled_orders: int = 0
    net_cents: int = 0
    first_s: int | None = None
    last_s: int | None = None
    marks: dict[Mark, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    orders_by_kind: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    lines_by_kind: list[int] = field(default_factory=lambda: [0] * len(KINDS))

    def add(self, rows: Rows) -> None:
        once = rows[~has(rows, Mark.DUPLICATE)]
        self.rows += len(rows)
        self.duplicates += len(rows) - len(once)
        for mark in NAMES:
            self.marks[mark] += int(np.count_nonzero(has(once, mark)))
        good = once[~has(once, DIRTY)]
        opened = good[(good["line"] == 1) & ~has(good, Mark.RETURN)]
        reversals = has(opened, Mark.CANCELLATION)
        self.cancelled_orders += int(np.count_nonzero(reversals))
        self._add_by_kind(self.orders_by_kind, opened[~reversals])
        self._add_by_kind(self.lines_by_kind, good[~has(good, REVERSED)])
        self.seen[good["customer"]] = True
        money = good["quantity"].astype(np.int64) * good["price_cents"] - good["discount_cents"]
        self.net_cents += int(money.sum())
        self._see(good)

    def _see(self, rows: Rows) -> None:
        if len(rows):
            low, high = int(rows["occurred_s"].min()), int(rows["occurred_s"].max())
            self.first_s = low if self.first_s is None else min(low, self.first_s)
            self.last_s = high if self.last_s is None else max(high, self.last_s)

    @staticmethod
    def _add_by_kind(counts: list[int], rows: Rows) -> None:
        for kind, count in enumerate(np.bincount(rows["kind"], minlength=len(KINDS))):
            counts[kind] += int(count)


@dataclass(frozen=True, slots=True)
class Truth:
    """The plan, what came of it, and the kinds every customer went through."""

    plan: Plan
    tally: Tally
    stints: Stints
    names: pa.Array  # the customer of each stint
    days_done: int

    @property
    def lines(self) -> int:
        """Rows that can become transactions, duplicates included."""
        return self.tally.rows - sum(self.tally.marks[mark] for mark in DIRTY)

    @property
    def planted(self) -> dict[str, int]:
        """Each thing planted by its name. Duplicates are counted only as duplicates."""
        counts = {name: self.tally.marks[mark] for mark, name in NAMES.items()}
        orders = self.tally.cancelled_orders
        return {"duplicates": self.tally.duplicates, "cancelled_orders": orders, **counts}

    def summary(self) -> dict[str, Any]:
        """As it is written to `shop.truth.json`."""
        ended = np.bincount(self.stints.ended, minlength=len(Ended))
        return {
            "plan": asdict(self.plan) | {"start": self.plan.start.isoformat()},
            "days": self.days_done,
            "rows": self.tally.rows,
            "lines": self.lines,
            "distinct_lines": self.lines - self.tally.duplicates,
            "orders": sum(self.tally.orders_by_kind),
            "net_amount": self.tally.net_cents / 100,
            "first": _instant(self.tally.first_s),
            "last": _instant(self.tally.last_s),
            "customers": int(np.count_nonzero(self.tally.seen)),
            "ended": {each.name.lower(): int(ended[each]) for each in Ended if each},
            "kinds": self._kinds(),
            "drift": self._drift(),
            "planted": self.planted,
            "rejects": {r.label: self.tally.marks[mark] for mark, r in REASONS.items()},
        }

    def table(self) -> pa.Table:
        """The stints with the customers' names, as they are written beside the summary."""
        kinds = pa.array([kind.name for kind in KINDS])
        reasons = pa.array([None if each is Ended.OPEN else each.name.lower() for each in Ended])
        still = self.stints.until_day < 0
        columns = [
            self.names,
            kinds.take(pa.array(self.stints.kind)),
            self._dates(self.stints.from_day),
            self._dates(self.stints.until_day, still),
            reasons.take(pa.array(self.stints.ended)),
        ]
        return pa.table(columns, schema=STINTS)

    def _kinds(self) -> dict[str, dict[str, int | str]]:
        began = np.bincount(self.stints.kind, minlength=len(KINDS))
        now = np.bincount(self.stints.kind[self.stints.ended == Ended.OPEN], minlength=len(KINDS))
        return {
            kind.name: {
                "says": kind.says,
                "stints": int(began[number]),
                "customers_at_the_end": int(now[number]),
                "orders": self.tally.orders_by_kind[number],
                "lines": self.tally.lines_by_kind[number],
            }
            for number, kind in enumerate(KINDS)
        }

    def _drift(self) -> dict[str, str | float] | None:
        """When it set in and when it was whole, where there is any within the plan."""
        plan = self.plan
        sizes = {
            name: getattr(plan, f"drift_{name}") for name in ("mix", "rhythm", "basket", "price")
        }
        if not any(sizes.values()) or plan.drift_from_day >= plan.days:
            return None
        begins = plan.start + timedelta(days=plan.drift_from_day)
        whole = begins + timedelta(days=max(0, plan.drift_ramp_days - 1))
        return {"from": begins.isoformat(), "whole": whole.isoformat(), **sizes}

    def _dates(self, days: np.ndarray[Any, Any], null: Any = None) -> pa.Array:
        since_1970 = (self.plan.start - datetime(1970, 1, 1, tzinfo=UTC).date()).days
        return pa.array((days + since_1970).astype(np.int32), mask=null).cast(pa.date32())


def _instant(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
