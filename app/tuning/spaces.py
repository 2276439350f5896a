"""What can be tried of each clusterer: the parameters that change what it finds, and their bounds.

How long a clusterer may take (starts, members) is not among them: more is never worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.clusterers import CLUSTERERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from optuna import Trial

    Space = Callable[[Trial], dict[str, object]]

SEARCHED = tuple(name for name in CLUSTERERS if name != "minibatch")
"""Mini-batches look for what k-means looks for, and find it less exactly."""


def parameters_for(trial: Trial, clusterer: str) -> dict[str, object]:
    """A proposal; empty for those without anything to try."""
    space = SPACES.get(clusterer)
    return space(trial) if space else {}


def _agglomerative(trial: Trial) -> dict[str, object]:
    linkages = ("ward", "average", "complete")
    return {"linkage": trial.suggest_categorical("agglomerative linkage", linkages)}


def _gmm(trial: Trial) -> dict[str, object]:
    shapes = ("full", "tied", "diag", "spherical")
    return {"covariance": trial.suggest_categorical("gmm covariance", shapes)}


def _dbscan(trial: Trial) -> dict[str, object]:
    return {
        "eps": round(trial.suggest_float("dbscan eps", 0.05, 2.0, log=True), 3),
        "neighbours": trial.suggest_int("dbscan neighbours", 5, 50),
    }


def _hdbscan(trial: Trial) -> dict[str, object]:
    return {
        "smallest": round(trial.suggest_float("hdbscan smallest", 0.02, 0.2, log=True), 3),
        "neighbours": trial.suggest_int("hdbscan neighbours", 2, 50),
    }


SPACES: dict[str, Space] = {
    "agglomerative": _agglomerative,
    "gmm": _gmm,
    "dbscan": _dbscan,
    "hdbscan": _hdbscan,
}
