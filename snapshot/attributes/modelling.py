"""A table's clusters as a model: named, described, measured, and ready to assign others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from snapshot.attributes.contract import Members, Quality, TableModel
from snapshot.attributes.naming import named_segments
from snapshot.attributes.placing import Placing
from snapshot.batch_fit import BatchFit
from snapshot.clusterers.clusters import NOISE
from snapshot.clusterers.known import FINDS_K
from snapshot.clusterers.sampling import sampled_rows
from snapshot.explaining.importance import importance
from snapshot.explaining.profiles import profiles_of
from snapshot.numbering import segment_id
from stream.contracts.lens import Centroid, Fit, LensModel, NamedBy
from stream.contracts.segment import SegmentRef

if TYPE_CHECKING:
    from snapshot.attributes.clustering import Clustered
    from snapshot.attributes.naming import Named
    from snapshot.attributes.preparing import Prepared
    from snapshot.moment import Moment

LENS = "customers"
MOST_MEMBERS = 2_000
LEAST_VARIANCE = 1e-12


def modelled(
    moment: Moment, axes: Prepared, found: Clustered, id_column: str | None, algorithm: str
) -> tuple[TableModel, BatchFit]:
    """By centroids; where the clusterer found shapes of its own, as DBSCAN does, by members."""
    everybody = np.ones(len(moment), np.bool_)
    lens = _lens(axes, found)
    fit = BatchFit(
        lens, everybody, found.labels, found.points, found.outlier_scores, found.outliers
    )
    named = named_segments(profiles_of(moment, fit), axes.columns)
    fit = replace(fit, lens=_with_words(fit, named))
    model = TableModel(
        id_column=id_column,
        columns=axes.columns,
        algorithm=algorithm,
        lens=fit.lens,
        quality=_quality(found),
        members=_members(found) if algorithm in FINDS_K else None,
        kinds=tuple(one.kind for one in named) if all(one.kind for one in named) else (),
    )
    predicted = Placing(model).place(found.points).labels
    agreement = float((predicted == found.labels)[~found.outliers].mean())
    return model.model_copy(update={"agreement": agreement}), fit


def _lens(axes: Prepared, found: Clustered) -> LensModel:
    fitted = int((~found.outliers).sum())
    return LensModel(
        lens=LENS,
        features=axes.features,
        centroids=tuple(_centroid(found, place) for place in range(len(found.centres))),
        pooled_variance=max(found.variance, LEAST_VARIANCE),
        next_segment=len(found.centres) + 1,
        fit=Fit(
            customers=fitted,
            outliers=len(found.points) - fitted,
            fresh=True,
            inertia=found.measures.inertia,
            silhouette=found.measures.silhouette,
            stability=found.stability,
        ),
    )


def _centroid(found: Clustered, place: int) -> Centroid:
    number = place + 1
    return Centroid(
        segment=SegmentRef(id=segment_id(LENS, number), name=f"Segment {number}"),
        position=tuple(found.centres[place].tolist()),
        customers=found.sizes[place],
        named_by=NamedBy.PROFILE,
    )


def _with_words(fit: BatchFit, named: list[Named]) -> LensModel:
    important = importance(fit)
    centroids = tuple(
        centroid.model_copy(
            update={
                "segment": SegmentRef(id=centroid.segment.id, name=one.name),
                "description": one.description,
                "importance": important.segments[centroid.segment.id],
            }
        )
        for centroid, one in zip(fit.lens.centroids, named, strict=True)
    )
    return fit.lens.model_copy(update={"centroids": centroids, "importance": important.model})


def _quality(found: Clustered) -> Quality:
    measures = found.measures
    return Quality(
        inertia=measures.inertia,
        silhouette=measures.silhouette,
        davies_bouldin=measures.davies_bouldin,
        calinski_harabasz=measures.calinski_harabasz,
        stability=found.stability,
        smallest_share=measures.smallest_share,
    )


def _members(found: Clustered) -> Members:
    """Who is in a segment, or a sample of them; as near as nearly all of them have a neighbour."""
    from sklearn.neighbors import NearestNeighbors

    inside = np.flatnonzero(found.labels > NOISE)
    rows = inside[sampled_rows(len(inside), MOST_MEMBERS)]
    points = found.points[rows]
    search = NearestNeighbors(n_neighbors=min(2, len(rows)), n_jobs=1).fit(points)
    away = search.kneighbors(points)[0][:, -1]
    return Members(
        positions=tuple(map(tuple, points.tolist())),
        segments=tuple(found.labels[rows].tolist()),
        reach=max(float(np.quantile(away, 0.99)), LEAST_VARIANCE),
    )
