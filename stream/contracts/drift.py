"""`DriftReport`: what a snapshot found, lens by lens, and what it decided."""

from typing import Annotated, Literal

from pydantic import Field

from stream.contracts.alert import Alert, Decision
from stream.contracts.base import Message, Part, Text, Version
from stream.contracts.instant import Instant
from stream.contracts.lens import Count, Share
from stream.contracts.segment import SegmentRef

NotNegative = Annotated[float, Field(ge=0)]
Correlation = Annotated[float, Field(ge=-1, le=1)]


class Decomposition(Part):
    """A difference, split by where it comes from; the parts add up to it."""

    mix: float
    """Who is there."""

    behaviour: float
    """What they do."""

    model: float
    """Where the lines between segments are."""


class Interval(Part):
    """Where the true value lies, 19 times in 20: the wider the fewer customers there are."""

    low: NotNegative
    """Its lower end; 0 where chance alone explains what was measured."""

    high: NotNegative
    """Its upper end."""


class FeatureDrift(Part):
    """How one feature differs from what it was when the model was fitted."""

    feature: Text
    """Its name in the catalogue."""

    before: float
    """Its mean over active customers then, transformed as the model has it, not scaled."""

    after: float
    """The same over active customers now."""

    psi: NotNegative | None = None
    """The population stability index. A gauge: it raises no alert."""

    psi_interval: Interval | None = None
    """How sure that is."""

    wasserstein: NotNegative | None = None
    """The distance between the two distributions, in the model's scale. A gauge."""

    wasserstein_interval: Interval | None = None
    """How sure that is."""

    split: Decomposition | None = None
    """Where the difference comes from."""


class SegmentDrift(Part):
    """How one segment differs from what it was."""

    segment: SegmentRef
    """The segment."""

    learned: bool = True
    """Whether it came from a fit; false for one made by a rule."""

    customers: Count
    """How many are in it."""

    share: Share
    """Of active customers; of all customers for a rule segment."""

    customers_before: Count | None = None
    """How many were in it a week earlier."""

    share_before: Share | None = None
    """Their share then."""

    share_log_ratio: float | None = None
    """log(share / share_before), half a customer standing for none."""

    share_noise: NotNegative | None = None
    """What chance makes of that ratio (one standard error), going by who came and who went."""

    share_split: Decomposition | None = None
    """Where the difference in share comes from."""

    share_common: float | None = None
    """How much of `mix` and `behaviour` comes from records being young: told while everybody's sums
    are still filling, and while customers fall dormant and none can have come back."""

    order_value_effect: float | None = None
    """How far the mean order value within the segment as fixed 28 days ago moved, the overall
    shift taken off, in standard deviations."""

    order_value_noise: NotNegative | None = None
    """What chance makes of that effect (one standard error)."""

    order_value_customers: Count | None = None
    """How many of its customers ordered before and since, so that they could be compared."""

    centroid_distance: NotNegative | None = None
    """How far the running centroid lies from the batch's."""


class Agreement(Part):
    """How alike two segmentations of the same active customers are."""

    share: Share
    """The share of customers with the same segment in both."""

    ari: Correlation
    """The adjusted Rand index."""


class LensDrift(Part):
    """One lens at one instant."""

    lens: Text
    """Its name."""

    active_customers: Count
    """How many were compared."""

    agreement: Agreement | None = None
    """The running centroids against the batch clustering."""

    published_agreement: Agreement | None = None
    """The published segments, margin and guard included, against the batch clustering."""

    inertia_ratio: NotNegative | None = None
    """The running centroids' inertia by the batch's."""

    silhouette: Correlation | None = None
    """How well separated the batch's segments are."""

    tracking_gain: float | None = None
    """Agreement of the running centroids minus that of the frozen ones."""

    tracking_noise: NotNegative | None = None
    """What chance makes of that gain (one standard error), going by how many customers the two
    put elsewhere."""

    partition_spread: NotNegative | None = None
    """The largest distance between two partitions' centroids of one segment."""

    relabelled: Share | None = None
    """The share of active customers that a promotion would move."""

    flaps: NotNegative | None = None
    """A to B to A within 7 days, per 100 active customers in 30 days."""

    learning: bool = True
    """Whether the centroids were learning."""

    fitted_at: Instant | None = None
    """The instant that features are compared with: when the model was fitted."""

    shares_since: Instant | None = None
    """The instant that shares are compared with, a week earlier."""

    order_values_since: Instant | None = None
    """The instant at which segments were fixed for their order values, 28 days earlier."""

    features: tuple[FeatureDrift, ...] = ()
    """Feature by feature."""

    segments: tuple[SegmentDrift, ...] = ()
    """Segment by segment."""


class DriftReport(Message):
    """What a snapshot at one event time found and decided."""

    type: Literal["drift_report"] = "drift_report"
    """Says what this is."""

    instant: Instant
    """The event time T of the snapshot."""

    created_at: Instant
    """The clock when it was made."""

    model_version: Version | None
    """The running version that was compared; null before the first."""

    customers: Count
    """How many profiles there were."""

    lenses: tuple[LensDrift, ...] = ()
    """What was found, lens by lens."""

    alerts: tuple[Alert, ...] = ()
    """What to look at, the most urgent first."""

    decision: Decision
    """What was decided."""
