"""Some customers with all their features, for pictures that a million points would blacken.

Apart from the other queries because each database draws by means of its own: SQLite looks up rows
at random places, PostgreSQL has `TABLESAMPLE`. As long as nobody comes or goes it is the same
sample at every look, so that a picture doesn't jump.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from consumers.sink.schema import FEATURES, customer_segments, customers
from stream.profile.catalogue import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from app.queries.database import Database
    from stream.model.arrays import Floats

MOST = 5_000
"""Points that can still be told from each other."""

KEPT_SECONDS = 60.0
SEED = 0
SPARE = 1.05
"""Places where somebody was erased are drawn too; SQLite takes 32,766 parameters."""

ROW = sa.literal_column("customers.rowid", sa.BigInteger)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A row a customer."""

    customers: int
    """How many there are of whom it is a sample."""

    segments: tuple[str | None, ...]
    """The id of the segment in the lens; None before the first model."""

    features: Mapping[str, Floats]
    """By the column of the feature."""

    labels: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    """By name, where labels are known at all."""

    def __len__(self) -> int:
        return len(self.segments)

    @property
    def is_whole(self) -> bool:
        """Whether it is everybody."""
        return len(self) >= self.customers


def sample(database: Database, lens: str, most: int = MOST) -> Sample:
    """About `most` customers, drawn with equal chances; everybody where there are no more.

    An answer is kept for a while.
    """
    return database.memory.kept(
        ("sample", lens, most), KEPT_SECONDS, lambda: _sample(database, lens, most)
    )


def _sample(database: Database, lens: str, most: int) -> Sample:
    count = sa.select(sa.func.count()).select_from(customers)
    everybody = int((database.first(count) or [0])[0])
    rows = database.rows(_drawn(database, lens, everybody, most))
    labelled = 1 + len(LABELS)
    values = np.array([row[labelled:] for row in rows], np.float64)
    values = values.reshape(len(rows), len(FEATURES))
    return Sample(
        max(everybody, len(rows)),
        tuple(row[0] for row in rows),
        {name: values[:, place] for place, name in enumerate(FEATURES)},
        {one.name: tuple(row[place] for row in rows) for place, one in enumerate(LABELS, 1)},
    )


def _drawn(database: Database, lens: str, everybody: int, most: int) -> sa.Select[Any]:
    if everybody <= most:
        return _with_segments(customers, lens)
    if not database.is_postgres:
        last = (database.first(sa.select(sa.func.max(ROW)).select_from(customers)) or [0])[0]
        places = _places(int(last or 0), int(most * SPARE * max(1.0, (last or 0) / everybody)))
        return _with_segments(customers, lens).where(ROW.in_(places))
    percent = sa.func.bernoulli(100.0 * most / everybody)
    drawn = customers.tablesample(percent, name="drawn", seed=sa.literal(SEED))
    return _with_segments(drawn, lens)


def _with_segments(source: sa.FromClause, lens: str) -> sa.Select[Any]:
    standing = sa.and_(
        customer_segments.c.customer_id == source.c.customer_id, customer_segments.c.lens == lens
    )
    names = (*(label.name for label in LABELS), *FEATURES)
    columns = (customer_segments.c.segment_id, *(source.c[name] for name in names))
    return sa.select(*columns).select_from(source.outerjoin(customer_segments, standing))


def _places(last: int, count: int) -> list[int]:
    """Row numbers from 1 on, so many of them at random.

    >>> _places(3, 10)
    [1, 2, 3]
    >>> len(_places(1_000_000, 50))
    50
    """
    if count >= last:
        return list(range(1, last + 1))
    drawn = np.random.default_rng(SEED).choice(last, min(count, 32_000), replace=False)
    return [int(place) + 1 for place in drawn]
