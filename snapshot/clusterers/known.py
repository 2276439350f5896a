"""The clusterers by name, as the settings call them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from pydantic import ValidationError

from snapshot.clusterers.agglomerative import Agglomerative
from snapshot.clusterers.consensus import Consensus
from snapshot.clusterers.density import Dbscan, Hdbscan
from snapshot.clusterers.kmeans import KMeans
from snapshot.clusterers.minibatch import MiniBatch
from snapshot.clusterers.mixture import Mixture
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot.clusterers.clusters import Clusterer
    from snapshot.clusterers.parameters import Parameters

KNOWN: dict[str, type[Parameters]] = {
    "kmeans": KMeans,
    "minibatch": MiniBatch,
    "agglomerative": Agglomerative,
    "gmm": Mixture,
    "dbscan": Dbscan,
    "hdbscan": Hdbscan,
    "consensus": Consensus,
}

CLUSTERERS = tuple(KNOWN)
"""Their names."""

FINDS_K = ("dbscan", "hdbscan")
"""Those that need not be told how many clusters there are."""


def clusterer_of(name: str, parameters: Mapping[str, object] | None = None) -> Clusterer:
    """The clusterer of that name. Raises SettingsError for what it doesn't know."""
    if name not in KNOWN:
        near = difflib.get_close_matches(name, CLUSTERERS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(CLUSTERERS)}"
        raise SettingsError(f"there is no clusterer {name!r}: {hint}")
    made = KNOWN[name]
    try:
        return made.model_validate(dict(parameters or {}))
    except ValidationError as error:
        slip = error.errors()[0]
        raise SettingsError(
            f"clusterer {name!r}: {'.'.join(map(str, slip['loc']))}: {slip['msg'].lower()}; "
            f"its parameters are {', '.join(made.model_fields)}"
        ) from None
