"""Silence is foreseen from what was known, and from nothing that came after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.enriching.churn import LEAST_TESTED, ChurnRisk
from snapshot.enriching import Enrichment
from snapshot.history import History
from stream.errors import FeatureError, InputError
from tests.app.enriching.shop import Shop, shop
from tests.snapshot.history.moments import reconciled

if TYPE_CHECKING:
    from pathlib import Path

    from stream.contracts.insight_report import ChurnQuality

WEEKLY = range(7, 420, 7)
NOW = 399
"""A multiple of 7, as weekly snapshots come to it."""


def risks(history: History, of: Shop, day: int = NOW) -> Enrichment:
    return ChurnRisk(history, 90).enrich(of.moment(day), Enrichment())


def told(found: Enrichment) -> ChurnQuality:
    assert found.churn is not None
    return found.churn


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> tuple[History, Shop]:
    history, of = History(tmp_path_factory.mktemp("history")), shop()
    of.keep(history, WEEKLY)
    return history, of


def test_weekly_snapshots_teach_though_none_lies_90_days_after_another(
    weekly: tuple[History, Shop],
) -> None:
    found = risks(*weekly)
    quality = told(found)
    assert quality.in_time
    assert quality.auc is not None
    assert quality.auc > 0.65
    assert quality.trained_on > quality.customers > 300
    assert sum(one.customers for one in quality.calibration) == quality.customers
    assert quality.brier < quality.silent * (1 - quality.silent)


def test_who_was_silent_already_is_not_scored(weekly: tuple[History, Shop]) -> None:
    history, of = weekly
    found, moment = risks(history, of), of.moment(NOW)
    recency = moment.table.columns(["recency_days"])[:, 0]
    known = ~np.isnan(found.numbers["churn_risk"])
    assert known.tolist() == (recency < 90).tolist()
    scored = found.numbers["churn_risk"][known]
    assert 0 <= scored.min() < scored.max() <= 1
    orders = moment.table.columns(["orders"])[known, 0]
    assert np.corrcoef(scored, orders)[0, 1] < -0.2


def test_each_segment_is_tested_by_those_who_were_in_it_then(
    weekly: tuple[History, Shop],
) -> None:
    found = risks(*weekly)
    tested = {key[1]: fields for key, fields in found.segments.items()}
    assert sum(fields["churn_tested"] for fields in tested.values()) == told(found).customers
    for fields in tested.values():
        assert (fields["churn_auc"] is not None) == (fields["churn_tested"] >= LEAST_TESTED)
    assert sum(fields["churn_auc"] is not None for fields in tested.values()) > 1


def test_the_probability_alive_is_held_against_it(weekly: tuple[History, Shop]) -> None:
    quality = told(risks(*weekly))
    assert quality.alive_auc is not None
    assert quality.alive_brier is not None
    assert 0.4 < quality.alive_auc < 1
    assert quality.alive_brier > quality.brier


def test_nothing_from_after_the_instant_is_known(tmp_path: Path) -> None:
    """Everything after it is another; the history has later snapshots of each, too."""
    of = shop(900)
    other = of.otherwise_after(NOW, seed=5)
    columns = []
    for number, world in enumerate((of, other)):
        history = History(tmp_path / str(number))
        world.keep(history, [*range(21, NOW + 1, 21), NOW + 7, NOW + 91])
        found = risks(history, world)
        columns.append((found.numbers["churn_risk"].tobytes(), found.churn, found.segments))
    assert columns[0] == columns[1]
    assert of.moment(NOW + 91).table.last_purchase_ms.tolist() != (
        other.moment(NOW + 91).table.last_purchase_ms.tolist()
    )


def test_what_is_tested_knew_nothing_from_after_the_instant_of_the_test(tmp_path: Path) -> None:
    """With a snapshot on the very 90th day all are tested, and only their answers differ."""
    split = NOW - 90
    worlds = [shop(900), shop(900).otherwise_after(split, seed=6)]
    found = []
    for number, world in enumerate(worlds):
        history = History(tmp_path / str(number))
        world.keep(history, range(split % 30, NOW, 30))
        found.append(told(risks(history, world)))
    mine, others = found
    assert mine.in_time
    assert others.in_time
    assert mine.customers == others.customers
    for one, other in zip(mine.calibration, others.calibration, strict=True):
        assert (one.customers, one.predicted) == (other.customers, other.predicted)
    assert mine.silent != others.silent


def test_a_killed_jobs_snapshot_of_the_same_instant_is_not_its_past(tmp_path: Path) -> None:
    of, columns = shop(900), []
    for end in (NOW, NOW + 1):
        history = History(tmp_path / str(end))
        of.keep(history, range(NOW % 30, end, 30))
        columns.append(risks(history, of).numbers["churn_risk"].tobytes())
    assert len(history.instants()) == 14
    assert columns[0] == columns[1]


def test_a_young_shop_says_what_it_takes(tmp_path: Path) -> None:
    of, history = shop(900), History(tmp_path)
    with pytest.raises(InputError, match="200 customers are needed of whom is known"):
        risks(history, of)
    of.keep(history, range(350, NOW, 7))
    with pytest.raises(InputError, match="come back later"):
        risks(history, of)


def test_snapshots_that_lack_a_feature_are_said_to(tmp_path: Path) -> None:
    of, history = shop(300), History(tmp_path)
    then = of.moment(200)
    names, features = then.table.names[1:], then.table.features[:, 1:]
    lacking = replace(then, table=replace(then.table, names=names, features=features))
    history.write(lacking, reconciled(lacking))
    of.keep(history, [290])
    with pytest.raises(FeatureError, match="has no feature 'recency_days'"):
        risks(history, of)
