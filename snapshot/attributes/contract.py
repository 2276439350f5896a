"""`TableModel`: everything that assigns a customer by a table's columns, in a file.

The lens is as in any model; what comes before it is how columns become its axes.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stream.contracts.base import Message, Part, Text
from stream.contracts.instant import Instant
from stream.contracts.lens import Count, LensModel, Positive, Share


class NumberColumn(Part):
    """One axis, of the column's name."""

    kind: Literal["number"] = "number"
    name: Text
    imputed: float
    """The median, which stands for what is missing."""


class DateColumn(Part):
    """One axis: how many days before `reference` it was."""

    kind: Literal["date"] = "date"
    name: Text
    imputed: float
    """The median, in days before the reference."""

    reference: Instant
    """The newest date of the table that was fitted on."""


class CategoryColumn(Part):
    """An axis a level, 1 where the customer has it and else 0."""

    kind: Literal["category"] = "category"
    name: Text
    levels: Annotated[tuple[Text, ...], Field(min_length=1, max_length=100)]
    """The commonest first."""

    others: bool = False
    """Whether one more axis stands for all rarer levels."""

    imputed: Text
    """The commonest level, which stands for what is missing."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if len(set(self.levels)) < len(self.levels) or self.imputed not in self.levels:
            raise ValueError(
                f"the levels of {self.name} should each be there once, with what stands for the "
                "missing ones among them"
            )
        return self


Column = Annotated[NumberColumn | DateColumn | CategoryColumn, Field(discriminator="kind")]


class Members(Part):
    """Customers of the fit and their segments: what a new one is compared with where segments have
    shapes that centroids can't say."""

    positions: Annotated[tuple[tuple[float, ...], ...], Field(min_length=1, max_length=5_000)]
    segments: tuple[Count, ...]
    """For each the place of its centroid in the lens."""

    reach: Positive
    """Who has nobody within this distance is in no segment."""


class Quality(Part):
    """How good the fit is, by measures that need no truth."""

    inertia: Annotated[float, Field(ge=0)]
    silhouette: float | None = None
    davies_bouldin: float | None = None
    calinski_harabasz: float | None = None
    stability: float | None = None
    """The bootstrap ARI; null where it wasn't asked."""

    smallest_share: Share = 0.0


class TableModel(Message):
    """The segments of a table with a row a customer."""

    type: Literal["table_model"] = "table_model"
    """Says what this is."""

    id_column: Text | None = None
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=1_000)]
    """In the order of the axes that they make."""

    algorithm: Text
    lens: LensModel
    quality: Quality
    members: Members | None = None
    """None: a customer is where the nearest centroid is."""

    agreement: Share = 1.0
    """The share of the fitted customers who are predicted to be where the clusterer put them."""

    kinds: tuple[Text, ...] = ()
    """For each centroid the kind of customer that a playbook may know it by; empty: unknown."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        wanted = [axis for column in self.columns for axis in axes_of(column)]
        if wanted != [feature.name for feature in self.lens.features]:
            raise ValueError("columns and lens.features should be about the same axes")
        if self.kinds and len(self.kinds) != len(self.lens.centroids):
            raise ValueError("kinds should be as many as the lens has centroids")
        found = self.members
        if found is not None:
            lengths = {len(position) for position in found.positions}
            inside = all(place < len(self.lens.centroids) for place in found.segments)
            if len(found.segments) != len(found.positions) or lengths != {len(wanted)}:
                raise ValueError("members should have a segment each, and a coordinate an axis")
            if not inside:
                raise ValueError("members should be of segments that the lens has")
        return self


OTHERS = "other"


def axes_of(column: NumberColumn | DateColumn | CategoryColumn) -> list[str]:
    """What the axes of a column are called.

    >>> axes_of(CategoryColumn(name="gender", levels=("Female", "Male"), imputed="Female"))
    ['gender: Female', 'gender: Male']
    """
    if not isinstance(column, CategoryColumn):
        return [column.name]
    levels = [*column.levels, *([f"({OTHERS})"] if column.others else [])]
    return [f"{column.name}: {level}" for level in levels]
