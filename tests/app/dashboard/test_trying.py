"""A try is what `shoal segment` finds, and a comparison what `shoal backtest` does."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.backtest.backtest import backtest
from app.backtest.source import Source
from app.backtest.variants import variants
from app.dashboard.comparing import choices, compared
from app.dashboard.given import Given
from app.dashboard.one_run import Patience
from app.dashboard.trying import Answer, settings_for, tried
from app.segmenting import Wanted, customer_table, segmented
from app.wiring import Wiring
from producers.reading.dataset import ReadOptions
from producers.replaying.prepared import Choices
from stream.cadence import EventCadence
from stream.errors import InputError, SourceError
from stream.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.dashboard.small_shop import SmallShop


def quietly(told: str) -> None:
    """To nobody."""


FEW = "who,when,paid\nann,2025-01-03,12\nbob,2025-01-04,3\n"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(None, {})


def file_of(shop: SmallShop) -> Given:
    file = shop.folder / "shop.csv.gz"
    return Given(file.name, file.read_bytes())


@pytest.fixture(scope="module")
def answer(small_shop: SmallShop, settings: Settings) -> Answer:
    said: list[str] = []
    chosen = settings_for(settings, "kmeans", 3)
    found = tried(file_of(small_shop), chosen, Patience(), said.append)
    assert said[-1] == "Trying other numbers of segments"
    return found


def test_it_finds_what_the_command_finds(
    answer: Answer, small_shop: SmallShop, settings: Settings
) -> None:
    chosen = settings_for(settings, "kmeans", 3)
    source = Source((str(small_shop.folder / "shop.csv.gz"),), ReadOptions(), Choices())
    done = segmented(Wiring(chosen), Wanted(source, chosen, small_shop.folder), Patience())
    expected = customer_table(done, chosen).to_pylist()
    rows = list(csv.DictReader(io.StringIO(answer.customers_csv.decode())))
    assert [row["customer_id"] for row in rows] == [row["customer_id"] for row in expected]
    assert [row["segment_id"] for row in rows] == [row["segment_id"] for row in expected]
    assert answer.transactions == done.run.rows


def test_segments_have_everybody_with_their_means_and_money(answer: Answer) -> None:
    rows = list(csv.DictReader(io.StringIO(answer.customers_csv.decode())))
    assert answer.customers == len(rows) == sum(one.customers for one in answer.segments)
    assert sum(one.share for one in answer.segments) == pytest.approx(1.0)
    for one in answer.segments:
        own = [float(row["spend"]) for row in rows if row["segment_id"] == one.segment_id]
        assert len(own) == one.customers
        assert one.revenue == pytest.approx(sum(own))
        assert one.means["spend"] == pytest.approx(np.mean(own))
    assert answer.k == 3


def test_curves_are_by_number_and_inertia_falls(answer: Answer) -> None:
    assert [one.k for one in answer.curves] == sorted(one.k for one in answer.curves)
    assert answer.curves[0].k == 2
    inertia = [one.inertia for one in answer.curves]
    assert inertia == sorted(inertia, reverse=True)


@pytest.mark.parametrize(("clusterer", "k"), [("agglomerative", 3), ("hdbscan", None)])
def test_another_algorithm_makes_segments_too(
    small_shop: SmallShop, settings: Settings, clusterer: str, k: int | None
) -> None:
    chosen = settings_for(settings, clusterer, k)
    found = tried(file_of(small_shop), chosen, Patience(), quietly)
    assert sum(one.customers for one in found.segments) == found.customers
    assert bool(found.curves) == (k is not None)  # one that finds the number has none to compare


def test_a_handful_of_customers_is_an_answer_or_a_sentence(settings: Settings) -> None:
    said = {"customer_id": "who", "occurred_at": "when", "amount": "paid"}
    given = Given("few.csv", FEW.encode()).read_by(said)
    with pytest.raises(InputError):
        tried(given, settings_for(settings, "kmeans", 5), Patience(), quietly)


def test_nonsense_is_a_sentence(settings: Settings) -> None:
    said = {"customer_id": "who", "occurred_at": "when", "amount": "paid"}
    given = Given("few.csv", b"who,when,paid\nann,never,much\n").read_by(said)
    with pytest.raises(InputError):
        tried(given, settings_for(settings, "kmeans", 3), Patience(), quietly)
    with pytest.raises(SourceError):
        Given("few.csv", b"").read_by(said).columns()


def test_one_lens_alone_is_fitted(settings: Settings) -> None:
    chosen = settings_for(settings, "gmm", None)
    assert list(chosen.lenses) == ["value"]
    assert chosen.lenses["value"].clusterer == "gmm"
    assert chosen.lenses["value"].k is None
    assert settings_for(settings, "kmeans", 4).lenses["value"].k == 4


def test_a_comparison_is_what_a_backtest_finds(small_shop: SmallShop, settings: Settings) -> None:
    patience, given = Patience(), file_of(small_shop)
    found = compared(given, settings, [3], [0.0, 0.3], patience, quietly)
    assert found.share == 1.0
    tables = settings.model_dump(exclude_none=True)
    tables["lenses"] = {"value": tables["lenses"]["value"] | {"k": 3}}
    tables["snapshot"]["least_customers"] = 50
    asked = variants(Settings.model_validate(tables), EventCadence(7), ["margin=0,0.3"])
    with given.source() as source:
        ran = backtest(source, asked, Wiring(settings).topics(1), patience)
    weekly = [one.summary["changes_a_week"] for one in ran]
    assert [one.changes_a_week for one in found.outcomes] == weekly
    assert weekly[0] > weekly[1]
    assert [one.margin for one in found.outcomes] == [0.0, 0.3]


def test_too_many_choices_are_refused(settings: Settings) -> None:
    with pytest.raises(InputError, match="combinations"):
        choices(settings, [None, 3, 4, 5, 6], [0.0, 0.1, 0.2])
    with pytest.raises(InputError, match="combinations"):
        choices(settings, [], [0.0])


def test_so_short_a_time_that_no_model_comes_is_said(settings: Settings, tmp_path: Path) -> None:
    said = {"customer_id": "who", "occurred_at": "when", "amount": "paid"}
    given = Given("few.csv", FEW.encode()).read_by(said)
    with pytest.raises(InputError, match="no model came of it"):
        compared(given, settings, [3], [0.1], Patience(), quietly)
