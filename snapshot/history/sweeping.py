"""What a writer that was killed left behind, taken away by the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.history.durable import remove_all_but, remove_folder
from snapshot.history.folders import MANIFEST, instant_of
from snapshot.history.reading import read_manifest
from stream.errors import HistoryError

if TYPE_CHECKING:
    from pathlib import Path


def sweep(snapshots: Path) -> None:
    """Snapshots without a manifest, and files that no manifest names.

    A snapshot whose manifest can't be read is left as it is: somebody may want to repair it.
    """
    for folder in sorted(snapshots.iterdir()):
        if instant_of(folder.name) is None or not folder.is_dir():
            continue
        try:
            manifest = read_manifest(folder)
        except HistoryError:
            continue
        if manifest is None:
            remove_folder(folder)
        else:
            remove_all_but(folder, {MANIFEST, *(file.name for file in manifest.files())})
