"""Customers' answers, made of what queries found."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.api.bodies.changes import segment_ref
from app.api.bodies.customers import InsightsBody, MemberBody, MemberPage
from stream.profile.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.queries.standing import Measured
    from app.queries.views import CustomerView, Page, StandingView


def customer_told(customer: CustomerView, lies: Sequence[Measured]) -> dict[str, Any]:
    """A `CustomerBody` as plain values; `lies` is one for each standing."""
    return {
        "customer_id": customer.customer_id,
        "as_of": customer.as_of,
        "labels": customer.labels,
        "features": by_catalogue(customer.features, customer.half_life_days),
        "lenses": {
            one.lens: _standing(one, where)
            for one, where in zip(customer.standings, lies, strict=True)
        },
        "insights": customer.insights,
    }


def member_page(page: Page[CustomerView]) -> MemberPage:
    """Each customer has the one standing that they were found by."""
    return MemberPage.model_construct(
        items=[_member(one, one.standings[0]) for one in page.items], next=page.after
    )


def by_catalogue(values: Mapping[str, float], half_life_days: int) -> dict[str, float]:
    """Values by column, named as the catalogue does: what decays has its half-life in its name."""
    return dict(zip(_names(half_life_days), values.values(), strict=True))


@lru_cache(maxsize=16)
def _names(half_life_days: int) -> tuple[str, ...]:
    return tuple(one.name for one in catalogue(half_life_days))


def _standing(standing: StandingView, where: Measured) -> dict[str, Any]:
    """References, distances and grounds are dataclasses, which are told by their fields."""
    return {
        "segment": standing.segment,
        "previous": standing.previous,
        "since": standing.since,
        "changes": standing.changes,
        "confidence": standing.confidence,
        "margin": where.margin,
        "distances": where.distances,
        "reasons": where.grounds,
        "rule": where.rule.model_dump(mode="json") if where.rule else None,
        "model_version": standing.model_version,
    }


def _member(customer: CustomerView, standing: StandingView) -> MemberBody:
    told = customer.insights
    return MemberBody.model_construct(
        customer_id=customer.customer_id,
        as_of=customer.as_of,
        previous=segment_ref(standing.previous),
        since=standing.since,
        confidence=standing.confidence,
        labels=dict(customer.labels),
        features=by_catalogue(customer.features, customer.half_life_days),
        insights=InsightsBody.model_construct(**asdict(told)) if told else None,
    )
