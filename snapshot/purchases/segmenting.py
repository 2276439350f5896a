"""The fit on folded purchases: the stream's main lens, and everybody placed by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from snapshot.active import are_active
from snapshot.algorithms import algorithm_of
from snapshot.choices import Choices
from snapshot.clusterers.known import FINDS_K
from snapshot.fitting import Enough
from snapshot.measures import measures_of
from snapshot.moment import Moment
from snapshot.naming import name_segments
from snapshot.outliers import are_outliers, outlier_scores
from snapshot.purchases.folding import folded_shop
from snapshot.refitting import refit
from snapshot.table import table_of
from stream.contracts.model import SegmentModel
from stream.model.arrays import Shapes
from stream.model.assignment import assign
from stream.model.change import instant
from stream.model.space import space_of
from stream.profile.catalogue import catalogue
from stream.profile.products import NonProducts
from stream.settings import Settings
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from snapshot.measures import Measures
    from snapshot.table import CustomerTable
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Floats, Ints
    from stream.settings.lenses import LensSpec

LENS = "value"
USUAL_SHARE = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class PurchasesFit:
    """An entry a customer of the table."""

    model: SegmentModel
    table: CustomerTable
    codes: Ints
    """Learned segments in the order of their centroids, then rule segments."""

    confidence: Floats
    outliers: NDArray[np.bool_]
    measures: Measures
    remarks: tuple[str, ...]


def segment_purchases(
    table: pa.Table, k: int | None, algorithm: str, fields: Mapping[str, str] | None
) -> PurchasesFit:
    """With the settings that Shoal comes with."""
    settings = Settings()
    bounds = settings.profiles.bounds(0)
    shop = folded_shop(table, fields or {}, bounds, NonProducts(settings.profiles.non_products))
    names = [feature.name for feature in catalogue(settings.profiles.half_life_days)]
    people = table_of([shop.profiles], names, shop.instant_ms)
    moment = Moment(people, np.zeros(len(people), np.int64), None)
    made = refit(moment, _spec(settings, k, algorithm), None, Choices(enough=Enough(1, 0.0)))
    lens = name_segments(moment, made.fit, None, {})
    at = instant(shop.instant_ms)
    model = SegmentModel(version=1, instant=at, created_at=at, lenses=(lens,))
    centres = np.array([one.position for one in lens.centroids])
    measures = measures_of(made.fit.points, made.fit.labels, centres)
    codes, confidence, outliers = _placed(people, lens)
    return PurchasesFit(model, people, codes, confidence, outliers, measures, shop.remarks)


def _spec(settings: Settings, k: int | None, algorithm: str) -> LensSpec:
    found = algorithm_of(algorithm)
    spec = next(one for one in lens_specs(settings) if one.name == LENS)
    return replace(
        spec,
        k=None if found.clusterer in FINDS_K else k,
        clusterer=found.clusterer,
        clusterer_parameters=found.parameters,
    )


def _placed(people: CustomerTable, lens: LensModel) -> tuple[Ints, Floats, NDArray[np.bool_]]:
    """By rules first, then by the nearest centroid, as tasks do."""
    space = space_of(lens.features)
    points = space.project(people.columns(space.needs))
    positions = np.array([one.position for one in lens.centroids])
    shapes = Shapes(positions, np.arange(len(positions), dtype=np.int64))
    found = assign(shapes, points, lens.pooled_variance)
    codes, confidence = found.segment.copy(), found.confidence.copy()
    free = np.ones(len(people), np.bool_)
    for place, rule in enumerate(lens.rule_segments):
        takes = free & ~are_active(people, [rule])
        codes[takes], confidence[takes] = len(positions) + place, np.nan
        free &= ~takes
    outliers = np.zeros(len(people), np.bool_)
    outliers[free] = are_outliers(outlier_scores(points[free]), USUAL_SHARE)
    return codes, confidence, outliers
