"""One run of `shoal tune`: the table of k, the search where it is asked for, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.tuning.by_k import Way, by_k, way_of
from app.tuning.search import Bounds, require_optuna, search
from app.tuning.spaces import SEARCHED
from snapshot.clusterers import clusterer_of
from snapshot.clusterers.agglomerative import Agglomerative
from snapshot.clusterers.sampling import sampled_rows
from snapshot.clusterers.tree import tree_of

if TYPE_CHECKING:
    from app.tuning.by_k import ByK
    from app.tuning.population import Population
    from app.tuning.search import Found
    from snapshot.clusterers.tree import Tree
    from stream.model.arrays import Floats, Ints

KMEANS = Way("kmeans", {})
TREE_OF = 2_000
"""Customers that a tree is drawn of."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    clusterer: str | None = None
    """None: the lens' own, and all of them where it is searched."""

    least: int = 3
    most: int = 8
    trials: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """The tree of a sample, with who is in it."""

    tree: Tree
    rows: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """What it came to."""

    population: Population
    table: ByK
    found: tuple[Found, ...]
    """Of the search, the best first."""

    grown: Grown | None
    """Where the clusterer is one that merges."""

    @property
    def way(self) -> Way:
        return self.found[0].way if self.searched else self.table.way

    @property
    def k(self) -> int:
        return self.found[0].tried.k if self.searched else self.table.chosen

    @property
    def searched(self) -> bool:
        """Whether the search found anything that holds; else the table's k stays."""
        return bool(self.found) and self.found[0].holds

    def settings(self) -> dict[str, object]:
        """As `[lenses.NAME]` has them; None where a key has no place there."""
        return {
            "k": self.found[0].asked if self.searched else self.table.asked,
            "clusterer": self.way.clusterer,
            "clusterer_parameters": dict(self.way.parameters) or None,
        }


def tune(population: Population, wish: Wish) -> Tuned:
    """Raises InputError where the search is asked for and Optuna is not there.

    Where the search is to find the parameters of a clusterer that can't be told the number of
    segments, the table is k-means', to compare.
    """
    if wish.trials:
        require_optuna()
    spec = population.spec
    own = Way(spec.clusterer, spec.clusterer_parameters)
    way = way_of(wish.clusterer, own) if wish.clusterer else own
    shown = KMEANS if way.finds_k and wish.trials else way
    table = by_k(population.points, shown, wish.least, wish.most, young=population.young)
    found: tuple[Found, ...] = ()
    if wish.trials:
        names = SEARCHED if wish.clusterer is None else (way.clusterer,)
        bounds = Bounds(wish.least, wish.most, table.chosen)
        found = search(population.points, wish.trials, bounds, names)
    return Tuned(population, table, found, _grown(population.points, shown))


def _grown(points: Floats, way: Way) -> Grown | None:
    clusterer = clusterer_of(way.clusterer, way.parameters)
    if not isinstance(clusterer, Agglomerative):
        return None
    rows = sampled_rows(len(points), TREE_OF)
    return Grown(tree_of(points[rows], clusterer.linkage), rows)
