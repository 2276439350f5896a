"""What a block says of itself: whose it is, where it stands in its chain, and which model it knew.

JSON in the schema metadata of every part; apart because who looks for nothing else, such as the
block that ends at a midnight, can read it alone.
"""

from __future__ import annotations

from itertools import chain
from typing import Literal

import msgspec

from stream.errors import BlockError
from stream.log.known import LastRead  # noqa: TC001 (msgspec reads it when it runs)

SCHEMA = 1
"""Grows with every change of what blocks mean. Newer ones are refused, older ones migrated."""

DELTA: Literal["delta"] = "delta"
CHECKPOINT: Literal["checkpoint"] = "checkpoint"
LARGEST_COORDINATE = 1e300


class LensHead(msgspec.Struct, frozen=True, kw_only=True):
    """A lens as the task holds it; rows' segments are places in `segments`."""

    name: str
    version: int
    """Of the model that it is from; older than the head's where that one has no such lens."""

    needs: tuple[str, ...]
    """The features in `NAME.seen`, in this order."""

    segments: tuple[tuple[str, str], ...]
    """Id and name by code."""

    positions: tuple[tuple[float, ...], ...]
    """The centroids, where the task's learner has moved them."""

    centroid_segments: tuple[int, ...]
    """The code of the segment that each of them stands for."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in a block but its tables.

    Only the first part of a block has `lenses` and `outcomes`; the others leave them empty.
    """

    schema: int = SCHEMA
    group: str
    topic: str
    """The topic that was read."""

    partitions: int
    partition: int
    fingerprint: str
    """Of the lenses and half-lives that the profiles were folded with."""

    sequence: int
    """1, 2, 3 …, deltas and checkpoints alike."""

    kind: Literal["delta", "checkpoint"]
    part: int = 0
    parts: int = 1
    begin: int
    """The input position that the block starts from: where the one before ended."""

    end: int
    last: LastRead | None = None
    """The last record before that position or a bit earlier, where the input has one; a topic
    that was made anew is told by it."""

    half_life_ms: int
    """How long it takes decayed sums to halve: what the landmark moves by."""

    customers: int
    """Rows, those of erased customers included."""

    marks: tuple[int, ...]
    """`stream.profile.kept`: times, the landmark, how many orders there ever were."""

    opened: int = 0
    """How many orders were ever opened to be looked at."""

    midnight: int | None = None
    """The midnight (ms since 1970) that the block ends at, if it ends at one."""

    model_version: int | None = None
    promoted_ms: int | None = None
    """The T of the last `Promote`."""

    lenses: tuple[LensHead, ...] = ()
    outcomes: dict[str, int] = {}
    """What became of every record read so far."""

    @property
    def is_checkpoint(self) -> bool:
        """Whether it replaces all that came before."""
        return self.kind == CHECKPOINT

    def of_part(self, part: int, parts: int) -> Head:
        """The head of one of a block's parts."""
        if part == 0:
            return msgspec.structs.replace(self, part=part, parts=parts)
        return msgspec.structs.replace(self, part=part, parts=parts, lenses=(), outcomes={})

    def lens(self, name: str) -> LensHead | None:
        return next((lens for lens in self.lenses if lens.name == name), None)


class _Schema(msgspec.Struct):
    schema: int


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Head)
_schema_decoder = msgspec.json.Decoder(_Schema)


def encode_head(head: Head) -> bytes:
    """As JSON, floats with all their bits."""
    _check(head)
    return _encoder.encode(head)


def decode_head(value: bytes) -> Head:
    """The head of a part, if it is one, and of a schema that this version knows."""
    try:
        schema = _schema_decoder.decode(value).schema
        if schema > SCHEMA:
            raise BlockError(
                f"is of schema {schema}, and this version of Shoal reads blocks up to {SCHEMA}: "
                "start the version that wrote it, or a later one"
            )
        head = _decoder.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BlockError(f"is no profile block: its head can't be read ({error})") from error
    _check(head)
    return head


def _check(head: Head) -> None:
    """What the types don't say."""
    is_sound = (
        head.schema >= 1
        and 0 <= head.partition < head.partitions
        and head.sequence >= 1
        and 0 <= head.part < head.parts
        and 0 <= head.begin <= head.end
        and 0 <= head.customers < 2**31
        and head.half_life_ms > 0
    )
    if not is_sound:
        raise BlockError("is no profile block: its head contradicts itself")
    for lens in head.lenses:
        _check_lens(lens)


def _check_lens(lens: LensHead) -> None:
    sides = {len(position) for position in lens.positions}
    codes = lens.centroid_segments
    if len(sides) > 1 or len(lens.positions) != len(codes):
        raise BlockError(f"has centroids of lens {lens.name!r} that don't belong together")
    count = len(lens.segments)
    if count >= 2**15 or (codes and not 0 <= min(codes) <= max(codes) < count):
        raise BlockError(f"has centroids of lens {lens.name!r} without a segment")
    if not all(abs(place) <= LARGEST_COORDINATE for place in chain.from_iterable(lens.positions)):
        raise BlockError(f"has a centroid of lens {lens.name!r} at no finite place")
