"""Versions of the model as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from snapshot.plain_centres import plain_centres

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel

MEASURED_WIDTH = 100_000


def print_model(model: SegmentModel, console: Console | None = None) -> None:
    """One version: each lens with its segments, their sizes and their centres."""
    console = console or Console()
    note = f" ({escape(model.note)})" if model.note else ""
    console.print(f"[bold]version {model.version}[/] of {model.instant:%Y-%m-%d %H:%M} UTC{note}")
    for lens in model.lenses:
        for part in lens_parts(lens, console.width):
            console.print(part)


def lens_parts(lens: LensModel, width: int) -> Iterator[Table | str]:
    """A lens within so many columns: its segments, those made by rules, and how well it fits."""
    yield f"lens [bold]{escape(lens.lens)}[/]"
    yield from _lens(lens, width)
    yield from map(escape, _ruled(lens))
    if lens.fit is not None:
        told = f"fitted on {lens.fit.customers:,} customers, inertia {lens.fit.inertia:.3f}"
        if lens.fit.silhouette is not None:
            told += f", silhouette {lens.fit.silhouette:.2f}"
        yield told


def print_models(models: Iterable[SegmentModel], console: Console | None = None) -> None:
    """All versions, a line each."""
    table = Table(box=None, pad_edge=False)
    for header in ("version", "based on", "of", "made", "lenses", "note"):
        table.add_column(header, overflow="fold")
    for model in models:
        table.add_row(
            str(model.version),
            str(model.based_on or "-"),
            f"{model.instant:%Y-%m-%d %H:%M}",
            f"{model.created_at:%Y-%m-%d %H:%M}",
            ", ".join(f"{lens.lens} ({len(lens.centroids)})" for lens in model.lenses),
            escape(model.note),
        )
    (console or Console()).print(table)


def _lens(lens: LensModel, width: int) -> Iterator[Table]:
    """All features side by side where they fit, else in tables under each other; none is cut."""
    axes = range(len(lens.features))
    whole = _table(lens, axes, "_")
    if _width(whole) <= width:
        yield whole
        return
    widest = max(_width(_table(lens, range(axis, axis + 1), "\n")) for axis in axes)
    narrowest = _width(_table(lens, range(0), "\n"))
    at_once = max(1, (width - narrowest) // max(1, widest - narrowest))
    for first in axes[::at_once]:
        yield _table(lens, axes[first : first + at_once], "\n")


def _width(table: Table) -> int:
    return Console(width=MEASURED_WIDTH).measure(table).maximum


def _table(lens: LensModel, axes: range, underscore: str) -> Table:
    """With these features; `underscore` is what their names are broken with."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    names = (lens.features[axis].name.replace("_", underscore) for axis in axes)
    for place, header in enumerate(("segment", "name", "customers", "share", *names)):
        justify: Literal["left", "right"] = "left" if place < 2 else "right"
        table.add_column(escape(header), justify=justify, vertical="bottom", no_wrap=True)
    for *who, centre in _learned(lens):
        table.add_row(*map(escape, who), *(_number(centre[axis]) for axis in axes))
    return table


def _learned(lens: LensModel) -> Iterator[tuple[str, str, str, str, list[float]]]:
    everybody = sum(centroid.customers for centroid in lens.centroids) or 1
    for centroid, centre in zip(lens.centroids, plain_centres(lens), strict=True):
        yield (
            centroid.segment.id,
            centroid.segment.name,
            f"{centroid.customers:,}",
            f"{centroid.customers / everybody:.1%}",
            centre.tolist(),
        )


def _ruled(lens: LensModel) -> Iterator[str]:
    """The segments that have no centre, each with its rule."""
    for rule in lens.rule_segments:
        after = f"{rule.after_days:g} days without a purchase" if rule.after_days else ""
        yield f"{rule.segment.id} ({rule.segment.name}): {after or 'spend 0 or less'}"


def _number(value: float) -> str:
    """
    >>> _number(0.0312), _number(12.345), _number(70120.4)
    ('0.03', '12.35', '70,120')
    """
    return f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"
