"""`model.json` of either kind: read within bounds, and checked before anybody is assigned by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from pydantic import ValidationError

from snapshot.attributes.contract import TableModel
from snapshot.attributes.placing import check_placeable
from stream.contracts.base import explain
from stream.contracts.model import SegmentModel
from stream.errors import InputError, InvalidMessage
from stream.model.lens import compile_lens

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 64 << 20
KINDS: dict[str, type[SegmentModel | TableModel]] = {
    "segment_model": SegmentModel,
    "table_model": TableModel,
}
KNOWN_VERSION = 1


class _Head(msgspec.Struct):
    """What every model says first of itself."""

    type: str = "segment_model"
    schema_version: int = 1


def read_any_model(file: Path) -> SegmentModel | TableModel:
    """Raises InputError for what is no model, or one of a form that this version doesn't know."""
    content = _content(file)
    try:
        head = msgspec.json.decode(content, type=_Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise InvalidMessage(
            f"{file} is no model: `shoal segment FILE --out DIR` writes one as DIR/model.json"
        ) from None
    kind = KINDS.get(head.type)
    if kind is None:
        raise InvalidMessage(f"{file} is no model: it says that it is a {head.type[:40]!r}")
    if head.schema_version > KNOWN_VERSION:
        raise InvalidMessage(
            f"{file} has form {head.schema_version}, and this version of Shoal knows up to "
            f"{KNOWN_VERSION}: update it, or segment again"
        )
    return _checked(file, kind, content)


def _checked(
    file: Path, kind: type[SegmentModel | TableModel], content: bytes
) -> SegmentModel | TableModel:
    try:
        model = kind.model_validate_json(content)
    except ValidationError as error:
        raise InvalidMessage(f"{file} is no model that can be used: {explain(error)}") from None
    if isinstance(model, TableModel):
        return check_placeable(model)
    for lens in model.lenses:
        compiled = compile_lens(lens, model.version)
        compiled.with_shapes(compiled.shapes)  # refuses what lies outside the space
    return model


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(
            f"there is no file {file}: `shoal segment FILE --out DIR` writes DIR/model.json"
        ) from None
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise InputError(f"{file} is larger than {MOST_BYTES >> 20} MiB: is it a model?")
    return content
