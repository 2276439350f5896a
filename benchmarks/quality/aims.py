"""A figure of quality: what was measured, what it should be, and whether it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure is, and where it should lie."""

    key: str
    what: str
    least: float | None = None
    most: float | None = None
    is_share: bool = False

    def shown(self, value: float | None) -> str:
        if value is None:
            return NOTHING
        if self.is_share:
            return f"{value * 100:.3g} %"
        return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"

    @property
    def bound(self) -> str:
        if self.least is not None:
            return f"≥ {self.shown(self.least)}"
        return f"≤ {self.shown(self.most)}" if self.most is not None else ""

    def is_met(self, value: float | None) -> bool | None:
        """None where there is nothing to say."""
        if value is None or (self.least is None and self.most is None):
            return None
        above = self.least is None or value >= self.least
        return above and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of several datasets under one heading."""

    title: str
    says: str
    aims: tuple[Aim, ...]
    columns: dict[str, dict[str, float | None]]
    """For each dataset its figures by key."""

    reported: frozenset[str] = frozenset()
    """Datasets that no aim was set for."""

    def missed(self) -> list[str]:
        """Every aim that is not reached, in words."""
        return [
            f"{name}: {aim.what} is {aim.shown(values.get(aim.key))}, aimed at {aim.bound}"
            for name, values in self.columns.items()
            if name not in self.reported
            for aim in self.aims
            if aim.is_met(values.get(aim.key)) is False
        ]

    def markdown(self) -> str:
        names = list(self.columns)
        head = ["figure", "aim", *names]
        rows = [_row(head), _row(["---"] * len(head))]
        for aim in self.aims:
            cells = [self._cell(name, aim) for name in names]
            rows.append(_row([aim.what, aim.bound, *cells]))
        return "\n".join([f"## {self.title}", "", self.says, "", *rows])

    def _cell(self, name: str, aim: Aim) -> str:
        value = self.columns[name].get(aim.key)
        met = aim.is_met(value)
        shown = aim.shown(value)
        return f"**{shown}** (missed)" if met is False and name not in self.reported else shown


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def figures_of(
    aims: tuple[Aim, ...], read: Callable[[str], float | None]
) -> dict[str, float | None]:
    """Each aim's figure by its key."""
    return {aim.key: read(aim.key) for aim in aims}
