"""A snapshot's folder read back: its manifest, the moment that it is of, some of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from snapshot.history.columns import CUSTOMER, LAST_PURCHASE, PARTITION, SEGMENT_ID, of_lens
from snapshot.history.customer_files import read_customers
from snapshot.history.folders import MANIFEST, in_words, instant_of
from snapshot.history.hashed_ids import hashed
from snapshot.history.manifest import Manifest
from snapshot.moment import LensAt, Moment, Running
from snapshot.table import CustomerTable
from stream.errors import FeatureError, HistoryError, InvalidMessage
from stream.model.arrays import NEVER, NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from snapshot.history.manifest import KeptLens, KeptRunning
    from stream.model.arrays import Ints

NEWEST_FORM = 1
LOW_HALF = 2**32 - 1


def read_manifest(folder: Path) -> Manifest | None:
    """None where there is none, and so no snapshot."""
    file = folder / MANIFEST
    try:
        manifest = Manifest.from_json(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise HistoryError(f"{file} can't be read: {error.strerror}") from None
    except InvalidMessage as error:
        raise HistoryError(f"{file} is {error}") from None
    if manifest.schema_version > NEWEST_FORM:
        raise HistoryError(
            f"{file} has form {manifest.schema_version}, and this Shoal knows {NEWEST_FORM}: "
            "read it with the newer Shoal that wrote it"
        )
    if manifest.instant_ms != instant_of(folder.name):
        raise HistoryError(f"{file} is of another instant than its folder: was that renamed?")
    return manifest


def read_moment(
    folder: Path, manifest: Manifest, names: Sequence[str] | None, share: float = 1.0
) -> Moment:
    """With these features, or with all; of all customers, or of about such a share of them."""
    wanted = manifest.features if names is None else tuple(names)
    check_features(manifest, wanted)
    lenses = [lens for lens in manifest.lenses if lens.version is not None]
    ids: list[str] = []
    features = np.empty((len(wanted), manifest.customers)).T
    last_ms, partition = (np.empty(manifest.customers, np.int64) for _ in range(2))
    published = {lens.lens: np.empty(manifest.customers, np.int64) for lens in lenses}
    columns = [CUSTOMER, PARTITION, LAST_PURCHASE, *wanted, *(_published(one) for one in lenses)]
    for _, whole in parts(folder, manifest, list(dict.fromkeys(columns))):
        part = sampled(whole, share)
        rows = slice(len(ids), len(ids) + len(part))
        ids += part[CUSTOMER].to_pylist()
        partition[rows] = part[PARTITION].to_numpy()
        last_ms[rows] = part[LAST_PURCHASE].cast(pa.int64()).fill_null(NEVER).to_numpy()
        for place, name in enumerate(wanted):
            features[rows, place] = part[name].to_numpy()
        for lens in lenses:
            published[lens.lens][rows] = segment_codes(lens, part)
    there = slice(len(ids))
    features, last_ms, partition = features[there], last_ms[there], partition[there]
    first_ms = NEVER if manifest.first_ms is None else manifest.first_ms
    table = CustomerTable(tuple(ids), wanted, features, last_ms, manifest.instant_ms, first_ms)
    found = {lens.lens: _lens_at(lens, published[lens.lens][there]) for lens in lenses}
    return Moment(table, partition, manifest.model_version, found)


def parts(
    folder: Path, manifest: Manifest, columns: Sequence[str] | None = None
) -> Iterator[tuple[slice, pa.Table]]:
    """These columns, or all, file by file, each with the rows of the table that it has."""
    first = 0
    for file in manifest.customer_files:
        part = read_customers(folder, file, columns)
        yield slice(first, first + len(part)), part
        first += len(part)


def sampled(customers: pa.Table, share: float) -> pa.Table:
    """Those whom the lower half of the hash of their id chooses: the same in every snapshot."""
    if share >= 1:
        return customers
    low = hashed(customers[CUSTOMER].combine_chunks()) & np.uint64(LOW_HALF)
    return customers.filter(pa.array(low < int(share * (LOW_HALF + 1))))


def segment_codes(lens: KeptLens, part: pa.Table) -> Ints:
    """For each customer the place of the published segment in `lens.segments`, or `NONE`."""
    ids = pa.array([segment.id for segment in lens.segments], pa.string())
    found = pc.index_in(part[_published(lens)].cast(pa.string()), value_set=ids)
    codes: Ints = found.fill_null(NONE).to_numpy().astype(np.int64)
    return codes


def check_features(manifest: Manifest, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in manifest.features]
    if missing:
        raise FeatureError(
            f"the snapshot of {in_words(manifest.instant_ms)} has no feature {missing[0]!r}: "
            f"it has {', '.join(manifest.features)}"
        )


def _published(lens: KeptLens) -> str:
    return of_lens(lens.lens, SEGMENT_ID)


def _lens_at(lens: KeptLens, published: Ints) -> LensAt:
    running = tuple(map(_running, lens.running))
    return LensAt(lens.version or 0, lens.segments, published, running)


def _running(kept: KeptRunning) -> Running:
    axes = len(kept.positions[0]) if kept.positions else 0
    positions = np.array(kept.positions, np.float64).reshape(len(kept.positions), axes)
    return Running(positions, kept.segments)
