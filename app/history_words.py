"""The past as tables for people, or as one JSON object for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.insight_words import customer_in_words
from app.tell import printable
from snapshot.history.columns import (
    BATCH,
    BATCH_ID,
    CONFIDENCE,
    CUSTOMER,
    LAST_PURCHASE,
    OUTLIER,
    OUTLIER_SCORE,
    PARTITION,
    SCORED,
    SEGMENT,
    SEGMENT_ID,
    of_lens,
)
from snapshot.history.folders import in_words
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from snapshot.history import LensSummary, Migrations, SegmentSummary
    from stream.contracts.segment import SegmentRef

SHOWN = {"recency_days": "days since last bought", "orders": "orders", "spend": "spend"}
"""The features whose means are shown, as people call them."""

NO_SEGMENT = "(no segment)"
NOT_YET = "(none, or no customer yet)"


def shown(features: Iterable[str]) -> list[str]:
    """Those features of a snapshot that are shown."""
    there = set(features)
    return [name for name in SHOWN if name in there]


def snapshot_of(instant_ms: int) -> str:
    return f"the snapshot of {in_words(instant_ms)}"


def print_segments(instant_ms: int, lenses: Sequence[LensSummary], as_json: bool = False) -> None:
    """Lens by lens the segments, by their names of then."""
    if as_json:
        told = {"at": _iso(instant_ms), "lenses": {one.lens: _lens(one) for one in lenses}}
        _print_json(told)
        return
    console = Console()
    console.print(snapshot_of(instant_ms))
    if not lenses:
        console.print("Nobody was in a segment yet: there was no model.")
    for lens in lenses:
        console.print(_segments_table(lens))


def print_customer(instant_ms: int, row: Mapping[str, Any], as_json: bool = False) -> None:
    """One customer: the segments, then the features."""
    if as_json:
        _print_json({"at": _iso(instant_ms), **row})
        return
    console = Console(highlight=False)
    for line in _customer_lines(instant_ms, row):
        console.print(escape(printable(line)), soft_wrap=True)


def print_migrations(found: Sequence[Migrations], as_json: bool = False) -> None:
    """A matrix a lens, and what it comes to."""
    if as_json:
        _print_json({one.lens: _matrix(one) for one in found})
        return
    console = Console()
    for one in found:
        console.print(_matrix_table(one))
        came = int(one.counts.sum()) - one.stayed - one.moved
        console.print(f"{one.stayed:,} stayed, {one.moved:,} moved, {came:,} were in none before")


def _lens(lens: LensSummary) -> dict[str, Any]:
    segments = [
        {
            "segment": _reference(each.segment),
            "customers": each.customers,
            "share": each.share,
            "means": dict(each.means),
        }
        for each in lens.segments
    ]
    return {"model_version": lens.version, "segments": segments}


def _segments_table(lens: LensSummary) -> Table:
    title = f"lens {escape(lens.lens)}, model {lens.version}"
    names = list(next((one.means for one in lens.segments if one.means), ()))
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place, header in enumerate(
        ("segment", "name", "customers", "share", *(SHOWN.get(name, name) for name in names))
    ):
        table.add_column(header, justify="left" if place < 2 else "right", overflow="fold")
    for one in lens.segments:
        table.add_row(*map(escape, _segment_row(one, names)))
    return table


def _segment_row(one: SegmentSummary, names: Sequence[str]) -> Iterator[str]:
    yield one.segment.id if one.segment else ""
    yield one.segment.name if one.segment else NO_SEGMENT
    yield f"{one.customers:,}"
    yield f"{one.share:.1%}"
    yield from (f"{one.means[name]:,.2f}" if one.means else "-" for name in names)


def _customer_lines(instant_ms: int, row: Mapping[str, Any]) -> Iterator[str]:
    lenses = _lenses_in(row)
    yield f"customer {row[CUSTOMER]} (partition {row[PARTITION]}) in {snapshot_of(instant_ms)}"
    bought = row[LAST_PURCHASE]
    yield f"last purchase {bought:%Y-%m-%d %H:%M} UTC" if bought else "never bought anything"
    yield ""
    for lens in lenses:
        yield f"{lens}: {_in_lens(lens, row)}"
    yield ""
    if told := list(customer_in_words(row)):
        yield from (*told, "")
    fixed = {CUSTOMER, PARTITION, LAST_PURCHASE, *SCORED}
    for name, value in row.items():
        if name not in fixed and "__" not in name and (value or not name.startswith("month_")):
            yield f"  {name:<22} {value:>14,.2f}"


def _in_lens(lens: str, row: Mapping[str, Any]) -> str:
    """
    >>> _in_lens("v", {"v__segment": "Loyal", "v__segment_id": "v-2"})
    'Loyal (v-2)'
    """
    told = {name: row.get(of_lens(lens, name)) for name in (*_SEGMENT_COLUMNS, *_BATCH_COLUMNS)}
    segment = f"{told[SEGMENT]} ({told[SEGMENT_ID]})" if told[SEGMENT_ID] else NO_SEGMENT
    if told[OUTLIER_SCORE] is None:
        return segment
    batch = f"{told[BATCH]} ({told[BATCH_ID]})" if told[BATCH_ID] else "no segment"
    odd = ", left out of it as an outlier" if told[OUTLIER] else ""
    return (
        f"{segment}; by the batch clustering {batch} with confidence {told[CONFIDENCE]:.2f}, "
        f"outlier score {told[OUTLIER_SCORE]:.2f}{odd}"
    )


_SEGMENT_COLUMNS = (SEGMENT, SEGMENT_ID)
_BATCH_COLUMNS = (BATCH, BATCH_ID, CONFIDENCE, OUTLIER_SCORE, OUTLIER)


def _lenses_in(row: Mapping[str, Any]) -> list[str]:
    """
    >>> _lenses_in({"spend": 1.0, "value__segment_id": None, "value__segment": None})
    ['value']
    """
    ending = of_lens("", SEGMENT_ID)
    return [name.removesuffix(ending) for name in row if name.endswith(ending) and name != ending]


def _matrix(found: Migrations) -> dict[str, Any]:
    return {
        "from": _iso(found.from_ms),
        "to": _iso(found.to_ms),
        "before": [_reference(one) for one in found.before],
        "after": [_reference(one) for one in found.after],
        "customers": found.counts.tolist(),
        "stayed": found.stayed,
        "moved": found.moved,
    }


def _matrix_table(found: Migrations) -> Table:
    times = f"from {in_words(found.from_ms)} to {in_words(found.to_ms)}"
    title = f"lens {escape(found.lens)}, {times}"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("from \\ to", overflow="fold")
    for segment in found.after:
        name = escape(segment.name) if segment else NO_SEGMENT
        table.add_column(name, justify="right", overflow="fold")
    for segment, counts in zip(found.before, found.counts.tolist(), strict=True):
        name = escape(segment.name) if segment else NOT_YET
        table.add_row(name, *(f"{count:,}" if count else "·" for count in counts))
    return table


def _reference(segment: SegmentRef | None) -> dict[str, str] | None:
    return segment.model_dump() if segment else None


def _iso(instant_ms: int) -> str:
    return instant(instant_ms).isoformat()


def _print_json(told: Mapping[str, Any]) -> None:
    """Times are the only thing in it that JSON has no form of its own for."""
    typer.echo(json.dumps(told, ensure_ascii=False, default=lambda at: at.isoformat()))
