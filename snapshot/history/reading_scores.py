"""What a snapshot expected of its customers, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.enriching import Scores
from snapshot.history.columns import SCORED
from snapshot.history.reading import parts
from stream.contracts.scores import LISTS, NUMBERS
from stream.errors import FeatureError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from snapshot.history.manifest import Manifest


def read_scores(folder: Path, manifest: Manifest, names: Sequence[str]) -> Scores | None:
    """These columns; None where nothing was asked of that snapshot."""
    unknown = [name for name in names if name not in SCORED]
    if unknown:
        raise FeatureError(f"{unknown[0]!r} is none of {', '.join(SCORED)}")
    if manifest.insights is None:
        return None
    numbers = {name: np.empty(manifest.customers) for name in names if name in NUMBERS}
    products: dict[str, list[tuple[str, ...]]] = {name: [] for name in names if name in LISTS}
    for rows, part in parts(folder, manifest, list(names)):
        for name, column in numbers.items():
            column[rows] = part[name].to_numpy()
        for name, lists in products.items():
            lists.extend(map(tuple, part[name].to_pylist()))
    return Scores(numbers, products)
