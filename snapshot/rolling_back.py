"""An old version's shape as the next version. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.published import model_of
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.contracts.model import SegmentModel


def rolled_back(models: Sequence[SegmentModel], version: int) -> SegmentModel:
    """The model to be published: what the old version had, and of lenses that came since, what
    the last one has.

    Its T is that of the version it replaces, so that no other follows earlier than it would have.
    """
    old, last = model_of(models, version), models[-1]
    if old.version == last.version:
        raise InputError(f"version {version} is the one that holds: there is nothing to take back")
    names = {lens.lens for lens in old.lenses}
    since = tuple(lens for lens in last.lenses if lens.lens not in names)
    return old.model_copy(
        update={
            "based_on": last.version,
            "shape_of": old.version,
            "instant": last.instant,
            "lenses": (*old.lenses, *since),
            "note": f"back to version {old.version}",
        }
    )
