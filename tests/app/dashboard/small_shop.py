"""A small shop on one file, with two models, drift, changes, forecasts and an experiment, and a
sink's tables beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.demo.commands import Commands
from app.experimenting.assigning import assign_customers, create
from app.sinking import Wanted, run
from app.wiring import Wiring
from insights.experiments.plan import Plan as ExperimentPlan
from producers.synthetic import Plan
from producers.synthetic.files import write_shop
from stream.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from stream.settings import Settings

CUSTOMERS, DAYS = 160, 63
FIRST_MODEL, SECOND_MODEL = "2025-02-18", "2025-02-25"
FEW = 20
EXPERIMENT = "spring-mail"


@dataclass(frozen=True, slots=True)
class SmallShop:
    folder: Path

    @property
    def log(self) -> str:
        return f"sqlite:///{self.folder / 'shoal.db'}"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'segments.db'}"

    @property
    def settings(self) -> Settings:
        return load_settings(None, {"log": {"url": self.log}, "sink": {"db": self.database}})


def make_small_shop(folder: Path) -> SmallShop:
    """Half a second a week; the same every time."""
    file, shop = folder / "shop.csv.gz", SmallShop(folder)
    write_shop(Plan(customers=CUSTOMERS, days=DAYS, seed=11), file)
    commands = Commands(folder, FEW)
    for until in (FIRST_MODEL, SECOND_MODEL):
        commands.replay(file, until, resume=until != FIRST_MODEL)
        commands.consume()
        commands.snapshot()
    create(commands.wiring, ExperimentPlan(name=EXPERIMENT, lens="value"))
    assign_customers(commands.wiring, EXPERIMENT)
    commands.replay(file, None, resume=True)
    commands.consume()
    run(Wiring(shop.settings), Wanted(until_end=True))
    return shop


def copy_of(shop: SmallShop, folder: Path) -> Path:
    """Its tables in a file of their own, to be changed by one test."""
    copied = folder / "copied.db"
    with closing(sqlite3.connect(shop.folder / "segments.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(copied),))
    return copied
