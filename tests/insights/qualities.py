"""How well made-up expectations did. A test changes what it is about by `model_copy`."""

from __future__ import annotations

from datetime import UTC, datetime

from stream.contracts.insight_report import (
    CalibrationBin,
    ChurnQuality,
    HeldOutRow,
    LifetimeModel,
    RecommendingQuality,
)

SINCE = datetime(2011, 1, 1, tzinfo=UTC)

LIFETIME = LifetimeModel(
    customers=3,
    weeks=52.0,
    covers=0.8,
    **dict.fromkeys(("r", "alpha", "a", "b", "p", "q", "v"), 1.5),
    held_out_since=SINCE,
    held_out=(
        HeldOutRow(repeats=0, customers=2, predicted=0.5, actual=1.0),
        HeldOutRow(repeats=1, customers=4, predicted=1.0, actual=0.5),
    ),
)
CHURN = ChurnQuality(
    trained_on=900,
    customers=300,
    in_time=True,
    silent=0.25,
    auc=0.734,
    brier=0.2,
    alive_auc=0.61,
    alive_brier=0.3,
    calibration=(
        CalibrationBin(customers=150, predicted=0.1, observed=0.12),
        CalibrationBin(customers=150, predicted=0.6, observed=0.55),
    ),
)
RECOMMENDING = RecommendingQuality(
    split=SINCE,
    count=10,
    customers=1_200,
    hit_rate=0.5,
    coverage=0.4,
    popular_hit_rate=0.25,
    popular_coverage=0.1,
)
