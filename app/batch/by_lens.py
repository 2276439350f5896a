"""Predictions by a lens of a model of profiles: for many customers at once, from features.

The same as `app.predicting` says of each of them, by the same kernels.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np

from app.batch.placed import NO_SEGMENT, Predicted
from app.predicting import LONGEST_RECENCY_DAYS, RECENCY, Predictor
from consumers.sink.schema import column_of
from snapshot.active import are_active
from snapshot.attributes.cells import Numbers, cells_of
from snapshot.attributes.identifying import identified
from snapshot.table import CustomerTable
from stream.errors import FeatureError
from stream.model.assignment import assign
from stream.model.lens import compile_lens
from stream.profile.catalogue import catalogue
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from app.predicting import Prediction
    from stream.contracts.model import SegmentModel
    from stream.model.arrays import Floats

ONE = "customer"


class ByLens:
    """See `app.batch.placed.Placer`."""

    def __init__(self, model: SegmentModel, lens: str) -> None:
        self._predictor = Predictor(model, lens)
        found = model.lens(lens)
        assert found is not None  # or the predictor would have refused it
        self._model = found
        self._lens = compile_lens(found, model.version)

    @property
    def named(self) -> Sequence[tuple[str, str, str]]:
        return [(one.id, one.name, "") for one in self._lens.segments]

    @property
    def how(self) -> str:
        return ""

    def of_table(self, table: pa.Table) -> Predicted:
        who = identified(table, None)
        rows = table if len(who.rows) == table.num_rows else table.take(who.rows)
        values = np.stack([self._column(rows, name) for name in self._lens.needs], axis=1)
        recency = self._recency(rows)
        lens = self._lens
        found = assign(lens.shapes, lens.space.project(values), lens.arrays.knobs.variance)
        codes, confidence = found.segment.copy(), found.confidence.copy()
        self._rule(who.ids, values, recency, codes, confidence)
        return Predicted(
            who.column or ONE,
            who.ids,
            lens.segments,
            codes,
            confidence,
            self._by_segment(found.distances),
            who.remarks,
        )

    def of_one(self, values: Mapping[str, str]) -> Predicted:
        self._refuse_unknown(values)
        found = self._predictor.predict(
            {name: _number(name, text) for name, text in values.items()}
        )
        return self._as_predicted(found)

    def _as_predicted(self, found: Prediction) -> Predicted:
        places = {one.id: place for place, one in enumerate(self._lens.segments)}
        away = {one.segment.id: one.distance for one in found.distances}
        learned = self._lens.arrays.knobs.learned
        distances = [away[one.id] for one in self._lens.segments[:learned]]
        confidence = np.nan if found.confidence is None else found.confidence
        code = places.get(found.segment.id, NO_SEGMENT)
        return Predicted(
            ONE,
            (ONE,),
            self._lens.segments,
            np.array([code]),
            np.array([confidence]),
            np.array([distances]),
        )

    def _rule(
        self,
        ids: tuple[str, ...],
        values: Floats,
        recency: Floats,
        codes: np.ndarray,
        confidence: Floats,
    ) -> None:
        """The first rule that holds takes a customer out of the fit."""
        last_ms = -np.rint(recency * DAY_MS).astype(np.int64)
        people = CustomerTable(ids, self._lens.needs, values, last_ms, 0, 0)
        free = np.ones(len(ids), np.bool_)
        places = {one.id: place for place, one in enumerate(self._lens.segments)}
        for rule in self._model.rule_segments:
            takes = free & ~are_active(people, [rule])
            codes[takes], confidence[takes] = places[rule.segment.id], np.nan
            free &= ~takes

    def _by_segment(self, distances: Floats) -> Floats:
        """To the nearest centroid of each learned segment."""
        learned = self._lens.arrays.knobs.learned
        segments = self._lens.shapes.segments
        return np.stack(
            [distances[:, segments == code].min(axis=1) for code in range(learned)], axis=1
        )

    def _column(self, table: pa.Table, name: str) -> Floats:
        """By its name in the catalogue, or as the sink's tables have it."""
        found = next((one for one in (name, column_of(name)) if one in table.column_names), None)
        if found is None:
            raise FeatureError(
                f"the column {name!r} is missing: lens {self._model.lens!r} needs "
                f"{', '.join(self._lens.needs)}; a file of transactions goes through "
                "`shoal segment` first, which writes them"
            )
        cells = cells_of(table[found])
        if not isinstance(cells, Numbers):
            raise FeatureError(f"the column {found!r} should be numbers")
        missing = np.flatnonzero(np.isnan(cells.values))
        if len(missing):
            raise FeatureError(
                f"row {int(missing[0]) + 1:,} has no number in {found!r}"
                f"{f', nor have {len(missing) - 1:,} others' if len(missing) > 1 else ''}: "
                "nobody can be compared without it"
            )
        return cells.values

    def _recency(self, table: pa.Table) -> Floats:
        """Without the column nobody is dormant."""
        if RECENCY not in table.column_names:
            return np.zeros(table.num_rows)
        found = self._column(table, RECENCY)
        if not ((found >= 0.0) & (found <= LONGEST_RECENCY_DAYS)).all():
            raise FeatureError(
                f"{RECENCY!r} should lie from 0 to {LONGEST_RECENCY_DAYS:,.0f}, and doesn't in all "
                "rows"
            )
        return found

    def _refuse_unknown(self, values: Mapping[str, str]) -> None:
        asked = [*self._predictor.asks, *map(column_of, self._predictor.asks)]
        known = {*asked, *(feature.name for feature in catalogue(90))}
        for name in values:
            if name not in known:
                near = difflib.get_close_matches(name, asked, n=1)
                hint = f"did you mean {near[0]!r}?" if near else ", ".join(self._predictor.asks)
                raise FeatureError(f"the model knows no {name!r}: {hint}")


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise FeatureError(f"{name}={text[:40]}: {name} should be a number")
    return value
