"""A lens as a model has it: its space, its centroids, and the rules around them.

Everything that assignment needs, so that a task that has the model needs nothing else.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from stream.contracts.base import Part, Text
from stream.contracts.meaning import Word
from stream.contracts.segment import SegmentRef

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]


class Transform(Word):
    """What is done to a feature before it is scaled."""

    IDENTITY = ("identity", "Nothing.")
    LOG1P = ("log1p", "log(1 + x / unit), negative values as 0.")
    ARCSINE_SQRT = ("arcsine_sqrt", "asin(sqrt(x)), for shares.")


class Shrinkage(Part):
    """A share drawn toward the population's, so that one purchase at night makes no night owl.

    (share * orders + toward * weight) / (orders + weight)
    """

    toward: Share
    """The population's share when the model was fitted."""

    weight: Annotated[float, Field(ge=0)]
    """How many orders' worth."""


class ModelFeature(Part):
    """One axis of the space: (transform(shrunk value) - centre) / scale."""

    name: Text
    """Its name in the catalogue, half-life included: `spend_d90`."""

    transform: Transform
    """What is done to it before it is scaled."""

    unit: Positive = 1.0
    """What a logarithm counts as one: of money what a usual line is worth, so that segments are
    the same in every currency."""

    centre: float
    """What is taken off, after the transform."""

    scale: Positive
    """What it is divided by then; never below its floor."""

    shrinkage: Shrinkage | None = None
    """What it is drawn toward before all else, where it is a share."""


class NamedBy(Word):
    """Who said what a segment is called."""

    HAND = ("hand", "Whoever made the model. The name stays.")
    PROFILE = ("profile", "Its profile. The name stays until the profile has moved.")
    SETTINGS = ("settings", "`[names]` in the settings. The name stays as long as it stands there.")


class Effect(Part):
    """How far a segment lies from all active customers in one feature."""

    feature: Text
    """Its name in the catalogue."""

    effect: float
    """The segment's mean minus that of all active customers, after the feature's transform, in
    standard deviations of these."""


class Importance(Part):
    """How much one axis has to do with what segments are."""

    feature: Text
    """Its name in the catalogue."""

    share: Share
    """Its part of the squared distance between the segments; all axes add up to 1."""

    effect: float | None = None
    """Of one segment: how far it lies from all active customers, in standard deviations."""


class Centroid(Part):
    """The present shape of a segment."""

    segment: SegmentRef
    """The segment that it stands for."""

    position: Annotated[tuple[float, ...], Field(min_length=1)]
    """Where it lies, in the order of the features."""

    customers: Count = 0
    """How many customers of the fit are nearest to it."""

    description: str = ""
    """The segment in plain words, made of its members' numbers at the fit; empty where nobody
    looked."""

    named_by: NamedBy = NamedBy.HAND
    """Who said what the segment is called."""

    named_for: tuple[Effect, ...] = ()
    """How it lay when its profile named it, so that it can be seen how far it has moved since."""

    importance: tuple[Importance, ...] = ()
    """Axis by axis, what sets the segment apart from all active customers."""


class Rule(Word):
    """A rule that makes a segment without a fit."""

    DORMANT = ("dormant", "No purchase (a return is none) for `after_days`.")
    NO_NET_SPEND = (
        "no_net_spend",
        "The lens' `steady_spend_d90`, or else `spend_d90`, is 0 or less.",
    )


class RuleSegment(Part):
    """A segment outside the fit. Its members have no distance, margin or confidence."""

    segment: SegmentRef
    """The segment that members are in."""

    rule: Rule
    """Who is a member."""

    after_days: Positive | None = None
    """How long it takes, where the rule is about time."""

    description: str = ""
    """The segment in plain words; empty where nobody looked."""

    @model_validator(mode="after")
    def _says_how_long(self) -> Self:
        if (self.rule is Rule.DORMANT) != (self.after_days is not None):
            raise ValueError("after_days belongs to the rule dormant, and only to it")
        return self


class Transition(Part):
    """When a customer moves from one learned segment to another."""

    margin: Annotated[float, Field(ge=0)] = 0.10
    """By how much nearer the new centroid has to be."""

    return_guard_days: Annotated[float, Field(ge=0)] = 7.0
    """How long nobody goes back to the segment just left."""


class Learning(Part):
    """How the centroids go on moving between versions, in the daily sweep."""

    on: bool = True
    """Off after the tracking gain was negative three times running."""

    step_factor: Positive = 1.5
    """The step is this, times the number of centroids, by active customers on the partition."""

    largest_step: Annotated[float, Field(gt=0, le=1)] = 0.05
    """The step at most."""


class Fit(Part):
    """What the centroids came from, for those who compare versions."""

    customers: Count
    """How many customers it was fitted on."""

    outliers: Count = 0
    """How many were left out of the fit (they are assigned all the same)."""

    fresh: bool
    """False for a warm start from the version before."""

    inertia: Annotated[float, Field(ge=0)]
    """The mean squared distance to the nearest centroid."""

    silhouette: Annotated[float, Field(ge=-1, le=1)] | None = None
    """How well separated the segments are."""

    stability: Annotated[float, Field(ge=-1, le=1)] | None = None
    """The bootstrap ARI; measured at fresh fits only."""

    chosen_inertia: Annotated[float, Field(ge=0)] | None = None
    """The least inertia since the number of segments was last chosen by its stability; null where
    it was said."""


class LensModel(Part):
    """One lens of a model."""

    lens: Text
    """Its name, such as `value`."""

    features: Annotated[tuple[ModelFeature, ...], Field(min_length=1)]
    """The axes of its space."""

    centroids: Annotated[tuple[Centroid, ...], Field(min_length=1)]
    """The learned segments' shapes."""

    pooled_variance: Positive
    """The variance around the centroids, per axis; what confidence is computed with."""

    rule_segments: tuple[RuleSegment, ...] = ()
    """The segments outside the fit; the first whose rule holds is the customer's."""

    transition: Transition = Transition()
    """When customers move."""

    learning: Learning = Learning()
    """How the centroids move."""

    next_segment: Annotated[int, Field(ge=1)]
    """The number of the next segment to be born: none is ever given twice."""

    fit: Fit | None = None
    """What the centroids came from; null for a model made by hand."""

    importance: tuple[Importance, ...] = ()
    """Axis by axis, what sets the segments apart from each other."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        names = [feature.name for feature in self.features]
        if len(set(names)) < len(names):
            raise ValueError("features should have names of their own")
        for centroid in self.centroids:
            if len(centroid.position) != len(names):
                raise ValueError(
                    f"centroid of {centroid.segment.id} should have {len(names)} coordinates, "
                    f"one for each feature, not {len(centroid.position)}"
                )
        refs = [centroid.segment for centroid in self.centroids]
        refs += [rule.segment for rule in self.rule_segments]
        if len({ref.id for ref in refs}) < len(set(refs)):
            raise ValueError("a segment should have the same name wherever it is named")
        return self
