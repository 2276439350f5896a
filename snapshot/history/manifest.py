"""The manifest of a snapshot: what it is of, which files it has, and what no column can hold."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stream.contracts.base import Message, Part, Text, Version
from stream.contracts.instant import Instant, milliseconds
from stream.contracts.lens import Count
from stream.contracts.segment import SegmentRef

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[a-z]+(-\d+)?-[0-9a-f]{16}\.(parquet|json)$")]


class KeptFile(Part):
    """A file beside the manifest, as it was written."""

    name: FileName
    """Its name; the digits are the first of its hash."""

    bytes: Count
    """How long it is."""

    sha256: Sha256
    """What `sha256sum` says of it."""


class CustomersFile(KeptFile):
    """Some of the customers: Parquet, sorted by id."""

    rows: Count
    """How many."""


class KeptRunning(Part):
    """The centroids that one partition worked with."""

    segments: tuple[Text, ...]
    """The id of the segment that each stands for."""

    positions: tuple[tuple[float, ...], ...]
    """Where each lies, in the lens' space."""


class KeptLens(Part):
    """A lens at the instant."""

    lens: Text
    """Its name."""

    version: Version | None
    """The model's that tasks worked with; null where they had none yet."""

    segments: tuple[SegmentRef, ...] = ()
    """The published segments, named as they were."""

    running: tuple[KeptRunning, ...] = ()
    """Partition by partition."""

    batch_segments: tuple[SegmentRef, ...] = ()
    """The segments of the batch clustering, named as they would be published."""


class Manifest(Message):
    """What a snapshot is made of. It is the last file to be put in place."""

    type: Literal["snapshot"] = "snapshot"
    """Says what this is."""

    instant: Instant
    """The event time T."""

    model_version: Version | None
    """The version that tasks worked with; null before the first."""

    customers: Count
    """How many rows there are in all."""

    first_ms: int | None
    """The first line of anybody, in milliseconds since 1970."""

    features: tuple[Text, ...]
    """The columns that are features, in their order."""

    lenses: tuple[KeptLens, ...] = ()
    """Each lens, by name."""

    customer_files: tuple[CustomersFile, ...]
    """In the order of their customers."""

    report: KeptFile
    """The drift report."""

    events: KeptFile
    """What happened to segments: a JSON list."""

    model: KeptFile | None = None
    """The model that was published with it, where one was."""

    insights: KeptFile | None = None
    """What was to be expected of segments; null where nobody asked, and then no customer has the
    columns of expectations either."""

    erasures: str = ""
    """A digest of the erasures that were obeyed here, so that they are looked for only once."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        rows = sum(file.rows for file in self.customer_files)
        if rows != self.customers:
            raise ValueError(f"customers should be as many as customer_files have, {rows}")
        return self

    @property
    def instant_ms(self) -> int:
        return milliseconds(self.instant)

    def files(self) -> Iterator[KeptFile]:
        """All but the manifest itself."""
        yield from self.customer_files
        yield self.report
        yield self.events
        if self.model is not None:
            yield self.model
        if self.insights is not None:
            yield self.insights
