"""A demonstration goes on where it stopped, with the same customers, and no line sent twice."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.demo.living import NOTE, ROUND_DAYS, ROUNDS, gone_on, instants, later_file
from app.demo.shop import Shop, stops
from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

END = datetime.fromisoformat(stops()[-1]).replace(tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Shop(tmp_path / "shop.csv.gz", 60, 7).make()
    return tmp_path


def rows_of(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt", newline="") as rows:
        return list(csv.DictReader(rows))


def test_what_comes_is_the_last_four_weeks_over_and_over(folder: Path) -> None:
    later = rows_of(later_file(folder))
    instants_ = [datetime.fromisoformat(one["occurred_at"]) for one in later]
    assert min(instants_) >= END
    assert max(instants_) < END + timedelta(days=ROUNDS * ROUND_DAYS)
    customers = Counter(one["customer_id"] for one in later)
    assert set(customers) <= {one["customer_id"] for one in rows_of(folder / "shop.csv.gz")}
    assert {number % ROUNDS for number in customers.values()} == {0}


def test_no_coming_line_has_the_id_of_another(folder: Path) -> None:
    known = {one["event_id"] for one in rows_of(folder / "shop.csv.gz")}
    row = {"event_id": "o1-2", "order_id": "o1", "occurred_at": "2025-05-01T09:00:00+00:00"}
    ids = [one["event_id"] for one in gone_on([row], stops()[-1])]
    assert len(set(ids)) == len(ids) == ROUNDS
    assert not known & {one["event_id"] for one in rows_of(later_file(folder))}


def test_a_new_demonstration_is_gone_on_from_its_own_end(folder: Path) -> None:
    later = later_file(folder)
    (folder / NOTE).write_text("2025-06-01T00:00:00+00:00")
    assert later_file(folder) == later
    assert (folder / NOTE).exists()
    made = later.stat().st_mtime
    os.utime(folder / "shop.csv.gz", (made + 10, made + 10))
    later_file(folder)
    assert not (folder / NOTE).exists()


def test_without_a_demonstration_the_remedy_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make demo"):
        later_file(tmp_path)


def test_steps_lead_from_the_end_of_the_demonstration_to_the_end_of_the_rounds() -> None:
    found = list(instants(END))
    assert found[0] > END
    assert found[-1] == END + timedelta(days=ROUNDS * ROUND_DAYS)
