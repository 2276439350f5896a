"""What a prediction answers."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from app.api.bodies.predict_asked import FEATURES
from stream.contracts.lens import Rule

if TYPE_CHECKING:
    from app.predicting import Prediction


class PredictBody(BaseModel):
    """A piece of the answer, read off our own values."""

    model_config = ConfigDict(use_attribute_docstrings=True, from_attributes=True)


class PredictedSegment(PredictBody):
    """A segment."""

    id: str = Field(examples=["value-3"])
    """For ever the same."""

    name: str = Field(examples=["Champions"])
    """What the model calls it."""


class PredictedDistance(PredictBody):
    """How far the customer is from a segment."""

    segment: PredictedSegment
    """The segment."""

    distance: float = Field(examples=[0.82])
    """To its nearest centroid, in the model's space."""


class PredictionReason(PredictBody):
    """A feature that speaks for the segment."""

    feature: str = Field(examples=["spend_d90"])
    """Its name in the catalogue."""

    value: float = Field(examples=[410.0])
    """The customer's."""

    in_segment: float = Field(examples=[395.2])
    """At the segment's centroid."""

    in_next: float = Field(examples=[140.7])
    """At that of the next nearest segment."""

    contribution: float = Field(examples=[0.61])
    """Its share of the difference between the two distances."""


class PredictionBody(PredictBody):
    """The segment that such a customer would be in."""

    lens: str = Field(examples=["value"])
    """The way of looking."""

    model_version: int = Field(examples=[12])
    """The model that was asked."""

    segment: PredictedSegment
    """The segment."""

    confidence: float | None = Field(examples=[0.93])
    """How likely it is against the others; null where a rule holds."""

    rule: Rule | None = Field(examples=[None])
    """The rule that holds, where the segment is one outside the fit."""

    distances: list[PredictedDistance]
    """To each learned segment, the nearest first."""

    reasons: list[PredictionReason]
    """The strongest first; none where a rule holds."""

    features: dict[str, float] = Field(examples=[FEATURES])
    """What was looked at."""


def prediction_body(found: "Prediction") -> PredictionBody:
    """As JSON has it."""
    return PredictionBody.model_validate(found)
