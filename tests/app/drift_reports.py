"""Drift reports made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stream.contracts.alert import Alert, AlertKind, Decision, Outcome
from stream.contracts.drift import (
    Agreement,
    Decomposition,
    DriftReport,
    FeatureDrift,
    Interval,
    LensDrift,
    SegmentDrift,
)
from stream.contracts.segment import SegmentRef

AT = datetime(2011, 6, 6, tzinfo=UTC)
NAMES = {1: "Champions", 2: "Loyal [x]"}


def segment(number: int, share: float, **fields: object) -> SegmentDrift:
    return SegmentDrift.model_validate(
        {
            "segment": SegmentRef(id=f"value-{number}", name=NAMES[number]),
            "customers": round(1000 * share),
            "share": share,
            "share_before": 0.18,
            "share_log_ratio": 0.2,
            "share_split": Decomposition(mix=0.01, behaviour=0.02, model=-0.01),
            "order_value_effect": 0.12,
            "centroid_distance": 0.05,
            **fields,
        }
    )


def lens(**fields: object) -> LensDrift:
    return LensDrift.model_validate(
        {
            "lens": "value",
            "active_customers": 1000,
            "agreement": Agreement(share=0.84, ari=0.75),
            "published_agreement": Agreement(share=0.8, ari=0.7),
            "inertia_ratio": 1.004,
            "silhouette": 0.36,
            "tracking_gain": 0.021,
            "partition_spread": 0.08,
            "relabelled": 0.019,
            "flaps": 0.0,
            "shares_since": AT - timedelta(days=7),
            "order_values_since": AT - timedelta(days=28),
            "fitted_at": AT - timedelta(days=30),
            "features": (
                FeatureDrift(
                    feature="spend_d90",
                    before=5.8,
                    after=6.0,
                    psi=0.03,
                    psi_interval=Interval(low=0.0, high=0.05),
                    wasserstein=0.11,
                    wasserstein_interval=Interval(low=0.08, high=0.14),
                    split=Decomposition(mix=0.15, behaviour=0.05, model=0.0),
                ),
            ),
            "segments": (segment(1, 0.22), segment(2, 0.78)),
            **fields,
        }
    )


def report(weeks: int = 0, **fields: object) -> DriftReport:
    return DriftReport.model_validate(
        {
            "instant": AT + timedelta(days=7 * weeks),
            "created_at": AT,
            "model_version": 3,
            "customers": 4372,
            "lenses": (lens(),),
            "alerts": (
                Alert(
                    kind=AlertKind.SEGMENT_SHARE,
                    subject="value-1",
                    lens="value",
                    value=0.2,
                    threshold=0.1,
                    reason="Champions grew from 18.0% to 22.0% of active customers",
                ),
                Alert(
                    kind=AlertKind.AGREEMENT,
                    subject="value",
                    lens="value",
                    value=0.84,
                    threshold=0.85,
                    reason="the running centroids of lens value agree with too few",
                ),
            ),
            "decision": Decision(
                outcome=Outcome.PROMOTED, version=4, reasons=("no guard held it",)
            ),
            **fields,
        }
    )
