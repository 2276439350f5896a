"""docs/tuning.md has every clusterer, its parameters, and the bounds that hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from snapshot.choosing import CERTAIN, FOUND_AGAIN, LEAST, MOST, SLIVER, STABLE
from snapshot.clusterers import CLUSTERERS, agglomerative, consensus, density, kmeans, mixture
from snapshot.clusterers.known import FINDS_K, KNOWN
from snapshot.outliers import ORDINARY, PER_TREE, TREES
from snapshot.stability import ROUNDS

TEXT = (Path(__file__).parents[2] / "docs/tuning.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.split())
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (asked for|found) \| (.+?) \|$", TEXT, re.MULTILINE)

LARGEST = {
    "kmeans": kmeans.LARGEST,
    "agglomerative": agglomerative.LARGEST,
    "gmm": mixture.LARGEST,
    "dbscan": density.LARGEST_DBSCAN,
    "hdbscan": density.LARGEST_HDBSCAN,
    "consensus": consensus.LARGEST,
}


def test_every_clusterer_stands_there_in_order() -> None:
    assert [name for name, *_ in ROWS] == list(CLUSTERERS)
    assert {name for name, _, k, _ in ROWS if k == "found"} == set(FINDS_K)


@pytest.mark.parametrize(("name", "parameters"), [row[:2] for row in ROWS])
def test_with_its_parameters_and_their_defaults(name: str, parameters: str) -> None:
    said = {
        key: (number or text or "None")
        for key, number, text in re.findall(
            r'`(\w+)` (?:= (?:([0-9.]+)(?=[:;,]|$)|"(\w+)")|unset)', parameters
        )
    }
    fields = KNOWN[name].model_fields
    assert said == {key: str(field.default) for key, field in fields.items()}


@pytest.mark.parametrize(("name", "larger"), [(row[0], row[3]) for row in ROWS])
def test_and_its_bound(name: str, larger: str) -> None:
    found = re.search(r"above ([0-9,]+)", larger)
    assert (int(found[1].replace(",", "")) if found else None) == LARGEST.get(name)


def test_the_rule_is_the_one_that_chooses() -> None:
    assert f"ARI of at least {STABLE}, a weakest segment of at least {FOUND_AGAIN}" in WORDS
    assert f"as good as certain (an ARI of {CERTAIN})" in WORDS
    assert f"no segment under {SLIVER * 100:g} %" in WORDS
    assert f"({LEAST} to {MOST})" in WORDS
    assert f"{ROUNDS} times as many customers are drawn" in WORDS
    assert f"({TREES} trees of {PER_TREE} customers)" in WORDS
    assert f"above {ORDINARY}" in WORDS
