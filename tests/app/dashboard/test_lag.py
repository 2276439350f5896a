"""How far workers are behind is known soon; a log out of reach is said, and not waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.lag import LagWatch, lag_of
from app.wiring import Wiring
from stream.settings import load_settings
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.dashboard.small_shop import SmallShop


def test_workers_that_read_all_are_behind_by_nothing(small_shop: SmallShop) -> None:
    with LagWatch(Wiring(small_shop.settings)) as watch:
        until(lambda: watch.last.records is not None, "a first look", 30)
        assert watch.last.records == 0


def test_all_is_behind_for_a_group_that_read_nothing(small_shop: SmallShop) -> None:
    chosen = {"log": {"url": small_shop.log}, "consume": {"group": "another"}}
    wiring = Wiring(load_settings(None, chosen))
    with wiring.open_existing_log() as log:
        start, end = log.bounds("shoal.transactions")[0]
        assert lag_of(log, wiring) == end - start > 0


def test_a_log_that_is_not_there_is_said(tmp_path: Path) -> None:
    wiring = Wiring(load_settings(None, {"log": {"url": f"sqlite:///{tmp_path / 'no.db'}"}}))
    with LagWatch(wiring) as watch:
        until(lambda: watch.last.why_not is not None, "a reason", 30)
        assert watch.last.records is None
