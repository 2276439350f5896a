"""The customers that a lens is tuned on: those it would be fitted on now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snapshot.active import are_active, needed_features
from snapshot.outliers import screened
from snapshot.partitions import read_partitions
from snapshot.scaling import axes_of
from snapshot.table import latest_instant, table_of
from snapshot.youth import is_young
from stream.errors import InputError
from stream.model.space import space_of
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from app.wiring import Wiring
    from snapshot.table import CustomerTable
    from stream.model.arrays import Floats
    from stream.settings.lenses import LensSpec


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """A row each."""

    spec: LensSpec
    names: tuple[str, ...]
    """The features that are axes."""

    plain: Floats
    """These in their own units."""

    points: Floats
    """The same in the lens' space."""

    instant_ms: int
    young: bool
    """Whether sums still fill."""


def population_of(wiring: Wiring, lens: str, least_customers: int) -> Population:
    """The active customers at the end of the log, outliers left out where the lens says so."""
    spec = spec_of(wiring, lens)
    with wiring.open_existing_log() as log:
        states = read_partitions(log, wiring.topics(), wiring.settings)
    profiles = [state.profiles for state in states]
    table = table_of(profiles, needed_features([spec]), latest_instant(profiles))
    return population(table, spec, least_customers)


def spec_of(wiring: Wiring, lens: str) -> LensSpec:
    """The lens as the settings have it."""
    known = {spec.name: spec for spec in lens_specs(wiring.settings)}
    if lens not in known:
        raise InputError(
            f"lens {lens!r} is not on: there is {', '.join(known)}; [lenses.{lens}] in the "
            "settings turns it on"
        )
    return known[lens]


def population(table: CustomerTable, spec: LensSpec, least_customers: int) -> Population:
    """Those of a table."""
    active = table.of(are_active(table, spec.rule_segments()))
    if len(active) < max(least_customers, 1):
        raise InputError(
            f"lens {spec.name!r} has {len(active):,} active customers of {len(table):,}, which say "
            f"nothing of how many segments there are: wait for {max(least_customers, 1):,}, or "
            "take --min-customers"
        )
    axes = axes_of(spec, active)
    space = space_of(axes)
    points = space.project(active.columns(space.needs))
    _, out = screened(points, spec.outliers)
    names = tuple(axis.name for axis in axes)
    plain, young = active.columns(names)[~out], is_young(table, spec)
    return Population(spec, names, plain, points[~out], table.instant_ms, young)
