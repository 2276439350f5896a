"""A small shop on one file, with two models, drift and changes, and a sink's tables beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.demo.commands import Commands
from app.sinking import Wanted, run
from app.wiring import Wiring
from producers.synthetic import Plan
from producers.synthetic.files import write_shop
from stream.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from stream.settings import Settings

CUSTOMERS, DAYS = 160, 56
FIRST_MODEL, SECOND_MODEL = "2025-02-11", "2025-02-18"
FEW = 20


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
    commands.replay(file, None, resume=True)
    commands.consume()
    run(Wiring(shop.settings), Wanted(until_end=True))
    return shop
