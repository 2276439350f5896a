"""Centroids as a task has moved them, in a file: to go on with them in River, and to put them back.

JSON, never a pickle: such a file is handed around, and reading one must not run anything.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from stream.contracts.base import Message, Part, Text
from stream.contracts.lens import LensModel
from stream.contracts.model import SegmentModel
from stream.errors import FeatureError, InputError
from stream.model.learning import step_of
from stream.model.river_objects import from_river, to_river

if TYPE_CHECKING:
    from river.cluster import KMeans

    from stream.model.arrays import Floats


class RiverLens(Part):
    """What River is told about a lens besides its centroids."""

    lens: Text
    """Its name."""

    active: Annotated[int, Field(ge=0)]
    """How many customers the centroids learn from in a day."""

    step: Annotated[float, Field(ge=0, le=1)]
    """How far a centroid goes toward each of them; River calls it `halflife`."""


class RiverExport(Message):
    """A model whose centroids stand where learning has carried them."""

    type: Literal["river_export"] = "river_export"
    """Says what this is."""

    partition: Annotated[int, Field(ge=0)] | None = None
    """Whose centroids these are; null for those that were published."""

    model: SegmentModel
    """The version that they started from, with the centroids of now."""

    lenses: Annotated[tuple[RiverLens, ...], Field(min_length=1)]
    """The model's lenses, in its order."""

    @model_validator(mode="after")
    def _says_it_of_every_lens(self) -> Self:
        if [one.lens for one in self.lenses] != [lens.lens for lens in self.model.lenses]:
            raise ValueError("lenses should be those of the model")
        return self

    def kmeans(self, lens: str) -> "KMeans":
        """A live `river.cluster.KMeans`; its features are 0, 1, 2 …, the axes of the lens.

        It learns from points of the lens' space: (transform(feature) - centre) / scale.
        """
        step = next(one.step for one in self.lenses if one.lens == self._lens(lens).lens)
        return to_river(positions_of(self._lens(lens)), step)

    def with_kmeans(self, lens: str, kmeans: "KMeans") -> SegmentModel:
        """The model with its centroids where River has them now, to be published."""
        return with_positions(self.model, self._lens(lens), from_river(kmeans))

    def _lens(self, name: str) -> LensModel:
        found = self.model.lens(name)
        if found is None:
            known = ", ".join(one.lens for one in self.lenses)
            raise InputError(f"the model has no lens {name!r}: it has {known}")
        return found


def river_export(
    model: SegmentModel, active: Mapping[str, int], partition: int | None = None
) -> RiverExport:
    """The file of a model, from how many customers each lens learns."""
    return RiverExport(
        partition=partition,
        model=model,
        lenses=tuple(
            RiverLens(lens=lens.lens, active=active[lens.lens], step=_step(lens, active[lens.lens]))
            for lens in model.lenses
        ),
    )


def positions_of(lens: LensModel) -> "Floats":
    """Where its centroids are, a row each."""
    return np.array([centroid.position for centroid in lens.centroids], np.float64)


def with_positions(model: SegmentModel, lens: LensModel, positions: "Floats") -> SegmentModel:
    """The model with the same centroids of a lens in other places."""
    if positions.shape != positions_of(lens).shape:
        raise FeatureError(
            f"lens {lens.lens!r} has {len(lens.centroids)} centroids of {len(lens.features)} "
            f"coordinates, not {len(positions)} of {positions.shape[1]}: keep n_clusters, and "
            "teach points of this lens"
        )
    centroids = tuple(
        centroid.model_copy(update={"position": tuple(position)})
        for centroid, position in zip(lens.centroids, positions.tolist(), strict=True)
    )
    moved = lens.model_copy(update={"centroids": centroids})
    lenses = tuple(moved if one.lens == lens.lens else one for one in model.lenses)
    note = f"version {model.version} with the centroids of {lens.lens!r} moved by River"
    return model.model_copy(
        update={"lenses": lenses, "based_on": model.version, "shape_of": None, "note": note}
    )


def _step(lens: LensModel, active: int) -> float:
    learning = lens.learning
    return step_of(
        active,
        len(lens.centroids),
        factor=learning.step_factor,
        largest=learning.largest_step,
    )
