"""`InsightReport`: what a snapshot expects of segments, and how far to believe it."""

from typing import Annotated, Literal

from pydantic import Field

from stream.contracts.base import Message, Part, Text
from stream.contracts.instant import Instant
from stream.contracts.lens import Count, Share
from stream.contracts.scores import Money, Products
from stream.contracts.segment import SegmentRef

Positive = Annotated[float, Field(gt=0)]


class HeldOutRow(Part):
    """Customers who had bought again so many times, and what they then did."""

    repeats: Count
    """Purchases after the first, up to the split; the last row stands for more, too."""

    customers: Count
    """How many there are."""

    predicted: Annotated[float, Field(ge=0)]
    """The purchases after the split that the model expects of each, on average."""

    actual: Annotated[float, Field(ge=0)]
    """Those that came."""


class LifetimeModel(Part):
    """BG/NBD and Gamma-Gamma, fitted on the snapshot's customers."""

    customers: Count
    """How many they were fitted on."""

    weeks: Positive
    """How far ahead `clv` looks."""

    covers: Share
    """How often the interval around `clv` is to hold what a customer then spends."""

    r: Positive
    """BG/NBD: the shape of how often customers buy."""

    alpha: Positive
    """BG/NBD: its scale, in weeks."""

    a: Positive
    """BG/NBD: with `b` the chance of leaving after a purchase."""

    b: Positive
    """BG/NBD: see `a`."""

    p: Positive
    """Gamma-Gamma: the shape of one customer's purchases."""

    q: Positive
    """Gamma-Gamma: the shape of how customers differ."""

    v: Positive
    """Gamma-Gamma: its scale, in money."""

    held_out_since: Instant | None = None
    """The earlier snapshot from which `held_out` predicts; null where there is none."""

    held_out: tuple[HeldOutRow, ...] = ()
    """Fitted at that snapshot, held against what came after it."""


class CalibrationBin(Part):
    """Customers of about the same predicted risk."""

    customers: Count
    """How many."""

    predicted: Share
    """The risk predicted, on average."""

    observed: Share
    """The share that fell silent."""


class ChurnQuality(Part):
    """How a model of silence did on customers, and a time, that it had not seen."""

    trained_on: Count
    """Customers that the model in use learned from."""

    customers: Count
    """Customers that it was tested on."""

    in_time: bool
    """Tested on a later time than it learned from; else on other customers of the same time."""

    silent: Share
    """The share of those tested that fell silent."""

    auc: Share | None
    """How well it ranks: 0.5 is chance; null where all did the same."""

    brier: Share
    """The mean square of the error; smaller is better."""

    alive_auc: Share | None = None
    """The same for the probability alive, which learns nothing: what there is to beat."""

    alive_brier: Share | None = None
    """The same."""

    calibration: tuple[CalibrationBin, ...] = ()
    """As many customers in each, from the lowest risk to the highest."""


class RecommendingQuality(Part):
    """Recommendations made before a split, held against what was bought after it."""

    split: Instant
    """What came after it was not known to them."""

    count: Count
    """How many products each customer was recommended."""

    customers: Count
    """Who were known before the split, and bought after it."""

    hit_rate: Share
    """The share of them who bought one of the products at least."""

    coverage: Share
    """The share of all products that were recommended to anybody."""

    popular_hit_rate: Share
    """The same for the best sellers, recommended to everybody: what there is to beat."""

    popular_coverage: Share
    """The same."""


class SegmentInsight(Part):
    """A segment as it stands, and what is to be expected of it."""

    lens: Text
    """The lens that it belongs to."""

    segment: SegmentRef
    """The segment; of customers in none there is nothing said."""

    customers: Count
    """How many there are."""

    revenue: float
    """What they spent ever, returns taken off."""

    clv: Money | None = None
    """What they are expected to spend, all together."""

    probability_alive: Share | None = None
    """The mean."""

    churn_risk: Share | None = None
    """The mean."""

    churn_auc: Share | None = None
    """How well the tested churn model ranked within the segment; null where too few are known."""

    churn_tested: Count = 0
    """On how many customers of the segment that was tested."""

    recommended: Products = ()
    """What it buys more of than others do, the best first."""


class InsightReport(Message):
    """What is expected of customers, segment by segment, and how good such expectations were."""

    type: Literal["insight_report"] = "insight_report"
    """Tells it from the scores on the same topic."""

    instant: Instant
    """The snapshot's event time."""

    created_at: Instant
    """The clock when it was made."""

    customers: Count
    """How many there are."""

    lifetime: LifetimeModel | None = None
    """Null where it could not be fitted: `problems` says why."""

    churn: ChurnQuality | None = None
    """Likewise."""

    recommending: RecommendingQuality | None = None
    """Likewise."""

    segments: tuple[SegmentInsight, ...] = ()
    """By lens, the largest first."""

    problems: tuple[Text, ...] = ()
    """What could not be told, and why."""
