"""What snapshots of made-up shops say: expectations, drift, the model, events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.alert import Alert, AlertKind, Decision, Outcome
from stream.contracts.drift import Agreement, Decomposition, DriftReport, LensDrift, SegmentDrift
from stream.contracts.insight_report import HeldOutRow, InsightReport, SegmentInsight
from stream.contracts.lens import (
    Centroid,
    LensModel,
    ModelFeature,
    Rule,
    RuleSegment,
    Transform,
)
from stream.contracts.model import SegmentModel
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.model.change import instant
from tests.insights.qualities import CHURN, LIFETIME

if TYPE_CHECKING:
    from snapshot.moment import Moment
    from tests.insights.reporting.stories import Shop


def refs_of(shop: Shop, place: int = 0) -> tuple[SegmentRef, ...]:
    """The learned segments and the dormant; `place` counts periods back."""
    numbers = list(range(1, shop.segments + 1))
    if shop.born and place:
        numbers[-1] += 1
    learned = [SegmentRef(id=f"value-{n}", name=shop.names[n % len(shop.names)]) for n in numbers]
    return (*learned, SegmentRef(id="value-dormant", name="Dormant"))


def expected_of(
    rng: np.random.Generator, shop: Shop, moment: Moment
) -> tuple[dict[str, np.ndarray] | None, InsightReport | None]:
    if not shop.scored:
        return None, None
    count = len(moment)
    known = rng.random(count) < shop.known
    scores = {
        "clv": np.where(known, rng.lognormal(3, 1, count), np.nan),
        "probability_alive": np.where(known, rng.random(count), np.nan),
        "churn_risk": np.where(known, rng.random(count), np.nan),
    }
    at = instant(moment.instant_ms)
    report = InsightReport(
        instant=at,
        created_at=at,
        customers=count,
        lifetime=LIFETIME.model_copy(
            update={
                "customers": count,
                "held_out_since": at - timedelta(days=28),
                "held_out": (HeldOutRow(repeats=0, customers=count, predicted=0.4, actual=0.3),),
            }
        )
        if shop.known
        else None,
        churn=CHURN.model_copy(
            update={"customers": count} | ({} if shop.known == 1.0 else {"auc": None})
        ),
        segments=(
            SegmentInsight(
                lens="value",
                segment=refs_of(shop)[0],
                customers=count,
                revenue=3.0,
                recommended=("<i>tea</i>", "mug"),
            ),
        ),
        problems=("there are too few customers for that",),
    )
    return scores, report


def drift_of(shop: Shop, moment: Moment) -> DriftReport:
    at = instant(moment.instant_ms)
    segments = tuple(
        SegmentDrift(
            segment=ref,
            learned=not ref.id.endswith("dormant"),
            customers=40 * place,
            share=0.2,
            customers_before=30,
            share_before=0.1 * place,
            share_log_ratio=0.3 - 0.2 * place,
            share_noise=0.1,
            share_split=Decomposition(mix=0.1, behaviour=0.0, model=0.0),
            order_value_effect=0.4,
            order_value_noise=0.1,
            order_value_customers=20 * place,
        )
        for place, ref in enumerate(refs_of(shop))
    )
    lens = LensDrift(
        lens="value",
        active_customers=len(moment),
        published_agreement=Agreement(share=0.97, ari=0.9) if shop.has_model else None,
        relabelled=0.01,
        shares_since=at - timedelta(days=7),
        order_values_since=at - timedelta(days=28),
        segments=segments,
    )
    alert = Alert(
        kind=AlertKind.SEGMENT_SHARE,
        subject="value-1",
        lens="value",
        value=0.2,
        threshold=0.1,
        reason=f"{segments[0].segment.name} grew from 10.0% to 12.0% of active customers",
    )
    return DriftReport(
        instant=at,
        created_at=at,
        model_version=3 if shop.has_model else None,
        customers=len(moment),
        lenses=(lens,) if shop.lenses[0] else (),
        alerts=(alert,) if shop.buys else (),
        decision=Decision(outcome=Outcome.KEPT, reasons=("it is no week since version 3",)),
    )


def model_of(shop: Shop) -> SegmentModel:
    axes = tuple(
        ModelFeature(name=name, transform=Transform.LOG1P, centre=1.0, scale=0.5)
        for name in ("orders", "spend")
    )
    *learned, dormant = refs_of(shop)
    centroids = tuple(
        Centroid(segment=ref, position=(float(place), 0.0)) for place, ref in enumerate(learned)
    )
    rule = RuleSegment(segment=dormant, rule=Rule.DORMANT, after_days=90.0)
    lens = LensModel(
        lens="value",
        features=axes,
        centroids=centroids,
        pooled_variance=1.0,
        rule_segments=(rule,),
        next_segment=9,
    )
    at = datetime(2011, 1, 1, tzinfo=UTC)
    return SegmentModel(version=3, created_at=at, instant=at, lenses=(lens,))


def events_of(shop: Shop, at_ms: int) -> list[SegmentEvent]:
    at = instant(at_ms)
    return [
        SegmentEvent(
            lens="value",
            segment=refs_of(shop)[0],
            happened=happened,
            previous_name=shop.names[0] if happened is Happened.RENAMED else None,
            customers=customers,
            model_version=3,
            occurred_at=at,
            observed_at=at,
        )
        for happened, customers in ((Happened.BORN, 1), (Happened.RENAMED, 2))
        if shop.born
    ]
