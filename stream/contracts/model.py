"""`SegmentModel`: a version of everything that assigns customers, published whole."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stream.contracts.base import Message, Text, Version
from stream.contracts.instant import Instant
from stream.contracts.lens import LensModel


class SegmentModel(Message):
    """A version of the model. Tasks take it up where a `Promote` names it, never before."""

    type: Literal["segment_model"] = "segment_model"
    """Says what this is."""

    version: Version
    """1, 2, 3 …; the topic has every one, for ever."""

    based_on: Version | None = None
    """The version that it was fitted from and aligned with; null for the first."""

    shape_of: Version | None = None
    """The old version whose shape this one has, where it is a rollback."""

    instant: Instant
    """The event time T of the snapshot that it was made from."""

    created_at: Instant
    """The clock when it was made."""

    fingerprint: str = ""
    """Of the lenses and half-lives that profiles have to be folded with for this model."""

    lenses: Annotated[tuple[LensModel, ...], Field(min_length=1)]
    """Each way of looking, by its name."""

    note: str = ""
    """Why there is this version, in a sentence for people."""

    @model_validator(mode="after")
    def _lenses_are_told_apart(self) -> Self:
        names = [lens.lens for lens in self.lenses]
        if len(set(names)) < len(names):
            raise ValueError("lenses should have names of their own")
        return self

    def lens(self, name: Text) -> LensModel | None:
        """The lens of that name, where the model has it."""
        return next((lens for lens in self.lenses if lens.lens == name), None)

    @property
    def main_lens(self) -> LensModel:
        """The lens that is meant where none is named: `value`, or else the first there is."""
        return self.lens("value") or self.lenses[0]
