"""Forecasts as tables: segment by segment, and models beside what they have to beat."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.dashboard.pictures.words import number
from app.dashboard.said import dot_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stream.contracts.insight_report import (
        ChurnQuality,
        RecommendingQuality,
        SegmentInsight,
    )

PRODUCTS_SHOWN = 3


def worth_html(segments: Sequence[SegmentInsight]) -> str:
    """A row a segment."""
    heads = (
        "customers",
        "spent so far",
        "will spend",
        "each",
        "still customers",
        "may fall silent",
        "AUC",
    )
    return _table("Forecasts by segment", "segment", heads, map(_worth_row, segments), "wants next")


def churn_html(quality: ChurnQuality) -> str:
    """The model against the probability alive, which learns nothing."""
    rows = (
        _row("learned from snapshots", (_three(quality.auc), _three(quality.brier))),
        _row("probability alive", (_three(quality.alive_auc), _three(quality.alive_brier))),
        _row("by chance", ("0.500", _three(quality.silent * (1 - quality.silent)))),
    )
    return _table("Churn models", "", ("AUC: more is better", "Brier: less is better"), rows)


def recommending_html(quality: RecommendingQuality) -> str:
    """Against the best sellers, recommended to everybody."""
    rows = (
        _row("recommended to each", _both(quality.hit_rate, quality.coverage)),
        _row("best sellers for all", _both(quality.popular_hit_rate, quality.popular_coverage)),
    )
    return _table("Recommendations", "", ("bought one", "of all products shown"), rows)


def _worth_row(one: SegmentInsight) -> str:
    each = None if one.clv is None or not one.customers else one.clv / one.customers
    cells = (
        f"{one.customers:,}",
        number(one.revenue),
        "–" if one.clv is None else number(one.clv),
        "–" if each is None else number(each),
        _share(one.probability_alive),
        _share(one.churn_risk),
        "–" if one.churn_auc is None else f"{one.churn_auc:.2f}",
    )
    wanted = ", ".join(one.recommended[:PRODUCTS_SHOWN]) or "–"
    name = f"{dot_html(one.segment.id)}{escape(one.segment.name)}"
    return _row(name, cells, f'<td class="quiet whole">{escape(wanted)}</td>')


def _row(name: str, cells: Iterable[str], last: str = "") -> str:
    """`name` is HTML."""
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row" style="white-space:nowrap">{name}</th>{numbers}{last}</tr>'


def _table(
    title: str, first: str, heads: Sequence[str], rows: Iterable[str], last: str | None = None
) -> str:
    """One that is wider than a telephone can be moved sideways."""
    head = "".join(f'<th scope="col" class="number">{escape(one)}</th>' for one in heads)
    end = f'<th scope="col">{escape(last)}</th>' if last else ""
    corner = f'<th scope="col">{escape(first)}</th>' if first else "<td></td>"
    return (
        f'<div style="overflow-x:auto" tabindex="0" role="region" aria-label="{escape(title)}">'
        f'<table class="shoal"><thead><tr>{corner}{head}{end}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _both(hit_rate: float, coverage: float) -> tuple[str, str]:
    return f"{hit_rate:.1%}", f"{coverage:.0%}"


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
