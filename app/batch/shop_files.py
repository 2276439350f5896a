"""What a run over transactions writes: customers with segment, worth and what to do, the model that
assigns others, and the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from app.batch.actions import action_cards, advised
from app.batch.legacy import legacy_table
from app.batch.measured import measures_table
from app.batch.worth import COLUMNS, worth_of, worth_table
from insights.reporting.html import section
from insights.snapshot_report import snapshot_report
from snapshot.measures import measures_of
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.batch.actions import Advised
    from app.batch.worth import Worth
    from app.segmenting import Segmented
    from insights.playbook.plays import Playbook
    from snapshot.batch_fit import BatchFit
    from snapshot.measures import Measures
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel

LEAD = ("customer_id", "segment_id", "segment", "confidence", "outlier_score", "outlier")
END_OF_PAGE = ("<footer>", "</body>")


@dataclass(frozen=True, slots=True, eq=False)
class ShopFiles:
    """Everything worked out, nothing written."""

    done: Segmented
    table: pa.Table
    """As `app.segmenting.customer_table` has it: the main lens' segments first."""

    lens: LensModel
    """The main one."""

    worth: Worth
    advice: tuple[Advised, ...]
    """Of the main lens' segments."""

    measures: tuple[tuple[str, Measures, float | None], ...]
    """Lens by lens: its name, its measures, its bootstrap ARI."""

    @classmethod
    def of(cls, done: Segmented, table: pa.Table, main: str, book: Playbook) -> ShopFiles:
        model = _model(done)
        lens = model.lens(main) or model.lenses[0]
        segments = {one.segment.id: one.segment.name for one in lens.centroids}
        segments |= {one.segment.id: one.segment.name for one in lens.rule_segments}
        return cls(
            done,
            table,
            lens,
            worth_of(done.moment),
            tuple(advised(book, [(each, name, "") for each, name in segments.items()])),
            tuple(_measured(name, fit) for name, fit in sorted(done.found.fits.items())),
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        problem = self.worth.problem
        return (f"clv is left empty: {problem}",) if problem else ()

    def customers(self) -> pa.Table:
        """A row a customer: who they are in, what to do, what they are worth, every feature."""
        added = {"marketing_action": self._actions()}
        for name in COLUMNS:
            values = self.worth.numbers[name]
            added[name] = pa.array(values, mask=np.isnan(values))
        first = [name for name in LEAD if name in self.table.column_names]
        rest = [name for name in self.table.column_names if name not in first]
        columns = {name: self.table[name] for name in first}
        return pa.table(columns | added | {name: self.table[name] for name in rest})

    def legacy(self) -> pa.Table:
        """The columns of F29, in their order."""
        fit = self.done.found.fits[self.lens.lens]
        return legacy_table(self.done.moment, fit, self.table["segment_id"], self._actions())

    def model(self) -> str:
        return _model(self.done).model_dump_json(indent=1)

    def page(self) -> str:
        """The snapshot's page with how good the fits are, and what to do."""
        moment, fits = self.done.moment, self.done.found.fits
        names = [one.name for one in self.advice]
        parts = [
            section("What to do", action_cards(self.advice)),
            section("What they will spend", self._worth(names)),
            section("How good the fits are", measures_table(self.measures)),
        ]
        page = snapshot_report(moment, fits, None, None, ())
        return with_more(page, "".join(parts))

    def _worth(self, names: Sequence[str]) -> str:
        return worth_table(self.worth, self.table["segment"].to_pylist(), names)

    def _actions(self) -> pa.Array:
        known = {one.segment_id: one.action for one in self.advice}
        return pa.array(
            [known.get(each) for each in self.table["segment_id"].to_pylist()], pa.string()
        )


def with_more(page: str, more: str) -> str:
    """The page with sections before its closing words."""
    for end in END_OF_PAGE:
        before, found, after = page.rpartition(end)
        if found:
            return f"{before}{more}\n{found}{after}"
    return page + more


def _model(done: Segmented) -> SegmentModel:
    last = done.run.models.last
    if last is None:
        raise InputError("no segments were found")
    return last


def _measured(name: str, fit: BatchFit) -> tuple[str, Measures, float | None]:
    centres = np.array([one.position for one in fit.lens.centroids])
    stability = fit.lens.fit.stability if fit.lens.fit else None
    return name, measures_of(fit.points, fit.labels, centres), stability
