"""Customers taken out of a snapshot: the files that had them are written anew without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xxhash import xxh3_128_hexdigest

from snapshot.history.columns import CUSTOMER, LAST_PURCHASE
from snapshot.history.customer_files import keep_customers, read_customers
from snapshot.history.durable import remove_all_but, replace_manifest
from snapshot.history.folders import MANIFEST
from snapshot.history.hashed_ids import hashed
from stream.model.arrays import DAY_MS, NEVER
from stream.profile.graves import GRAVE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from snapshot.history.manifest import CustomersFile, Manifest
    from stream.profile.layout import Rows

    Gone = Callable[[pa.Table], NDArray[np.bool_]]

MOST_AHEAD_MS = DAY_MS
"""No line that counts is further ahead of event time than this (`profiles.ahead_minutes`)."""


def named(ids: Collection[str]) -> Gone:
    """Those with these ids."""
    values = pa.array(sorted(ids), pa.string())
    return lambda customers: np.asarray(pc.is_in(customers[CUSTOMER], value_set=values))


def buried(graves: Rows, instant_ms: int) -> Gone:
    """Those of a snapshot of this instant who were erased since.

    Everybody with a grave is: but who was erased before the instant, and bought something after
    that, has come back as another. Event time may be behind on the customer's partition, and a
    purchase a little ahead of it: in doubt they go.
    """
    graves = np.sort(graves, order=["key", "erased_ms"])
    keys, erased_ms = graves["key"], graves["erased_ms"]

    def gone(customers: pa.Table) -> NDArray[np.bool_]:
        hashes = hashed(customers[CUSTOMER].combine_chunks())
        newest = np.searchsorted(keys, hashes, side="right") - 1
        last_ms = customers[LAST_PURCHASE].cast(pa.int64()).fill_null(NEVER).to_numpy()
        is_from_before = last_ms <= erased_ms[newest] + MOST_AHEAD_MS
        went = (keys[newest] == hashes) & (is_from_before | (erased_ms[newest] >= instant_ms))
        return np.asarray(went, np.bool_)

    return gone


def digest(graves: Rows) -> str:
    """The same for the same graves, in whatever order."""
    return xxh3_128_hexdigest(np.sort(graves, order=list(GRAVE.names or ())).tobytes())


def without(folder: Path, manifest: Manifest, gone: Gone, erasures: str) -> bool:
    """Writes the snapshot without those who are gone; whether there were any.

    In the order of `write_snapshot`: a kill leaves the snapshot as it was, or as it should be,
    and files that no manifest names are taken away by whoever writes next.
    """
    files = [_file_without(folder, file, gone) for file in manifest.customer_files]
    changed = files != list(manifest.customer_files)
    if not changed and erasures == manifest.erasures:
        return False
    customers = sum(file.rows for file in files)
    kept = {"customer_files": tuple(files), "customers": customers, "erasures": erasures}
    manifest = manifest.model_copy(update=kept)
    replace_manifest(folder, manifest.to_json())
    remove_all_but(folder, {MANIFEST, *(file.name for file in manifest.files())})
    return changed


def _file_without(folder: Path, file: CustomersFile, gone: Gone) -> CustomersFile:
    """The same file where it has none of them."""
    leaving = gone(read_customers(folder, file, [CUSTOMER, LAST_PURCHASE]))
    if not leaving.any():
        return file
    number = int(file.name.split("-")[1])
    staying = read_customers(folder, file).filter(pa.array(~leaving))
    return keep_customers(folder, number, staying)
