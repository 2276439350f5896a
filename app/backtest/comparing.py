"""What-ifs side by side: figures, who moved where under each, and who ends up elsewhere."""

from __future__ import annotations

from collections import Counter
from itertools import count
from string import ascii_uppercase
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from app.backtest.words import LEGEND, figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from app.backtest.backtest import Ran

NOWHERE = "–"


def compare(ran: list[Ran]) -> Iterator[RenderableType]:
    """For each lens the figures of all; then for each setting where its customers went."""
    yield _counts(ran)
    for lens in sorted(ran[0].summary["lenses"]):
        columns = {one.variant.name: one.summary["lenses"].get(lens) for one in ran}
        yield figures({name: told for name, told in columns.items() if told}, lens)
        yield LEGEND
        for one in ran:
            yield escape(f"{lens}, {one.variant.name}: from the first model (rows) to the end")
            yield matrix(migrations(one, lens))
        for one in ran[1:]:
            names = (ran[0].variant.name, one.variant.name)
            yield escape(f"{lens}: in the end under {names[0]} (rows), and under {names[1]}")
            yield matrix(elsewhere(ran[0], one, lens))


def migrations(ran: Ran, lens: str) -> Counter[tuple[str, str]]:
    """From the segment that the first model gave to the last, by names; erased customers left."""
    first, last = ran.tally.lens(lens).first_places, _last(ran, lens)
    names = _names(ran, lens)
    return Counter(
        (names.get(segment, segment), last[customer])
        for customer, segment in first.items()
        if customer in last
    )


def elsewhere(one: Ran, other: Ran, lens: str) -> Counter[tuple[str, str]]:
    """Where customers are in the end under either."""
    mine, theirs = _last(one, lens), _last(other, lens)
    return Counter((name, theirs[customer]) for customer, name in mine.items())


def matrix(counts: Mapping[tuple[str, str], int]) -> Table:
    """Rows and columns are segments, the largest first; columns go by the letters of rows."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    names = _by_size(counts)
    letters = dict(zip(names, _letters(), strict=False))
    table.add_column("")
    for name in names:
        table.add_column(letters[name], justify="right")
    for row in names:
        cells = (counts.get((row, column), 0) for column in names)
        told = (f"{many:,}" if many else "·" for many in cells)
        table.add_row(escape(f"{letters[row]}  {row}"), *told)
    return table


def _letters() -> Iterator[str]:
    """
    >>> from itertools import islice
    >>> list(islice(_letters(), 25, 28))
    ['Z', 'A1', 'B1']
    """
    for number in count():
        yield from (f"{letter}{number or ''}" for letter in ascii_uppercase)


def _counts(ran: list[Ran]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("settings")
    for header in ("changes", "a week", "versions", "segments"):
        table.add_column(header, justify="right")
    for one in ran:
        told = one.summary
        weekly = told["changes_a_week"]
        learned = sum(len(each.running[0].segments) for each in one.moment.lenses.values())
        table.add_row(
            escape(one.variant.name),
            f"{told['changes']:,}",
            NOWHERE if weekly is None else f"{weekly:,.0f}",
            f"{told['models']:,}",
            f"{learned:,}",
        )
    return table


def _last(ran: Ran, lens: str) -> dict[str, str]:
    at = ran.moment.lenses.get(lens)
    if at is None:
        return dict.fromkeys(ran.moment.table.ids, NOWHERE)
    names = [*(segment.name for segment in at.segments), NOWHERE]
    codes = at.published.tolist()
    return {one: names[code] for one, code in zip(ran.moment.table.ids, codes, strict=True)}


def _names(ran: Ran, lens: str) -> dict[str, str]:
    """What segments are called in the end; who is gone by then goes by the id."""
    at = ran.moment.lenses.get(lens)
    return {segment.id: segment.name for segment in at.segments} if at else {}


def _by_size(counts: Mapping[tuple[str, str], int]) -> list[str]:
    sizes: Counter[str] = Counter()
    for (row, column), many in counts.items():
        sizes[row] += many
        sizes[column] += many
    return sorted(sizes, key=lambda name: (name == NOWHERE, -sizes[name], name))
