"""Parts of a snapshot looked up: one customer, one lens, everybody's segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from snapshot.history.columns import CUSTOMER, SEGMENT_ID, of_lens
from snapshot.history.customer_files import read_customers
from snapshot.history.folders import in_words
from snapshot.history.migrating import Standings
from snapshot.history.reading import parts, segment_codes
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from snapshot.history.manifest import KeptLens, Manifest


def lens_of(manifest: Manifest, name: str) -> KeptLens:
    """A lens that customers had segments in."""
    there = {lens.lens: lens for lens in manifest.lenses if lens.version is not None}
    if name not in there:
        known = f"there is {', '.join(there)}" if there else "no model was there yet"
        raise InputError(
            f"the snapshot of {in_words(manifest.instant_ms)} has no segments in the lens "
            f"{name!r}: {known}"
        )
    return there[name]


def row_of(folder: Path, manifest: Manifest, customer_id: str) -> dict[str, Any]:
    """A customer's columns; `InputError` where the snapshot doesn't have them."""
    for file in manifest.customer_files:
        customers = read_customers(folder, file, [CUSTOMER])[CUSTOMER]
        place = pc.index(customers, customer_id).as_py()
        if place >= 0:
            row: dict[str, Any] = read_customers(folder, file).slice(place, 1).to_pylist()[0]
            return row
    raise InputError(
        f"customer {customer_id!r} is not in the snapshot of {in_words(manifest.instant_ms)}: "
        "they came later, or were erased"
    )


def standings_in(folder: Path, manifest: Manifest, lens: KeptLens) -> Standings:
    """Everybody's segment in a lens; reads nothing else."""
    columns = [CUSTOMER, of_lens(lens.lens, SEGMENT_ID)]
    found = [part for _, part in parts(folder, manifest, columns)]
    return Standings(
        manifest.instant_ms,
        pa.concat_arrays(_chunks(found)),
        lens.segments,
        np.concatenate([segment_codes(lens, part) for part in found]),
    )


def _chunks(parts: Iterable[pa.Table]) -> list[pa.Array]:
    return [part[CUSTOMER].combine_chunks() for part in parts]
