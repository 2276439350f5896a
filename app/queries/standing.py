"""Where a customer lies in a lens: the distance to each segment, and what speaks for theirs.

Measured with the centroids as the model was published. Workers' own have moved a little since
(`confidence` goes by those), so that near a border the two may differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.queries.models import model
from app.queries.views import Ref
from consumers.sink.schema import column_of
from stream.errors import FeatureError
from stream.model.arrays import NONE
from stream.model.assignment import measure
from stream.model.distances import distances_by_segment, margin_among
from stream.model.lens import compile_lens
from stream.model.reasons import explain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.queries.database import Database
    from app.queries.views import StandingView
    from stream.contracts.lens import RuleSegment
    from stream.model.arrays import Floats, Ints
    from stream.model.lens import Lens

KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Distance:
    """How far away a learned segment is."""

    segment: Ref
    distance: float


@dataclass(frozen=True, slots=True)
class Ground:
    """A feature that speaks for a customer's segment against the next one."""

    feature: str
    value: float
    contribution: float
    """Its part of the difference between the two squared distances."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Where a customer lies in a lens."""

    distances: tuple[Distance, ...] = ()
    """To each learned segment, the nearest first."""

    margin: float | None = None
    """By how much farther the next segment is; below 0 it is nearer, but not by enough to move.
    None in a rule segment or none."""

    grounds: tuple[Ground, ...] = ()
    """The strongest first; empty in a rule segment or none."""

    rule: RuleSegment | None = None
    """What holds for the customer, in a rule segment."""


NOTHING = Measured()
NO_SEGMENT = np.array([NONE])


def measured(db: Database, standing: StandingView, features: Mapping[str, float]) -> Measured:
    """By the model that the customer was assigned by; nothing where that is not there."""
    lens = _lens(db, standing.lens, standing.model_version)
    return NOTHING if lens is None else lens.measured(standing, features)


@dataclass(frozen=True, slots=True)
class _Lens:
    """A lens of a version, ready to measure."""

    compiled: Lens
    columns: tuple[str, ...]
    codes: Mapping[str, int]
    refs: tuple[Ref, ...]
    rules: Mapping[str, RuleSegment]
    own: tuple[Ints, ...]
    """Each segment's code by itself; like `newcomer` made once, as looking up is quick enough for
    it to count."""

    newcomer: Floats

    def measured(self, standing: StandingView, features: Mapping[str, float]) -> Measured:
        try:
            values = np.array([[features[column] for column in self.columns]])
            point = self.compiled.space.project(values)[0]
        except (KeyError, FeatureError):
            return NOTHING
        distances = self._distances(point)
        own = standing.segment.id if standing.segment else ""
        return Measured(
            tuple(Distance(self.refs[code], away) for code, away in distances.items()),
            margin_among(distances, self.codes.get(own, NONE)),
            self._grounds(own, values),
            self.rules.get(own),
        )

    def _distances(self, point: Floats) -> dict[int, float]:
        shapes = self.compiled.shapes
        squared = np.empty(len(shapes.segments))
        measure(shapes.positions, point, squared)
        return distances_by_segment(shapes.segments, squared)

    def _grounds(self, own: str, values: Floats) -> tuple[Ground, ...]:
        code = self.codes.get(own, NONE)
        if not 0 <= code < self.compiled.arrays.knobs.learned:
            return ()
        told = explain(self.compiled, NO_SEGMENT, self.own[code], self.newcomer, values)
        return tuple(
            Ground(self.compiled.shown[axis], float(values[0, axis]), share)
            for axis, share in zip(told.axes[0].tolist(), told.shares[0].tolist(), strict=True)
            if axis >= 0
        )


def _lens(db: Database, name: str, version: int) -> _Lens | None:
    return db.memory.kept(("lens", name, version), KEPT_SECONDS, lambda: _made(db, name, version))


def _made(db: Database, name: str, version: int) -> _Lens | None:
    found = model(db, version)
    told = None if found is None else found.lens(name)
    if told is None:
        return None
    compiled = compile_lens(told, version)
    return _Lens(
        compiled,
        tuple(column_of(one) for one in compiled.needs),
        {one.id: code for code, one in enumerate(compiled.segments)},
        tuple(Ref(one.id, one.name) for one in compiled.segments),
        {rule.segment.id: rule for rule in told.rule_segments},
        tuple(np.array([code]) for code in range(len(compiled.segments))),
        np.full((1, len(compiled.needs)), np.nan),
    )
