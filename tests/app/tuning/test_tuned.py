"""The table of k, trees that are remembered, the search, and the pictures of it all."""

from __future__ import annotations

import importlib.util
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.tuning.by_k import Way, by_k, way_of
from app.tuning.pictures import charts_of, draw, require_kind
from app.tuning.search import KEPT, Bounds, search
from app.tuning.spaces import SEARCHED, SPACES
from app.tuning.trees import for_many_k
from app.tuning.tuned import Wish, tune
from snapshot.choosing import choose_k
from snapshot.clusterers import CLUSTERERS, clusterer_of
from snapshot.clusterers.agglomerative import LARGEST
from stream.errors import InputError
from tests.app.tuning.populations import with_segments
from tests.snapshot.planted import cloud, planted

if TYPE_CHECKING:
    from pathlib import Path

KMEANS = Way("kmeans", {"starts": 2})


def test_the_table_says_what_a_first_fit_would_take() -> None:
    points, _ = planted(4, 60)
    table = by_k(points, KMEANS, 3, 5)
    assert [one.k for one in table.tried] == [3, 4, 5]
    assert all(one.bootstrap for one in table.tried)
    assert table.chosen == choose_k(points, clusterer_of("kmeans", KMEANS.parameters), 3, 5).k == 4
    assert (table.asked, table.elbow, table.widest, table.within) == (4, 4, 4, True)


def test_of_a_young_shop_it_says_what_its_first_fit_would_take() -> None:
    """Customers in an even line can be cut into three, four and five, each found again."""
    points = np.random.default_rng(0).uniform(0.0, 1.0, (300, 1)) * np.ones(2)
    clusterer = clusterer_of("kmeans", KMEANS.parameters)
    for young, k in ((False, 5), (True, 4)):
        assert by_k(points, KMEANS, 3, 6, young=young).chosen == k
        assert choose_k(points, clusterer, 3, 6, young=young).k == k


def test_a_clusterer_that_finds_the_number_has_one_row() -> None:
    points, _ = planted(4, 60)
    table = by_k(points, Way("hdbscan", {}), 2, 3)
    assert [one.k for one in table.tried] == [4]
    assert (table.asked, table.within) == (None, False)


def test_ward_is_agglomerative_and_the_lens_parameters_stay_with_its_own() -> None:
    own = Way("gmm", {"covariance": "diag"})
    assert way_of("ward", own) == Way("agglomerative", {"linkage": "ward"})
    assert way_of("gmm", own) == own
    assert way_of("kmeans", own) == Way("kmeans", {})


@pytest.mark.parametrize("count", [200, LARGEST + 500])
def test_remembered_trees_make_the_same_clusters(count: int) -> None:
    points = cloud(count)
    remembering = for_many_k("agglomerative", {"linkage": "average"})
    plain = clusterer_of("agglomerative", {"linkage": "average"})
    for k in (5, 3):
        once, again = remembering.fit(points, k), plain.fit(points, k)
        assert (once.labels == again.labels).all()


@pytest.fixture
def needs_optuna() -> None:
    pytest.importorskip("optuna")


@pytest.mark.usefixtures("needs_optuna")
def test_the_search_finds_what_was_planted_and_says_it_twice() -> None:
    points, _ = planted(4, 60)
    names = ("kmeans", "agglomerative", "gmm", "hdbscan")
    found = search(points, 12, Bounds(3, 6, 4), names)
    assert found[0].holds
    assert found[0].tried.k == 4
    assert [one.value for one in found] == sorted((one.value for one in found), reverse=True)
    assert found == search(points, 12, Bounds(3, 6, 4), names)


@pytest.mark.usefixtures("needs_optuna")
def test_what_centres_cannot_say_does_not_hold() -> None:
    turns = np.linspace(0.0, 2.0 * np.pi, 150, endpoint=False)
    around = np.column_stack([np.cos(turns), np.sin(turns)])
    rings = np.vstack([around, 4.0 * around, 8.0 * around])
    found = search(rings, 20, Bounds(2, 4, 3), ("dbscan",))
    assert any(one.kept < KEPT for one in found)
    assert not any(one.holds for one in found if one.kept < KEPT)


@pytest.mark.usefixtures("needs_optuna")
def test_every_clusterer_that_is_searched_is_looked_at_and_its_proposals_are_its_own() -> None:
    points, _ = planted(3, 40)
    found = search(points, len(SEARCHED), Bounds(3, 4, 3))
    looked_at = {one.way.clusterer for one in found}  # of those that made segments
    assert {"kmeans", "agglomerative", "gmm", "consensus"} <= looked_at <= set(SEARCHED)
    for one in found:
        clusterer_of(one.way.clusterer, one.way.parameters)
    assert set(SPACES) < set(SEARCHED) < set(CLUSTERERS)


def test_without_optuna_a_search_is_refused_before_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'shoal\[tune\]'"):
        tune(with_segments(), Wish(trials=3))
    assert tune(with_segments(), Wish(most=4)).k == 4


def test_what_is_chosen_is_said_as_settings() -> None:
    tuned = tune(with_segments(clusterer_parameters={"starts": 2}), Wish(most=5))
    assert tuned.settings() == {
        "k": 4,
        "clusterer": "kmeans",
        "clusterer_parameters": {"starts": 2},
    }
    found = tune(with_segments(), Wish("hdbscan"))
    assert found.settings() == {"k": None, "clusterer": "hdbscan", "clusterer_parameters": None}


@pytest.mark.usefixtures("needs_optuna")
def test_where_nothing_searched_holds_the_table_stays() -> None:
    tuned = tune(with_segments(), Wish("dbscan", 6, 7, trials=10))
    assert tuned.found
    assert not tuned.searched
    assert tuned.settings()["clusterer"] == "kmeans"


@pytest.mark.parametrize(("clusterer", "charts"), [("kmeans", 3), ("ward", 4)])
@pytest.mark.parametrize("kind", [".svg", ".html"])
def test_it_is_drawn_in_one_file_that_can_be_read(
    clusterer: str, charts: int, kind: str, tmp_path: Path
) -> None:
    tuned = tune(with_segments(3, 30), Wish(clusterer, 2, 4))
    assert len(charts_of(tuned)) == charts
    file = tmp_path / f"tune{kind}"
    draw(tuned, file)
    text = file.read_text(encoding="utf-8")
    assert ("<!doctype html>" in text) == (kind == ".html")
    for chart in charts_of(tuned):
        assert chart.title in text
        ET.fromstring(chart.svg())
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_another_kind_of_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"should end in \.html or \.svg"):
        require_kind(tmp_path / "tune.png")
    with pytest.raises(InputError, match="can't be written"):
        draw(tune(with_segments(3, 30), Wish(most=3)), tmp_path / "nowhere" / "tune.svg")
