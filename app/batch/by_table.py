"""Predictions by the model of a table with a row a customer."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pyarrow as pa

from app.batch.placed import Predicted
from producers.attributes.understanding import understood
from snapshot.attributes.identifying import plain
from snapshot.attributes.placing import Placing, known_names
from stream.errors import FeatureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from snapshot.attributes.contract import TableModel

ONE = "customer"


class ByTable:
    """See `app.batch.placed.Placer`."""

    def __init__(self, model: TableModel, date_format: str | None = None) -> None:
        self._model = model
        self._placing = Placing(model)
        self._date_format = date_format

    @property
    def named(self) -> Sequence[tuple[str, str, str]]:
        kinds = self._model.kinds or ("",) * len(self._placing.segments)
        pairs = zip(self._placing.segments, kinds, strict=True)
        return [(one.segment.id, one.segment.name, kind) for one, kind in pairs]

    @property
    def how(self) -> str:
        model = self._model
        if model.members is not None:
            return (
                f"by the nearest customer of the fit: the segments of {model.algorithm} have no "
                "centroids"
            )
        if model.agreement < 1.0:
            return (
                f"by the nearest centroid, which is where {model.algorithm} put "
                f"{model.agreement:.1%} of the customers it was fitted on"
            )
        return ""

    def of_table(self, table: pa.Table) -> Predicted:
        return self._of(table, exact=False)

    def of_one(self, values: Mapping[str, str]) -> Predicted:
        self._refuse_unknown(values)
        ids = {self._model.id_column: ONE} if self._model.id_column else {}
        texts = {name: pa.array([text], pa.string()) for name, text in {**ids, **values}.items()}
        table, _ = understood(ONE, pa.table(texts), self._date_format, decimal_comma=False)
        return self._of(table, exact=True)

    def _of(self, table: pa.Table, *, exact: bool) -> Predicted:
        who, placed, remarks = self._placing.of_table(table, exact=exact)
        return Predicted(
            who.column or "customer",
            who.ids,
            tuple(one.segment for one in self._placing.segments),
            placed.labels,
            placed.confidence,
            placed.distances,
            remarks,
        )

    def _refuse_unknown(self, values: Mapping[str, str]) -> None:
        known = [column.name for column in self._model.columns]
        alike = {plain(name) for name in [*known, self._model.id_column or ""]}
        for name in values:
            if plain(name) not in alike:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else ""
                raise FeatureError(
                    f"the model knows no {name!r}: {hint or ', '.join(known_names(self._model))}"
                )
