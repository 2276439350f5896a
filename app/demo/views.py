"""The demonstration's tables, none wider than 80 columns: flows, sizes, and what was planted."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.live import Live
from rich.table import Table

from app.demo.changes import kinds_in_segments
from stream.contracts.change import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from rich.console import Console

    from app.demo.changes import Flow

BAR_CELLS = 20
SHOWN_FLOWS = 10
LETTERS = 5
"""Of each word of a segment's name, over its column: nine segments fit a narrow terminal."""

CAUSES = {
    "by orders": Cause.MOVED,
    "by time": Cause.TIME,
    "late": Cause.LATE,
    "by refit": Cause.REFIT,
}


def by_flow(flows: Mapping[Flow, Counter[Cause]], names: Mapping[str, str]) -> Table:
    """The most travelled ways from segment to segment."""
    seen = {cause for counts in flows.values() for cause in counts}
    causes = {name: cause for name, cause in CAUSES.items() if cause in seen}
    table = _table("from", "to", *causes, left=2)
    for (before, after), counts in islice(flows.items(), SHOWN_FLOWS):
        counted = (_count(counts[cause]) for cause in causes.values())
        table.add_row(names[before], names[after], *counted)
    rest = sum((counts for counts in list(flows.values())[SHOWN_FLOWS:]), Counter[Cause]())
    if rest:
        others = len(flows) - SHOWN_FLOWS
        ways = f"{others} other way{'s' * (others != 1)}"
        table.add_row(ways, "", *(_count(rest[cause]) for cause in causes.values()), style="dim")
    return table


def by_size(names: Mapping[str, str], before: Counter[str], after: Counter[str]) -> Table:
    """How many customers each segment had when it was found, and has now."""
    table = _table("segment", "then", "now", "", left=1)
    table.add_column("", no_wrap=True)
    most = max([*before.values(), *after.values()], default=1)
    for one, name in names.items():
        bar = "█" * round(BAR_CELLS * after[one] / most)
        more = after[one] - before[one]
        counts = (f"{before[one]:,}", f"{after[one]:,}", f"{more:+,}" if more else "=")
        table.add_row(name, *counts, bar)
    return table


def by_kind(kinds: Mapping[str, str], places: Mapping[str, str], names: Mapping[str, str]) -> Table:
    """Where the customers of each planted kind are, in percent."""
    shown = [one for one in names if one in set(places.values())]
    table = Table(box=None, padding=(0, 0, 0, 1))
    table.add_column("  planted as", no_wrap=True, vertical="bottom")
    for heading in ("all", *shown):
        broken = "\n".join(word[:LETTERS] for word in names.get(heading, heading).split())
        table.add_column(broken, justify="right", no_wrap=True, vertical="bottom")
    counted = kinds_in_segments(kinds, places)
    for kind, counts in sorted(counted, key=lambda one: -_first(one[1], shown)):
        shares = (_share(counts[one], counts.total()) for one in shown)
        table.add_row(f"  {kind.replace('_', ' ')}", f"{counts.total():,}", *shares)
    return table


class Steps:
    """A row for each stretch of days; drawn as it grows on a terminal, at the end in a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._table = _table("until", "new", *CAUSES, "agree", "model", left=1)
        self._live = Live(self._table, console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        if self._is_watched:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()
        self._console.print(self._table)

    @property
    def _is_watched(self) -> bool:
        return self._console.is_terminal and not self._console.record

    def add(self, until: str, counted: Mapping[str, Any], snapshot: Mapping[str, Any]) -> None:
        """What `shoal consume --json` and `shoal snapshot --json` said of it."""
        causes = (Cause.JOINED, *CAUSES.values())
        counts = (_count(counted["changes"].get(cause.value, 0)) for cause in causes)
        agreement = next(iter(snapshot["agreement"].values()), None)
        shared = "·" if agreement is None else f"{agreement:.1%}"
        version = f"{snapshot['version']}" if snapshot["version"] else "stays"
        self._table.add_row(until, *counts, shared, version)
        if self._is_watched:
            self._live.refresh()


def _first(counts: Counter[str], names: Sequence[str]) -> float:
    """How far up a kind's customers are, for the order of the rows."""
    return -sum(rank * counts[name] for rank, name in enumerate(names)) / counts.total()


def _table(*headings: str, left: int) -> Table:
    table = Table(box=None, padding=(0, 0, 0, 3))
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < left else "right", no_wrap=True)
    return table


def _count(count: int) -> str:
    return f"{count:,}" if count else "·"


def _share(count: int, total: int) -> str:
    """
    >>> _share(0, 9), _share(1, 300), _share(3, 4)
    ('·', '<1%', '75%')
    """
    if not count:
        return "·"
    return f"{count / total:.0%}" if 200 * count >= total else "<1%"
