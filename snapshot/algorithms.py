"""The clusterers by the names that people ask for them: Ward and an ensemble among them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

KMEANS = "kmeans"


@dataclass(frozen=True, slots=True)
class Algorithm:
    """As a lens' settings have it."""

    clusterer: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    chosen_by: str = ""
    """Which clusterer is asked how many segments there are."""

    chosen_with: Mapping[str, object] = field(default_factory=dict)


def _merging(linkage: str) -> Algorithm:
    parameters = {"linkage": linkage}
    return Algorithm("agglomerative", parameters, "agglomerative", parameters)


QUICK = {"starts": 3}
"""Of k-means, where it is asked again and again: more starts hardly change what it finds."""

ALGORITHMS: Mapping[str, Algorithm] = {
    KMEANS: Algorithm("kmeans", {}, "kmeans", QUICK),
    "minibatch": Algorithm("minibatch", {}, "minibatch"),
    "ward": _merging("ward"),
    "average": _merging("average"),
    "complete": _merging("complete"),
    "gmm": Algorithm("gmm", {}, "gmm", {"starts": 1}),
    "dbscan": Algorithm("dbscan"),
    "hdbscan": Algorithm("hdbscan"),
    # Many k-means: asking all of them for each number would take minutes, and say the same.
    "ensemble": Algorithm("consensus", {}, "kmeans", QUICK),
}


def algorithm_of(name: str) -> Algorithm:
    """Raises SettingsError for a name that is none.

    >>> algorithm_of("ward").parameters
    {'linkage': 'ward'}
    """
    if name not in ALGORITHMS:
        near = difflib.get_close_matches(name, ALGORITHMS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(ALGORITHMS)}"
        raise SettingsError(f"--algorithm {name}: {hint}")
    return ALGORITHMS[name]
