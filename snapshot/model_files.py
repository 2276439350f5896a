"""A model from a file: read within bounds, and checked for what the tasks would stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.contracts.model import SegmentModel
from stream.errors import InputError, InvalidMessage
from stream.model.lens import compile_lens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read_model(file: Path, most_bytes: int) -> SegmentModel:
    """The model in a file. Its version doesn't matter: publishing gives it the next one."""
    try:
        return SegmentModel.from_json(_content(file, most_bytes))
    except InvalidMessage as error:
        raise InvalidMessage(f"{file} is {error}") from None


def check_model(model: SegmentModel, known: Sequence[str], fingerprint: str) -> SegmentModel:
    """The model, if tasks that run with these features and settings can take it up.

    One without a fingerprint is made by hand, and gets that of the settings.
    """
    for lens in model.lenses:
        compiled = compile_lens(lens, model.version)
        compiled.space.columns_in(known)
        compiled.with_shapes(compiled.shapes)  # refuses what lies outside the space
    if model.fingerprint not in {"", fingerprint}:
        raise InputError(
            "the model is for profiles folded with other settings ([profiles] or [lenses]) than "
            "these: publish it with the settings it was fitted with, or fit one with these"
        )
    return model.model_copy(update={"fingerprint": fingerprint})


def _content(file: Path, most_bytes: int) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(most_bytes + 1)
    except FileNotFoundError:
        raise InputError(f"there is no file {file}: `shoal models fit --out` writes one") from None
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror}") from None
    if len(content) > most_bytes:
        raise InputError(
            f"{file} is larger than the {most_bytes:,} bytes that a record may have "
            "(log.max_message_bytes): is it a model?"
        )
    return content
