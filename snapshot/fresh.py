"""A fit from scratch, as a lens' settings ask for it: which clusterer, how many, how stable.

Apart from those that make a model of it: the first fit, and a refit whose warm start falls short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snapshot.choosing import choose_k
from snapshot.clusterers import as_on_the_stream, clusterer_of
from snapshot.clusterers.known import FINDS_K
from snapshot.stability import bootstrap_ari

if TYPE_CHECKING:
    from stream.model.arrays import Floats
    from stream.settings.lenses import LensSpec


@dataclass(frozen=True, slots=True, eq=False)
class Fresh:
    """What a fit from scratch came to."""

    centres: Floats
    stability: float
    """The bootstrap ARI."""


def fresh_fit(
    points: Floats, spec: LensSpec, k: int | None = None, *, young: bool = False
) -> Fresh:
    """With `k` segments, else as many as the lens says, else as many as are stable."""
    clusterer = clusterer_of(spec.clusterer, spec.clusterer_parameters)
    asked, stability = k or spec.k, None
    if asked is None and spec.clusterer not in FINDS_K:
        choice = choose_k(points, clusterer, young=young)
        asked, stability = choice.k, choice.chosen.stability
    centres = as_on_the_stream(points, clusterer.fit(points, asked)).centres
    assert centres is not None  # where there is none, nobody can be assigned, which is refused
    if stability is None:
        stability = bootstrap_ari(points, asked, clusterer.fit)
    return Fresh(centres, stability)
