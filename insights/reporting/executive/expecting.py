"""How far to believe what is expected of customers: by what was expected before, and came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.executive.report import Unit
from insights.reporting.executive.wording import amount, customers, share
from insights.reporting.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.contracts.insight_report import ChurnQuality, InsightReport, LifetimeModel

UNKNOWN = "What customers are expected to do is not known: the snapshot was taken without it."


def expectations(report: InsightReport | None) -> tuple[str, ...]:
    """A sentence a fact."""
    if report is None:
        return (UNKNOWN,)
    said = [*_lifetime(report.lifetime), *_churn(report.churn)]
    return (*said, *map(sentence, report.problems))


def _lifetime(model: LifetimeModel | None) -> Iterator[str]:
    if model is None:
        return
    yield (
        f"Expected spend looks {model.weeks:g} weeks ahead, by a model of how often and how lately "
        f"{customers(model.customers)} bought (BG/NBD and Gamma-Gamma)."
    )
    predicted = sum(row.predicted * row.customers for row in model.held_out)
    actual = sum(row.actual * row.customers for row in model.held_out)
    if model.held_out and model.held_out_since:
        yield (
            f"Fitted on what was known on {model.held_out_since:%Y-%m-%d} it expects "
            f"{amount(predicted, Unit.COUNT)} repeat purchases since; "
            f"{amount(actual, Unit.COUNT)} came{_off(predicted, actual)}."
        )


def _off(predicted: float, actual: float) -> str:
    """
    >>> _off(110.0, 100.0), _off(100.0, 100.0), _off(3.0, 0.0)
    (', so it is 10 % too high', '', '')
    """
    if round(actual) <= 0:
        return ""
    off = predicted / actual - 1
    if abs(off) < 0.005:
        return ""
    return f", so it is {abs(off) * 100:.0f} % too {'high' if off > 0 else 'low'}"


def _churn(quality: ChurnQuality | None) -> Iterator[str]:
    if quality is None:
        return
    whom = "at a later time than it learned from" if quality.in_time else "whom it had not seen"
    yield (
        f"The risk of silence was tested on {customers(quality.customers)} {whom}, of whom "
        f"{share(quality.silent)} fell silent."
    )
    if quality.auc is not None:
        than = ""
        if quality.alive_auc is not None:
            than = f", the probability alive, which learns nothing, {share(quality.alive_auc)}"
        yield (
            f"Of one who fell silent and one who did not it gave the first the higher risk in "
            f"{share(quality.auc)} of pairs{than} (chance: 50 %)."
        )
