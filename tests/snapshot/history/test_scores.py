"""What was expected comes back as it was written, for everybody who is still there."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest

from snapshot.enriching import Enriched, Scores
from snapshot.history import History
from stream.contracts.insight_report import InsightReport
from stream.contracts.scores import COLUMNS, LISTS, NUMBERS
from stream.errors import FeatureError
from stream.model.change import instant
from tests.snapshot.history.moments import EVERYBODY, JUNE_MS, WEEK_MS, moment, reconciled, same
from tests.snapshot.logs import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from snapshot.moment import Moment


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history", patience_seconds=1)


def expected(of: Moment, seed: int = 0) -> Enriched:
    """Some unknown, and products that CSV has to take care of."""
    rng, count = np.random.default_rng(seed), len(of)
    numbers = {
        name: np.where(rng.random(count) < 0.3, np.nan, rng.random(count)) for name in NUMBERS
    }
    lists = [
        tuple(f'p"{product}, ж' for product in rng.integers(0, 50, rng.integers(0, 4)).tolist())
        for _ in range(count)
    ]
    report = InsightReport(
        instant=instant(of.instant_ms), created_at=NOW, customers=count, problems=(f"no {seed}",)
    )
    return Enriched(Scores(numbers, dict.fromkeys(LISTS, lists)), report)


def same_scores(found: Scores | None, written: Scores, chosen: np.ndarray) -> None:
    assert found is not None
    rows = np.flatnonzero(chosen).tolist()
    for name in NUMBERS:
        assert found.numbers[name].tobytes() == written.numbers[name][chosen].tobytes()
    for name in LISTS:
        assert found.products[name] == [written.products[name][row] for row in rows]


def test_scores_come_back_to_the_bit(history: History) -> None:
    of = moment()
    told = expected(of)
    history.write(of, reconciled(of), told)
    everybody = np.ones(len(of), np.bool_)
    same_scores(history.scores(JUNE_MS), told.scores, everybody)
    assert history.insights(JUNE_MS) == told.report
    same(history.read(JUNE_MS), of)


def test_only_what_is_asked_for_is_read(history: History) -> None:
    of = moment()
    history.write(of, reconciled(of), expected(of))
    found = history.scores(JUNE_MS, ["clv", "recommended_new"])
    assert found is not None
    assert (list(found.numbers), list(found.products)) == (["clv"], ["recommended_new"])
    with pytest.raises(FeatureError, match="'worth' is none of clv, "):
        history.scores(JUNE_MS, ["worth"])


def test_a_snapshot_of_which_nothing_was_asked_has_neither(history: History) -> None:
    of = moment()
    history.write(of, reconciled(of), expected(of))
    history.write(of, reconciled(of))
    assert history.scores(JUNE_MS) is None
    assert history.insights(JUNE_MS) is None
    assert not set(history.customer(JUNE_MS, EVERYBODY[0])) & set(COLUMNS)
    folder = history.directory / "snapshots"
    assert not list(folder.glob("*/insights-*"))


def test_a_manifest_from_before_there_were_any_is_read(history: History) -> None:
    of = moment()
    history.write(of, reconciled(of))
    (file,) = history.directory.glob("snapshots/*/manifest.json")
    fields = json.loads(file.read_bytes())
    del fields["insights"]
    file.write_text(json.dumps(fields))
    assert history.scores(JUNE_MS) is None
    assert history.insights(JUNE_MS) is None
    same(history.read(JUNE_MS), of)


def test_who_is_erased_goes_with_what_was_expected_of_them(history: History) -> None:
    of = moment()
    told = expected(of)
    history.write(of, reconciled(of), told)
    leaving = EVERYBODY[5:80]
    assert history.erase_all(leaving) == 1
    left = np.array([one not in leaving for one in EVERYBODY])
    same_scores(history.scores(JUNE_MS), told.scores, left)
    assert history.insights(JUNE_MS) == told.report


def test_what_is_let_go_takes_its_report_along(history: History) -> None:
    for weeks in range(3):
        of = moment(JUNE_MS + weeks * WEEK_MS)
        history.write(of, reconciled(of), expected(of, weeks))
    history.retain(count=1)
    (at,) = history.instants()
    found = history.insights(at)
    assert found is not None
    assert found.problems == ("no 2",)
    assert len(list(history.directory.glob("snapshots/*/insights-*.json"))) == 1


def test_one_customer_is_shown_with_them(history: History) -> None:
    of = moment()
    told = expected(of)
    history.write(of, reconciled(of), told)
    row = history.customer(JUNE_MS, EVERYBODY[7])
    for name in NUMBERS:
        number = told.scores.numbers[name][7]
        assert row[name] == (None if np.isnan(number) else number)
    assert tuple(row["recommended"]) == told.scores.products["recommended"][7]


def test_an_export_has_them_in_either_form(history: History, tmp_path: Path) -> None:
    of = moment()
    told = expected(of)
    history.write(of, reconciled(of), told)
    lists = [list(one) for one in told.scores.products["recommended"]]
    history.export(JUNE_MS, tmp_path / "all.parquet")
    assert pq.read_table(tmp_path / "all.parquet")["recommended"].to_pylist() == lists
    history.export(JUNE_MS, tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert [json.loads(row["recommended"]) for row in rows] == lists
    shown = np.array([float(row["clv"] or "nan") for row in rows])
    np.testing.assert_array_equal(shown, told.scores.numbers["clv"])


def test_a_share_is_the_same_customers_at_every_instant(history: History) -> None:
    ids = [f"c{number:05}" for number in range(3_000)]
    first, second = moment(JUNE_MS, ids[:2_500]), moment(JUNE_MS + WEEK_MS, ids[500:], seed=1)
    for each in (first, second):
        history.write(each, reconciled(each))
    some, later = (history.read(at, ["spend"], 0.2) for at in history.instants())
    assert 400 < len(some) < 600
    chosen = set(some.table.ids) | set(later.table.ids)
    for each, whole in ((some, first), (later, second)):
        same(each, history.read(each.instant_ms, ["spend"]).of(inside(whole, chosen)))
    assert len(history.read(JUNE_MS, ["spend"], 0.0)) == 0


def inside(of: Moment, chosen: set[str]) -> np.ndarray:
    return np.array([one in chosen for one in of.table.ids])
