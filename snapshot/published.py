"""Every version of the model and every drift report that was published, read from the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from stream.contracts.drift import DriftReport
from stream.contracts.model import SegmentModel
from stream.errors import InputError, InvalidMessage
from stream.log.whole import PATIENCE_SECONDS, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.log.seam import Log

Kind = TypeVar("Kind", SegmentModel, DriftReport)


def published_models(
    log: Log, topic: str, patience_seconds: float = PATIENCE_SECONDS
) -> list[SegmentModel]:
    """All of them, in order; none where the topic was never made.

    Waits until a publication under way is decided, so that the last one here is the last one.
    """
    models = _published(SegmentModel, log, topic, patience_seconds)
    versions = [model.version for model in models]
    if versions != list(range(1, len(versions) + 1)):
        raise InvalidMessage(
            f"{topic} has the versions {_listed(versions)}, and should have 1, 2, 3 …: something "
            "else than `shoal models publish` wrote there. Take another topics.prefix."
        )
    return models


def published_reports(
    log: Log, topic: str, patience_seconds: float = PATIENCE_SECONDS
) -> list[DriftReport]:
    """All of them, the same way."""
    return _published(DriftReport, log, topic, patience_seconds)


def model_of(models: Sequence[SegmentModel], version: int) -> SegmentModel:
    """One version, or an error that says which there are."""
    if not models:
        raise InputError("there is no model yet: `shoal snapshot` makes one")
    if not 1 <= version <= len(models):
        raise InputError(f"the model has no version {version}: 1 to {len(models)} are there")
    return models[version - 1]


def _published(kind: type[Kind], log: Log, topic: str, patience_seconds: float) -> list[Kind]:
    return [
        _read(kind, topic, offset, record.value)
        for offset, record in whole(log, topic, patience_seconds)
    ]


def _read(kind: type[Kind], topic: str, offset: int, value: bytes | None) -> Kind:
    try:
        return kind.from_json(value)
    except InvalidMessage as error:
        raise InvalidMessage(f"{topic}, record {offset}: {error}") from None


def _listed(versions: list[int]) -> str:
    shown = ", ".join(map(str, versions[:10]))
    return f"{shown} …" if len(versions) > 10 else shown
