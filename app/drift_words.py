"""Drift reports as tables for people: one in full, or several with a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.tell import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stream.contracts.alert import Decision
    from stream.contracts.drift import (
        Agreement,
        DriftReport,
        FeatureDrift,
        Interval,
        LensDrift,
    )

NOTHING = "-"


def print_report(report: DriftReport, console: Console | None = None) -> None:
    """What is to be looked at first, then lens by lens."""
    console = console or Console()
    version = f"version {report.model_version}" if report.model_version else "no model"
    console.print(
        f"[bold]{report.instant:%Y-%m-%d %H:%M}[/] UTC, {version}, {report.customers:,} customers: "
        f"{_decision(report.decision)}"
    )
    for reason in report.decision.reasons:
        console.print(f"  {_said(reason)}")
    for alert in report.alerts:
        console.print(f"[bold red]![/] {_said(alert.reason)}")
        console.print(f"  {alert.kind}: {alert.value:+.3f}, threshold {alert.threshold:.3f}")
    if not report.alerts:
        console.print("no alert")
    for lens in report.lenses:
        for part in lens_parts(lens):
            console.print(part)


def print_reports(reports: Sequence[DriftReport], console: Console | None = None) -> None:
    """A line for each lens of each report, the oldest first."""
    headers = (
        "snapshot of",
        "model",
        "lens",
        "active",
        "agrees",
        "published",
        "gain",
        "would move",
        "alerts",
        "decision",
    )
    table = _table(headers, left=("snapshot of", "lens", "decision"))
    for report in reports:
        for lens in report.lenses:
            mine = [one for one in report.alerts if (one.lens or one.subject) == lens.lens]
            table.add_row(
                f"{report.instant:%Y-%m-%d %H:%M}",
                str(report.model_version or NOTHING),
                _said(lens.lens),
                f"{lens.active_customers:,}",
                *(_percent(one.share if one else None) for one in _agreements(lens)),
                _signed_percent(lens.tracking_gain),
                _percent(lens.relabelled),
                f"[bold red]{len(mine)}[/]" if mine else "0",
                _decision(report.decision),
            )
    (console or Console()).print(table)


def lens_parts(lens: LensDrift) -> Iterator[Table | str]:
    """A lens: how it agrees, then its segments and features."""
    yield ""
    yield f"lens [bold]{_said(lens.lens)}[/]: {lens.active_customers:,} active customers"
    for fact in _facts(lens):
        yield f"  {fact}"
    if lens.segments:
        yield _shares(lens)
        yield _segments(lens)
    if lens.features:
        yield _features(lens)


def _agreements(lens: LensDrift) -> tuple[Agreement | None, Agreement | None]:
    return lens.agreement, lens.published_agreement


def _facts(lens: LensDrift) -> Iterator[str]:
    running, published = map(_agreement, _agreements(lens))
    yield f"with the batch clustering agree: running centroids {running}, published {published}"
    learning = "gains" if lens.learning else "is off:"
    yield (
        f"learning {learning} {_signed_percent(lens.tracking_gain)}; "
        f"a promotion would move {_percent(lens.relabelled)}; flaps {_number(lens.flaps)}"
    )
    yield (
        f"inertia ratio {_number(lens.inertia_ratio)}, silhouette {_number(lens.silhouette)}, "
        f"partitions differ by {_number(lens.partition_spread)}"
    )


def _shares(lens: LensDrift) -> Table:
    since = f"{lens.shares_since:%m-%d}" if lens.shares_since else "before"
    headers = ("segment", "share", f"on {since}", "log ratio", "mix", "behaviour", "model")
    table = _table(headers, left=("segment",))
    for segment in lens.segments:
        split = segment.share_split
        parts = (split.mix, split.behaviour, split.model) if split else (None, None, None)
        table.add_row(
            _said(segment.segment.name),
            _percent(segment.share),
            _percent(segment.share_before),
            _signed(segment.share_log_ratio),
            *map(_signed_percent, parts),
        )
    return table


def _segments(lens: LensDrift) -> Table:
    since = f"{lens.order_values_since:%m-%d}" if lens.order_values_since else "before"
    headers = ("segment", "id", "customers", f"order value since {since}", "distance")
    table = _table(headers, left=("segment", "id"))
    for segment in lens.segments:
        table.add_row(
            _said(segment.segment.name),
            _said(segment.segment.id),
            f"{segment.customers:,}",
            _signed(segment.order_value_effect),
            _number(segment.centroid_distance),
        )
    return table


def _features(lens: LensDrift) -> Table:
    fitted = f"{lens.fitted_at:%Y-%m-%d}" if lens.fitted_at else "the fit"
    headers = ("feature", f"mean on {fitted}", "now", "mix", "behaviour", "PSI", "Wasserstein")
    table = _table(headers, left=("feature",))
    for feature in lens.features:
        table.add_row(*_feature(feature))
    return table


def _feature(feature: FeatureDrift) -> tuple[str, ...]:
    split = feature.split
    return (
        _said(feature.feature),
        _number(feature.before),
        _number(feature.after),
        *map(_signed, (split.mix, split.behaviour) if split else (None, None)),
        _within(feature.psi, feature.psi_interval),
        _within(feature.wasserstein, feature.wasserstein_interval),
    )


def _table(headers: Sequence[str], left: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in headers:
        justify: Literal["left", "right"] = "left" if header in left else "right"
        table.add_column(header, justify=justify, vertical="bottom", overflow="fold")
    return table


def _decision(decision: Decision) -> str:
    return f"{decision.outcome} {decision.version}" if decision.version else str(decision.outcome)


def _agreement(agreement: Agreement | None) -> str:
    return f"{agreement.share:.1%} (ARI {agreement.ari:.2f})" if agreement else NOTHING


def _within(value: float | None, interval: Interval | None) -> str:
    """
    >>> from stream.contracts.drift import Interval
    >>> _within(0.031, Interval(low=0.0, high=0.05)), _within(None, None)
    ('0.03 (0.00 to 0.05)', '-')
    """
    if value is None or interval is None:
        return _number(value)
    return f"{_number(value)} ({interval.low:.2f} to {interval.high:.2f})"


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:,.2f}"


def _signed(value: float | None) -> str:
    return NOTHING if value is None else f"{value:+.2f}"


def _percent(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.1%}"


def _signed_percent(value: float | None) -> str:
    return NOTHING if value is None else f"{value:+.1%}"


def _said(words: str) -> str:
    return escape(printable(words))
