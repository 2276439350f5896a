from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from app.replay_sources import all_rejected, open_sources
from producers.reading.dataset import ReadOptions
from stream.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "customer_id,occurred_at,unit_price\n"


def test_each_source_has_its_own_rejects_and_all_are_counted_together(tmp_path: Path) -> None:
    names = []
    for name, rows in (("a", "c1,2024-01-01,1\n,2024-01-01,1\n"), ("b", ",2024-01-02,1\nc1,,1\n")):
        (tmp_path / f"{name}.csv").write_text(HEADER + rows)
        names.append(str(tmp_path / f"{name}.csv"))
    with ExitStack() as closing:
        sources = open_sources(names, ReadOptions(), closing, tmp_path / "bad.csv")
        lines = [batch.num_rows for source in sources for batch in source.lines()]
    assert sum(lines) == 1
    assert all_rejected(sources) == {"no_customer": 2, "no_date": 1}
    written = [(tmp_path / f"bad-{number}.csv").read_text().splitlines() for number in (1, 2)]
    assert [len(rows) for rows in written] == [2, 3]


def test_a_plan_after_synthetic_is_played() -> None:
    with ExitStack() as closing:
        [source] = open_sources(
            ["synthetic:customers=20,days=10,start=2024-05-01"], ReadOptions(), closing
        )
        assert sum(batch.num_rows for batch in source.lines()) > 0


def test_a_value_the_plan_does_not_take_is_refused() -> None:
    with ExitStack() as closing:
        [source] = open_sources(["synthetic:customers=many"], ReadOptions(), closing)
        with pytest.raises(SettingsError, match="customers is 'many'"):
            next(iter(source.lines()))
