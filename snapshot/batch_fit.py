"""What a batch clustering of one lens at one instant came to, aligned with what runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stream.contracts.lens import LensModel
    from stream.model.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class BatchFit:
    """A lens fitted on the active customers of a moment."""

    lens: LensModel
    """As it would be published: survivors have their ids and names, the newborn new ones."""

    active: NDArray[np.bool_]
    """For each customer of the moment's table whether no rule takes them."""

    labels: Ints
    """For each active customer the place in `lens.centroids`."""

    points: Floats
    """The active customers in the lens' space, a row each."""

    outlier_scores: Floats
    """For each active customer from 0 (ordinary) to 1; zeros where nobody was screened."""

    outliers: NDArray[np.bool_]
    """For each active customer whether the fit left them out."""
