"""What the commands about models are made of: settings, the log, the clock, and `snapshot`.

Apart from the commands so that these only read flags and print.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from snapshot.active import needed_features
from snapshot.as_learned import partition_export, version_export
from snapshot.comparing import differences, renewal_events
from snapshot.fitting import Enough, first_model
from snapshot.model_files import check_model, read_model
from snapshot.numbering import numbered
from snapshot.partitions import read_partition, read_partitions
from snapshot.published import model_of, published_models
from snapshot.publishing import Publication, Publisher
from snapshot.rolling_back import rolled_back
from snapshot.table import latest_instant, table_of
from stream.errors import InputError
from stream.profile.catalogue import catalogue
from stream.settings.fingerprint import fingerprint
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.wiring import Wiring
    from snapshot.comparing import LensDifference
    from snapshot.river_export import RiverExport
    from stream.contracts.model import SegmentModel
    from stream.log.seam import Log
    from stream.settings.lenses import LensSpec


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a fit is asked for."""

    k: int | None
    lenses: tuple[str, ...] = ()
    """Empty: every lens that is on."""

    enough: Enough = Enough()  # noqa: RUF009 (frozen)


class Difference(NamedTuple):
    """Two versions, and what became of lenses and segments between them."""

    before: SegmentModel
    after: SegmentModel
    lenses: tuple[LensDifference, ...]


def fit(wiring: Wiring, wanted: Wanted) -> SegmentModel:
    """The model as it would be published now."""
    with wiring.open_existing_log() as log:
        models = published_models(log, wiring.topics().models)
        last = models[-1] if models else None
        return numbered(_fitted(wiring, log, wanted, last), last, _now())


def fit_and_publish(wiring: Wiring, wanted: Wanted) -> SegmentModel:
    """The same, and published; while it fits, nobody else publishes."""
    with wiring.open_existing_log() as log, Publisher(log, wiring.topics()) as publisher:
        return publisher.publish(_fitted(wiring, log, wanted, publisher.last), _now())


def publish_file(wiring: Wiring, file: Path) -> SegmentModel:
    """What the model in a file was published as."""
    model = read_model(file, wiring.settings.log.max_message_bytes)
    settings = wiring.settings
    known = [feature.name for feature in catalogue(settings.profiles.half_life_days)]
    checked = check_model(model, known, fingerprint(settings))
    with wiring.open_existing_log() as log, Publisher(log, wiring.topics()) as publisher:
        return publisher.publish(checked, _now())


def models_of(wiring: Wiring) -> list[SegmentModel]:
    """Every version, in order."""
    with wiring.open_existing_log() as log:
        return published_models(log, wiring.topics().models)


def difference(wiring: Wiring, before: int, after: int) -> Difference:
    """Two versions held against each other."""
    models = models_of(wiring)
    first, second = model_of(models, before), model_of(models, after)
    return Difference(first, second, differences(first, second))


def roll_back(wiring: Wiring, version: int) -> SegmentModel:
    """What the old version was published as, with what that does to segments."""
    settings = wiring.settings
    known = [feature.name for feature in catalogue(settings.profiles.half_life_days)]
    with wiring.open_existing_log() as log, Publisher(log, wiring.topics()) as publisher:
        created_at = _now()
        model = check_model(rolled_back(publisher.models, version), known, fingerprint(settings))
        last = publisher.models[-1]
        made = numbered(model, last, created_at)
        events = renewal_events(last, made, created_at)
        publisher.publish_all(Publication(model=made, events=events), created_at)
        return made


def export_version(wiring: Wiring, version: int | None) -> RiverExport:
    """A version as it was published; the last one where none is named."""
    models = models_of(wiring)
    return version_export(model_of(models, len(models) if version is None else version))


def export_partition(wiring: Wiring, partition: int) -> RiverExport:
    """The model as a partition has learned on."""
    with wiring.open_existing_log() as log:
        topics = wiring.topics()
        state = read_partition(log, topics, wiring.settings, partition)
        return partition_export(published_models(log, topics.models), state)


def _fitted(wiring: Wiring, log: Log, wanted: Wanted, last: SegmentModel | None) -> SegmentModel:
    """Fitted afresh; lenses that were not asked for stay as they were in the last version."""
    settings = wiring.settings
    on = lens_specs(settings)
    specs = _chosen(on, wanted.lenses)
    partitions = [state.profiles for state in read_partitions(log, wiring.topics(), settings)]
    table = table_of(partitions, needed_features(specs), latest_instant(partitions))
    numbers = {lens.lens: lens.next_segment for lens in last.lenses} if last else {}
    model = first_model(
        table,
        specs,
        _now(),
        k=wanted.k,
        enough=wanted.enough,
        fingerprint=fingerprint(settings),
        first_numbers=numbers,
    )
    others = {spec.name for spec in on} - {spec.name for spec in specs}
    kept = [lens for lens in last.lenses if lens.lens in others] if last else []
    return model.model_copy(update={"lenses": (*model.lenses, *kept)})


def _chosen(specs: Sequence[LensSpec], names: Sequence[str]) -> list[LensSpec]:
    known = {spec.name: spec for spec in specs}
    for name in names:
        if name not in known:
            raise InputError(
                f"lens {name!r} is not on: there is {', '.join(known)}; [lenses.{name}] in the "
                "settings turns it on"
            )
    return [known[name] for name in dict.fromkeys(names or known)]


def _now() -> datetime:
    return datetime.now(UTC)
