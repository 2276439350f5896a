"""Years in which nothing happens: nobody comes new, stops to be what they are, or becomes another
kind. Whatever alarms there alarms for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.quality.aims import Aim, Table
from benchmarks.quality.lived import lived

if TYPE_CHECKING:
    from benchmarks.quality.lived import Lived

SHOP = "synthetic:customers=2000,days=365,established=1,migration=0,seed={seed}"
YEARS = 12

AIMS = (
    Aim("most", "alerts in the worst of them", None, 1.0),
    Aim("mean", "alerts a year"),
    Aim("years", "years looked at"),
)


def measured() -> Table:
    says = (
        f"`{SHOP.format(seed=1)}` to `seed={YEARS}`, lived through as any other, "
        "from the first model to the last week."
    )
    alerts = [_alerts(lived("calm", SHOP.format(seed=seed))) for seed in range(1, YEARS + 1)]
    figures: dict[str, float | None] = {
        "most": float(max(alerts)),
        "mean": sum(alerts) / YEARS,
        "years": float(YEARS),
    }
    return Table("Keeping quiet", says, AIMS, {"calm shops": figures})


def _alerts(life: Lived) -> int:
    return sum(len(one.found.report.alerts) for one in life.seen)
