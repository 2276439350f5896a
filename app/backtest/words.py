"""A backtest's account in words and figures for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import RenderableType

    from app.backtest.backtest import Ran
    from stream.contracts.segment import SegmentRef


class Shown(NamedTuple):
    """A figure of a lens: what it is called, and how it is written."""

    words: str
    of: Callable[[dict[str, Any]], str]


def account(ran: Ran) -> Iterator[RenderableType]:
    """What there is to say of one run."""
    told = ran.summary
    rate = f" ({told['events_per_second']:,} a second)" if told["events_per_second"] else ""
    yield (
        f"{told['transactions']:,} transactions of {told['customers']:,} customers in "
        f"{told['seconds']:.1f} s{rate}; {told['rejected']:,} rows rejected"
    )
    yield (
        f"{told['snapshots']:,} snapshots, {told['models']:,} versions of the model, "
        f"{told['changes']:,} changes: {_causes(told['changes_by_cause'])}"
    )
    if told["lenses"]:
        yield figures(told["lenses"], "lens")
        yield LEGEND
        yield segments(ran)
    else:
        yield (
            "no model: a first fit needs more active customers, or more days (see `snapshot` in "
            "docs/configuration.md)"
        )


def figures(columns: dict[str, dict[str, Any]], what: str) -> Table:
    """The same figures of several, side by side."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(what)
    for name in columns:
        table.add_column(escape(name), justify="right")
    for shown in SHOWN:
        table.add_row(shown.words, *(shown.of(told) for told in columns.values()))
    return table


def segments(ran: Ran) -> Table:
    """How many customers each segment has in the end."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for header in ("segment", "name"):
        table.add_column(header)
    table.add_column("customers", justify="right")
    for name, lens in sorted(ran.moment.lenses.items()):
        codes = lens.published.tolist()
        for code, segment in enumerate(lens.segments):
            table.add_row(*_named(segment), f"{codes.count(code):,}")
        if -1 in codes:
            table.add_row(escape(name), "in no segment yet", f"{codes.count(-1):,}")
    return table


def _named(segment: SegmentRef) -> tuple[str, str]:
    return escape(segment.id), escape(segment.name)


def _causes(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{count:,} {cause}" for cause, count in ordered) or "none"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _spread(key: str, part: str) -> Callable[[dict[str, Any]], str]:
    return lambda told: _percent(told[key] and told[key][part])


def _share(key: str) -> Callable[[dict[str, Any]], str]:
    return lambda told: _percent(told[key])


def _plain(key: str) -> Callable[[dict[str, Any]], str]:
    return lambda told: _number(told[key])


SHOWN = (
    Shown("agreement, running", _spread("agreement_model", "mean")),
    Shown("  worst tenth", _spread("agreement_model", "p10")),
    Shown("agreement, published", _spread("agreement", "mean")),
    Shown("  worst tenth", _spread("agreement", "p10")),
    Shown("gained by learning", _share("tracking_gain")),
    Shown("moved by a version", _share("relabelled")),
    Shown("flaps", _plain("flaps")),
    Shown("round trips", _plain("round_trips")),
    Shown("smallest segment", _share("smallest_segment")),
    Shown("silhouette", _plain("silhouette")),
)
LEGEND = (
    "agreement: with the batch clustering of the same instant; flaps and round trips: a month and "
    "100 active customers"
)
