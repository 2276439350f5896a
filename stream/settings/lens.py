"""One lens as it is set up: `[lenses.NAME]`.

Apart from `lenses`, which fills in what is left out, because that depends on the lens' name and
on the half-life.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from stream.contracts.lens import Transform
from stream.settings.section import Section

ClustererName = Literal[
    "kmeans", "minibatch", "agglomerative", "gmm", "dbscan", "hdbscan", "consensus"
]
Scaler = Literal["robust", "standard"]
Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]

BUILT_IN_LEARNER = "KMeans"


class FeatureSettings(Section):
    """A feature of a lens that isn't treated as its others."""

    name: str
    """Its name in the catalogue."""

    transform: Transform | None = None
    """What is done to it before it is scaled. Unset: as the catalogue says."""

    scaler: Scaler | None = None
    """Unset: as the lens says."""

    shrink_orders: Weight | None = None
    """Unset: as the lens says."""


def _as_tables(features: Any) -> Any:
    """A name alone is a feature with nothing special about it."""
    if not isinstance(features, list | tuple):
        return features
    return tuple({"name": each} if isinstance(each, str) else each for each in features)


class LensSettings(Section):
    """One way of looking at customers. All but `features` and `learner` goes into the model when
    it is fitted, and holds from where that model is taken up."""

    features: Annotated[
        tuple[FeatureSettings, ...] | None, BeforeValidator(_as_tables), Field(min_length=1)
    ] = None
    """The features that customers are compared by: names, or tables of `name`, `transform`
    (`identity`, `log1p`, `arcsine_sqrt`), `scaler` and `shrink_orders`. Unset: the lens' own, for
    `value` and `habits`. Others need `shoal rebuild`. As a variable, a JSON list."""

    k: Annotated[int | None, Field(ge=2, le=100)] = None
    """How many segments to learn, where the fit isn't told by `--k`."""

    clusterer: ClustererName = "kmeans"
    """What a fit finds segments with. Unless it is `kmeans`, `shoal tune` shows first whether
    centroids can stand for what it finds."""

    clusterer_parameters: dict[str, object] = Field(default_factory=dict)
    """What that clusterer is made with, as docs/tuning.md lists it; as a variable, a JSON
    object."""

    outliers: Annotated[float, Field(ge=0, le=0.2)] = 0.0
    """The share of active customers at most that a fit leaves out because they are like nobody
    else. They are assigned all the same. 0: nobody is screened."""

    scaler: Scaler | None = None
    """`robust` (median and interquartile range) or `standard` (mean and standard deviation).
    Unset: `standard` for `habits`, else `robust`."""

    shrink_orders: Weight = 2
    """By how many orders' worth decayed shares (`night_share_d90`) are drawn toward the
    population's share. 0: not at all."""

    margin: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 0.10
    """By how much nearer another segment has to be before a customer moves there."""

    return_guard_days: Annotated[float, Field(ge=0, le=3650, allow_inf_nan=False)] = 7
    """For how long nobody goes back to the segment just left."""

    dormant_days: Annotated[float, Field(gt=0, le=36_500, allow_inf_nan=False)] = 90
    """After how long without a purchase a customer is in the segment Dormant."""

    no_net_spend: bool | None = None
    """Whether customers who kept nothing of what they paid for are a segment of their own. Unset:
    in `value` only."""

    learning: bool = True
    """Whether the centroids go on learning, once a day, between models."""

    step_factor: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 1.5
    """How far: the step is this, times the number of centroids, by the number of active customers
    on the partition."""

    largest_step: Annotated[float, Field(gt=0, le=1)] = 0.05
    """But never more than this."""

    learner: str = BUILT_IN_LEARNER
    """What learns: `KMeans` (River's, compiled), or another of `river.cluster` by its name, through
    River's own API and far slower. Another needs `shoal rebuild`."""

    learner_parameters: dict[str, object] = Field(default_factory=dict)
    """What that other learner is made with; as a variable, a JSON object."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.learner == BUILT_IN_LEARNER and self.learner_parameters:
            raise ValueError(
                "learner_parameters are for another learner than KMeans, whose step is set by "
                "step_factor and largest_step: name one as learner, or leave them out"
            )
        return self
