"""Two versions of the model side by side: a table a lens for people, objects for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from app.modelling import Difference
    from snapshot.comparing import LensDifference, SegmentDifference, Side
    from stream.contracts.lens import LensModel

NOT_THERE = "-"


def print_difference(found: Difference, console: Console | None = None) -> None:
    """What became of each lens."""
    console = console or Console()
    for model in (found.before, found.after):
        note = f" ({escape(model.note)})" if model.note else ""
        console.print(
            f"[bold]version {model.version}[/] of {model.instant:%Y-%m-%d %H:%M} UTC{note}"
        )
    for lens in found.lenses:
        console.print(f"lens [bold]{escape(lens.lens)}[/]: {escape(_in_short(lens))}")
        console.print(_segments(lens, found.before.version, found.after.version))
        console.print(_centres_table(lens))


def as_objects(found: Difference) -> dict[str, object]:
    """The same as JSON has it."""
    return {
        "before": found.before.version,
        "after": found.after.version,
        "lenses": [
            {
                "lens": lens.lens,
                "features": list(lens.features),
                "before": _fit(lens.before),
                "after": _fit(lens.after),
                "segments": [
                    {
                        "id": one.id,
                        "happened": happened(one),
                        "distance": one.distance,
                        "before": one.before._asdict() if one.before else None,
                        "after": one.after._asdict() if one.after else None,
                    }
                    for one in lens.segments
                ],
            }
            for lens in found.lenses
        ],
    }


def happened(one: SegmentDifference) -> str:
    """In a word."""
    if one.before is None:
        return "born"
    if one.after is None:
        return "retired"
    if one.before.name != one.after.name:
        return "renamed"
    return "stays" if one.distance == 0 else "moved"


def _in_short(lens: LensDifference) -> str:
    if lens.before is None:
        return "new"
    if lens.after is None:
        return "not there any more"
    told = []
    if lens.before.features != lens.after.features:
        told.append(
            "scaled anew" if _names(lens.before) == _names(lens.after) else "other features"
        )
    if lens.before.transition != lens.after.transition:
        told.append("other margin or guard")
    if lens.before.learning != lens.after.learning:
        told.append("learns otherwise")
    if _rules(lens.before) != _rules(lens.after):
        told.append("other rules")
    return ", ".join(told) or "the same space and rules"


def _segments(lens: LensDifference, before: int, after: int) -> Table:
    """Which there are, how large, and how far each went."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in ("segment", "name", ""):
        table.add_column(header, no_wrap=True)
    for header in (f"in {before}", f"in {after}", "moved by"):
        table.add_column(header, justify="right", no_wrap=True)
    for one in lens.segments:
        distance = NOT_THERE if one.distance is None else f"{one.distance:.2f}"
        parts = (one.id, _name(one), happened(one))
        table.add_row(*map(escape, parts), _size(one.before), _size(one.after), distance)
    return table


def _centres_table(lens: LensDifference) -> Table:
    """Where they lie, in the features' own units."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("segment", no_wrap=True)
    for name in lens.features:
        table.add_column(escape(name), justify="right", overflow="fold")
    for one in lens.segments:
        table.add_row(escape(one.id), *_centres(one, lens))
    return table


def _name(one: SegmentDifference) -> str:
    names = dict.fromkeys(side.name for side in (one.before, one.after) if side is not None)
    return " → ".join(names)


def _size(side: Side | None) -> str:
    return NOT_THERE if side is None else f"{side.customers:,} ({side.share:.1%})"


def _centres(one: SegmentDifference, lens: LensDifference) -> list[str]:
    """Before → after; of features that only one version has nothing can be said."""
    alike = lens.before is None or lens.after is None or _names(lens.before) == _names(lens.after)
    sides = [side for side in (one.before, one.after) if side is not None]
    if not alike:
        sides = [side for side in (one.after,) if side is not None]
    if not sides:
        return [NOT_THERE] * len(lens.features)
    columns = zip(*(side.centre for side in sides), strict=True)
    return [" → ".join(dict.fromkeys(map(_number, values))) for values in columns]


def _names(lens: LensModel) -> list[str]:
    return [feature.name for feature in lens.features]


def _rules(lens: LensModel) -> list[tuple[str, float | None]]:
    return [(one.rule, one.after_days) for one in lens.rule_segments]


def _fit(lens: LensModel | None) -> dict[str, object] | None:
    if lens is None:
        return None
    return {
        "margin": lens.transition.margin,
        "learning": lens.learning.on,
        "fit": lens.fit.model_dump() if lens.fit else None,
    }


def _number(value: float) -> str:
    """
    >>> _number(0.0312), _number(70120.4)
    ('0.03', '70,120')
    """
    return f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"
