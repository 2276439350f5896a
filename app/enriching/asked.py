"""Who is asked at each snapshot, in order: what comes later may use what those before it said."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from app.enriching.churn import ChurnRisk
from app.enriching.lifetime import LifetimeValue
from app.enriching.products import Products
from app.enriching.recommending import Recommending
from app.enriching.segments import Segments
from snapshot.history import history_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from snapshot.enriching import Enricher
    from stream.log.seam import Log
    from stream.settings import Settings
    from stream.topics import Topics


@contextmanager
def enrichers(log: Log, topics: Topics, settings: Settings) -> Iterator[Sequence[Enricher]]:
    """As the settings have it; nobody where insights are off."""
    said, past = settings.insights, history_of(settings)
    if not said.enabled:
        yield ()
        return
    with ExitStack() as opened:
        asked: list[Enricher] = [
            LifetimeValue(past, said.clv_weeks),
            ChurnRisk(past, settings.profiles.half_life_days),
        ]
        if said.recommend:
            recommending = opened.enter_context(closing(Recommending(log, topics, settings)))
            asked.append(Products(recommending))
        yield (*asked, Segments())
