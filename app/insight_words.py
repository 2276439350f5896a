"""What a snapshot expects of its customers and of one, in lines and as an object for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from snapshot.enriching import Enriched
    from stream.contracts.insight_report import ChurnQuality, LifetimeModel, RecommendingQuality

RECOMMENDED = {
    "recommended": "may want next",
    "recommended_new": "may want next, never bought",
}


def insights_in_words(told: Enriched) -> Iterator[str]:
    """What is expected and how good such expectations were, a line each; then what is lacking."""
    report, clv, risk = told.report, _known(told, "clv"), _known(told, "churn_risk")
    if report.lifetime is not None:
        yield (
            f"clv: {len(clv):,} customers will spend about {clv.sum():,.0f} within "
            f"{report.lifetime.weeks:g} weeks{_held_out(report.lifetime)}"
        )
    if report.churn is not None and len(risk):
        yield (
            f"churn: of {len(risk):,} customers {risk.mean():.1%} are expected to buy nothing "
            f"for 90 days{_ranked(report.churn)}"
        )
    if report.recommending is not None:
        yield _recommended(report.recommending)
    yield from (f"not told: {problem}" for problem in report.problems)


def insights_as_json(told: Enriched) -> dict[str, Any]:
    """The sums, the means, the quality; customers and segments are on the topic."""
    report, clv, risk = told.report, _known(told, "clv"), _known(told, "churn_risk")
    alive = _known(told, "probability_alive")
    return {
        "clv": float(clv.sum()) if len(clv) else None,
        "clv_weeks": report.lifetime.weeks if report.lifetime else None,
        "scored": len(clv),
        "probability_alive": float(alive.mean()) if len(alive) else None,
        "churn_risk": float(risk.mean()) if len(risk) else None,
        "at_risk": len(risk),
        "churn": _dumped(report.churn, {"calibration"}),
        "recommending": _dumped(report.recommending, set()),
        "held_out": _held_out_sums(report.lifetime),
        "problems": list(report.problems),
    }


def customer_in_words(row: Mapping[str, Any]) -> Iterator[str]:
    """What was expected, of what could be told.

    >>> list(customer_in_words({"clv": 12.5, "clv_low": 3.0, "clv_high": 20.0, "churn_risk": None}))
    ['is expected to spend 12.50 (3.00 to 20.00)']
    """
    if row.get("clv") is not None:
        low, high = row["clv_low"], row["clv_high"]
        interval = "" if low is None or high is None else f" ({low:,.2f} to {high:,.2f})"
        yield f"is expected to spend {row['clv']:,.2f}{interval}"
    if row.get("probability_alive") is not None:
        yield f"is still a customer with a probability of {row['probability_alive']:.0%}"
    if row.get("churn_risk") is not None:
        yield f"will buy nothing for 90 days with a probability of {row['churn_risk']:.0%}"
    for name, words in RECOMMENDED.items():
        if row.get(name):
            yield f"{words}: {', '.join(row[name])}"


def _known(told: Enriched, name: str) -> np.ndarray:
    column = told.scores.numbers[name]
    return column[~np.isnan(column)]


def _held_out(lifetime: LifetimeModel) -> str:
    sums = _held_out_sums(lifetime)
    if sums is None:
        return ""
    return (
        f"; from {sums['since'][:10]} it expected {sums['predicted']:,.0f} orders of "
        f"{sums['customers']:,} customers by now, and {sums['actual']:,.0f} came"
    )


def _held_out_sums(lifetime: LifetimeModel | None) -> dict[str, Any] | None:
    if lifetime is None or lifetime.held_out_since is None:
        return None
    rows = lifetime.held_out
    return {
        "since": lifetime.held_out_since.isoformat(),
        "customers": sum(row.customers for row in rows),
        "predicted": sum(row.customers * row.predicted for row in rows),
        "actual": sum(row.customers * row.actual for row in rows),
    }


def _ranked(churn: ChurnQuality) -> str:
    if churn.auc is None:
        return ""
    plain = "" if churn.alive_auc is None else f", the probability alive {churn.alive_auc:.2f}"
    where = "a later time" if churn.in_time else "other customers"
    return f"; AUC {churn.auc:.2f} on {where}{plain}"


def _recommended(told: RecommendingQuality) -> str:
    return (
        f"recommendations: {told.hit_rate:.1%} of {told.customers:,} customers bought one of "
        f"{told.count} since {told.split:%Y-%m-%d}, of the best sellers {told.popular_hit_rate:.1%}"
    )


def _dumped(
    quality: ChurnQuality | RecommendingQuality | None, without: set[str]
) -> dict[str, Any] | None:
    return quality.model_dump(mode="json", exclude=without) if quality else None
