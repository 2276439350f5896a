"""`make quality`: measures everything that is promised of segments, and writes docs/quality.md."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.log_tasks import task_rules
from app.warming import warm_up
from benchmarks.quality import calm, planted, predicting, recovering, steadiness
from benchmarks.quality.lived import lived
from benchmarks.quality.recovering import BY_VALUE
from stream.settings import Settings
from stream.settings.lenses import lens_specs
from stream.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.quality.aims import Table
    from benchmarks.quality.lived import Lived

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
CUSTOMERS, DAYS = 2_000, 365
MIXED_SHOP = f"synthetic:customers={CUSTOMERS},days={DAYS},seed=7"
CDNOW, PLANTED, MIXED = "CDNOW sample", "planted shop", "mixed shop"
REPORTED = frozenset({CDNOW})

PAGE = """\
# Quality

Measured by `make quality` on {when}, with the settings as they come: weekly snapshots, k found by
bootstrap stability at the first fit, one partition. Aims are set for

- **Online Retail**: a wholesaler's 541,909 lines of 13 months;
- the **planted shop**: as many {kinds}, {customers:,} together, who don't change, for {days}
  days. The number of segments is told;
- the **mixed shop**, `{mixed}`: eight kinds, of whom some
  differ in nothing that this lens looks at; 3 % a month become another kind, customers stop from
  one day to the next, each orders four times as often as in Online Retail, and 1 % of orders are
  cancelled, 0.4 % there. What of it can't be had together is in decisions
  [15](decisions/0015-corrections-and-gaps.md), [18](decisions/0018-settling-in.md),
  [19](decisions/0019-a-steady-lens.md), [21](decisions/0021-what-young-records-do.md) and
  [24](decisions/0024-newcomers-sums-are-filled-up.md).

The **CDNOW sample**, 6,919 purchases of 2,357 newcomers to a CD shop, most of whom bought once, is
reported without an aim of its own.

{verdict}

{tables}
"""


def main() -> None:
    settings = Settings()
    warm_up(task_rules(settings, Topics()), lens_specs(settings), print)
    lives = [_said(life) for life in _lives()]
    tables = _measured(lives)
    _keep(tables)
    for line in (line for table in tables for line in table.missed()):
        print(f"missed: {line}")


def _lives() -> Iterator[Lived]:
    """Real data where they are there."""
    for name, file in (("Online Retail", "online_retail.csv.gz"), (CDNOW, "cdnow_sample.csv")):
        if (DATA / file).exists():
            yield lived(name, str(DATA / file))
        else:
            print(f"{name} is left out: there is no {DATA / file}")
    with TemporaryDirectory() as folder:
        shop = recovering.shop_of(BY_VALUE, Path(folder) / "shop.parquet", CUSTOMERS, DAYS)
        yield lived(PLANTED, str(shop.data), BY_VALUE.settings)
    yield lived(MIXED, MIXED_SHOP)


def _said(life: Lived) -> Lived:
    print(f"{life.name}: {life.summary['transactions']:,} transactions in {_seconds(life)} s")
    return life


def _seconds(life: Lived) -> float:
    return float(life.summary["seconds"])


def _measured(lives: list[Lived]) -> list[Table]:
    tables = []
    for found in _found(lives):
        print(f"\n{found.markdown()}", flush=True)
        tables.append(found)
    return tables


def _found(lives: list[Lived]) -> Iterator[Table]:
    yield from steadiness.measured(lives, REPORTED)
    yield predicting.measured(lives, REPORTED)
    # Of two segments one is half of everybody: what it does is hardly apart from what all do.
    yield planted.measured([life for life in lives if life.name != PLANTED], REPORTED)
    yield calm.measured()
    yield recovering.measured()


def _keep(tables: list[Table]) -> None:
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    figures = {table.title: table.columns for table in tables}
    (build / "quality.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    page = PAGE.format(
        when=f"{datetime.now(UTC):%Y-%m-%d}",
        kinds=" as ".join(BY_VALUE.kinds),
        customers=CUSTOMERS,
        days=DAYS,
        mixed=MIXED_SHOP,
        verdict=_verdict(tables),
        tables="\n\n".join(table.markdown() for table in tables),
    )
    (ROOT / "docs" / "quality.md").write_text(page, "utf-8")


def _verdict(tables: list[Table]) -> str:
    missed = [line for table in tables for line in table.missed()]
    if not missed:
        return "Every aim is reached."
    return "\n".join(["Not reached:", "", *(f"- {line}" for line in missed)])


if __name__ == "__main__":
    main()
