"""How well the running segments follow, how little they move people, and how well they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.quality.aims import Aim, Table, figures_of
from snapshot.alignment import align

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.quality.lived import Lived

PERMUTATIONS = 24
LENS = "value"

FOLLOWING = (
    Aim("agreement_model.mean", "running centroids agree with the batch, mean", 0.975, None, True),
    Aim("agreement_model.p10", "… in the worst tenth of weeks", 0.94, None, True),
    Aim("agreement.mean", "published segments agree with the batch, mean", 0.95, None, True),
    Aim("agreement.p10", "… in the worst tenth of weeks", 0.90, None, True),
    Aim("tracking_gain", "gained by learning, over frozen centroids", 0.0, None, True),
    Aim("inertia_ratio", "inertia of the running centroids over the batch's", None, 1.01),
)
MOVING = (
    Aim("relabelled", "active customers moved by a weekly refit, mean", None, 0.03, True),
    Aim("permuted", "customers moved by permuted raw labels", None, 0.0, True),
    Aim("flaps", "flaps (there and back within 7 days)", None, 0.1),
    Aim("round_trips", "round trips within 30 days", None, 13.0),
)
HOLDING = (
    Aim("stability", "bootstrap ARI of the chosen k, least", 0.8),
    Aim("smallest_segment", "smallest learned segment of any version", 0.05, None, True),
    Aim("k", "segments chosen"),
    Aim("silhouette", "silhouette, mean"),
    Aim("models", "versions of the model"),
)


def measured(lives: Sequence[Lived], reported: frozenset[str]) -> list[Table]:
    """All of it, of every dataset."""
    tables = (
        (
            "Following",
            "Just before each weekly refit, over active customers. The batch is k-means started "
            "from the running segments, with a new scale.",
            FOLLOWING,
        ),
        (
            "Moving",
            "Flaps and round trips count learned segments only, per 100 active customers and 30 "
            "days.",
            MOVING,
        ),
        ("Holding", "Of the versions that were published.", HOLDING),
    )
    return [
        Table(title, says, aims, {life.name: _figures(life, aims) for life in lives}, reported)
        for title, says, aims in tables
    ]


def _figures(life: Lived, aims: tuple[Aim, ...]) -> dict[str, float | None]:
    own = {"permuted": _permuted, "stability": _stability, "k": _segments}
    return figures_of(aims, lambda key: own[key](life) if key in own else _told(life.summary, key))


def _told(summary: dict[str, Any], key: str) -> float | None:
    value: Any = summary
    for part in key.split("."):
        value = value and value.get(part)
    return None if value is None else float(value)


def _stability(life: Lived) -> float | None:
    """Of fits from scratch, where k was chosen."""
    fits = [lens.fit for one in life.seen if one.found.model for lens in one.found.model.lenses]
    found = [fit.stability for fit in fits if fit is not None and fit.fresh and fit.stability]
    return min(found) if found else None


def _segments(life: Lived) -> float | None:
    lens = life.end.lenses.get(LENS)
    return float(len(lens.running[0].segments)) if lens else None


def _permuted(life: Lived) -> float | None:
    """Each snapshot's own labels under other numbers, aligned: the most who change."""
    worst = None
    for place, one in enumerate(life.seen):
        fit = one.found.fits.get(LENS)
        if fit is None:
            continue
        count = len(fit.lens.centroids)
        chance = np.random.default_rng(place)
        for _ in range(max(1, PERMUTATIONS // len(life.seen))):
            other = chance.permutation(count)[fit.labels]
            heirs = align(fit.labels, other, count, count).heirs
            worst = max(worst or 0.0, float((heirs[other] != fit.labels).mean()))
    return worst
