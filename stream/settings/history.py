"""Where snapshots are kept, and for how long."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from stream.settings.section import Section, extra


class HistorySettings(Section):
    """What `shoal snapshot` keeps, and `shoal at` and `shoal migrations` read."""

    directory: Annotated[Path | None, Field(json_schema_extra=extra(flag="--history"))] = None
    """The folder that snapshots are kept in; no two prefixes may share one. Unset: a folder named
    for the consumer group under `history` in the working directory, `history/shoal`."""

    keep_count: Annotated[int | None, Field(ge=1, le=1_000_000)] = None
    """How many snapshots are kept. Unset: no bound."""

    keep_days: Annotated[float | None, Field(gt=0, le=36_500, allow_inf_nan=False)] = 400
    """How long they are kept: days of event time before the newest one. The drift of order value
    looks 28 days back. With both bounds a snapshot has to be within each."""
