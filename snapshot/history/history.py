"""The history of snapshots in a directory: the one thing that others use of this package.

Writers come one after the other; readers ask nobody, and see what was there when they began.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter

from snapshot.history import erasing
from snapshot.history.columns import SCORED
from snapshot.history.customer_files import read_kept
from snapshot.history.durable import make_folder, remove_folder, written_to
from snapshot.history.exporting import export
from snapshot.history.finding import lens_of, row_of, standings_in
from snapshot.history.folders import MANIFEST, folder_name, in_words, instant_of
from snapshot.history.migrating import migrations
from snapshot.history.reading import check_features, read_manifest, read_moment
from snapshot.history.reading_scores import read_scores
from snapshot.history.retention import outlived
from snapshot.history.summing import summaries
from snapshot.history.sweeping import sweep
from snapshot.history.writer_lock import alone
from snapshot.history.writing import write_snapshot
from stream.contracts.drift import DriftReport
from stream.contracts.insight_report import InsightReport
from stream.contracts.model import SegmentModel
from stream.contracts.segment_event import SegmentEvent
from stream.errors import HistoryError, InputError
from stream.profile.layout import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from snapshot.enriching import Enriched, Scores
    from snapshot.history.manifest import Manifest
    from snapshot.history.migrating import Migrations, Standings
    from snapshot.history.summing import LensSummary
    from snapshot.moment import Moment
    from snapshot.reconciling import Reconciled
    from stream.profile.layout import Rows
    from stream.settings import Settings

    Row = dict[str, Any]

Found = TypeVar("Found")

EVENTS = TypeAdapter(tuple[SegmentEvent, ...])

PATIENCE_SECONDS = 60.0
ATTEMPTS = 5
"""How often a reader begins again because what it read was rewritten under it."""


def history_of(settings: Settings) -> History:
    """Where the settings say, or in a folder named for the consumer group."""
    return History(settings.history.directory or Path("history", settings.group))


class History:
    """Snapshots by their instants, in milliseconds since 1970.

    Reading a history that isn't there finds nothing and makes nothing.
    """

    def __init__(self, directory: Path | str, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.directory = Path(directory)
        self._snapshots = self.directory / "snapshots"
        self._patience_seconds = patience_seconds

    def write(
        self, moment: Moment, reconciled: Reconciled, enriched: Enriched | None = None
    ) -> Manifest:
        """Keeps a moment and what was found in it; one of the same instant is replaced."""
        if moment.instant_ms == NEVER:
            raise InputError("there is nothing to keep: no transaction was folded yet")
        with self._writing():
            return write_snapshot(self._folder(moment.instant_ms), moment, reconciled, enriched)

    def instants(self) -> tuple[int, ...]:
        """Of the snapshots there are, the oldest first."""
        try:
            names = [folder.name for folder in self._snapshots.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise HistoryError(f"{self._snapshots} can't be read: {error.strerror}") from None
        found = sorted(at for name in names if (at := instant_of(name)) is not None)
        return tuple(at for at in found if self._is_there(at))

    def at(self, when_ms: int) -> int:
        """The instant of the latest snapshot at or before; `InputError` where all are later."""
        instants = self.instants()
        before = [at for at in instants if at <= when_ms]
        if before:
            return before[-1]
        if not instants:
            raise InputError(
                f"there are no snapshots in {self.directory} yet: `shoal snapshot` makes them"
            )
        raise InputError(
            f"there is no snapshot as early as that in {self.directory}: the first of "
            f"{len(instants):,} is of {in_words(instants[0])}, the last of "
            f"{in_words(instants[-1])}"
        )

    def manifest(self, instant_ms: int) -> Manifest:
        """What a snapshot is made of."""
        found = read_manifest(self._folder(instant_ms))
        if found is None:
            raise InputError(f"{self.directory} has no snapshot of {in_words(instant_ms)}")
        return found

    def read(
        self, instant_ms: int, names: Sequence[str] | None = None, share: float = 1.0
    ) -> Moment:
        """The moment as it was written, to the bit; with these features only, where named.

        A smaller share is about so many of its customers, the same ones at every instant.
        """
        return self._steadily(instant_ms, lambda folder, of: read_moment(folder, of, names, share))

    def scores(self, instant_ms: int, names: Sequence[str] = SCORED) -> Scores | None:
        """What was expected of each customer, in these columns, in the order of `read`; None where
        nothing was asked of that snapshot."""
        return self._steadily(instant_ms, lambda folder, of: read_scores(folder, of, names))

    def insights(self, instant_ms: int) -> InsightReport | None:
        """What was expected of segments, and how far to believe it; None as for `scores`."""

        def read(folder: Path, manifest: Manifest) -> InsightReport | None:
            kept = manifest.insights
            return InsightReport.from_json(read_kept(folder, kept)) if kept else None

        return self._steadily(instant_ms, read)

    def lenses(self, instant_ms: int) -> tuple[str, ...]:
        """Those in which customers had segments."""
        lenses = self.manifest(instant_ms).lenses
        return tuple(lens.lens for lens in lenses if lens.version is not None)

    def report(self, instant_ms: int) -> DriftReport:
        """What the snapshot found and decided."""

        def read(folder: Path, manifest: Manifest) -> DriftReport:
            return DriftReport.from_json(read_kept(folder, manifest.report))

        return self._steadily(instant_ms, read)

    def events(self, instant_ms: int) -> tuple[SegmentEvent, ...]:
        """What became of segments in that snapshot."""

        def read(folder: Path, manifest: Manifest) -> tuple[SegmentEvent, ...]:
            return EVENTS.validate_json(read_kept(folder, manifest.events))

        return self._steadily(instant_ms, read)

    def model(self, instant_ms: int) -> SegmentModel | None:
        """The model that the snapshot made; None where it made none."""

        def read(folder: Path, manifest: Manifest) -> SegmentModel | None:
            kept = manifest.model
            return SegmentModel.from_json(read_kept(folder, kept)) if kept else None

        return self._steadily(instant_ms, read)

    def summary(
        self, instant_ms: int, features: Sequence[str] = (), lens: str | None = None
    ) -> tuple[LensSummary, ...]:
        """Segment by segment how many customers there were, and the means of these features."""

        def read(folder: Path, manifest: Manifest) -> tuple[LensSummary, ...]:
            check_features(manifest, features)
            lenses = manifest.lenses if lens is None else (lens_of(manifest, lens),)
            return summaries(folder, manifest, lenses, features)

        return self._steadily(instant_ms, read)

    def customer(self, instant_ms: int, customer_id: str) -> Row:
        """One customer's columns; `InputError` where the snapshot doesn't have them."""
        return self._steadily(instant_ms, lambda folder, of: row_of(folder, of, customer_id))

    def export(self, instant_ms: int, out: Path) -> None:
        """Everything, customer by customer, to a file that ends in `.csv` or `.parquet`."""
        self._steadily(instant_ms, lambda folder, of: export(folder, of, out))

    def migrations(self, lens: str, from_ms: int, to_ms: int) -> Migrations:
        """Who went where in a lens between the latest snapshots at or before these times."""
        before, after = self.at(from_ms), self.at(to_ms)
        return migrations(lens, self._standings(lens, before), self._standings(lens, after))

    def retain(
        self,
        count: int | None = None,
        days: float | None = None,
        besides: Collection[int] = (),
    ) -> tuple[int, ...]:
        """Removes all but the newest so many and those not older than so many days before the
        newest; says which. `besides` are kept whatever their age."""
        if count is None and days is None:
            return ()
        with self._writing():
            leaving = outlived(self.instants(), count, days, besides)
            for instant_ms in leaving:
                remove_folder(self._folder(instant_ms))
        return leaving

    def erase(self, customer_id: str) -> int:
        """Takes a customer out of every snapshot; out of how many."""
        return self.erase_all([customer_id])

    def erase_all(self, ids: Collection[str]) -> int:
        """Takes these customers out of every snapshot; says how many had one of them."""
        if not ids:
            return 0
        gone = erasing.named(ids)
        return self._rewrite(lambda folder, of: erasing.without(folder, of, gone, of.erasures))

    def obey(self, graves: Rows) -> int:
        """Takes out whoever was erased (`stream.profile.graves`, of all partitions) since a
        snapshot; says how many snapshots had one of them. Graves known already cost nothing."""
        if not len(graves):
            return 0
        erasures = erasing.digest(graves)

        def rewritten(folder: Path, of: Manifest) -> bool:
            if erasures == of.erasures:
                return False
            gone = erasing.buried(graves, of.instant_ms)
            return erasing.without(folder, of, gone, erasures)

        return self._rewrite(rewritten)

    def _rewrite(self, rewritten: Callable[[Path, Manifest], bool]) -> int:
        if not self._snapshots.is_dir():
            return 0
        with self._writing():
            instants = self.instants()
            return sum(rewritten(self._folder(at), self.manifest(at)) for at in instants)

    def _standings(self, lens: str, instant_ms: int) -> Standings:
        return self._steadily(
            instant_ms, lambda folder, of: standings_in(folder, of, lens_of(of, lens))
        )

    def _steadily(self, instant_ms: int, read: Callable[[Path, Manifest], Found]) -> Found:
        """Reads the files of one manifest; where another took its place meanwhile, of that one."""
        folder, manifest = self._folder(instant_ms), self.manifest(instant_ms)
        for _ in range(ATTEMPTS):
            try:
                return read(folder, manifest)
            except FileNotFoundError as error:
                before, manifest = manifest, self.manifest(instant_ms)
                if before == manifest:
                    raise HistoryError(
                        f"{error.filename} is not there, though the manifest beside it names it: "
                        f"take it from a copy, or remove the folder {folder}"
                    ) from None
        raise HistoryError(f"{folder} is rewritten all the time: try again later")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with written_to(self.directory):
            make_folder(self._snapshots)
            with alone(self.directory, self._patience_seconds):
                sweep(self._snapshots)
                yield

    def _folder(self, instant_ms: int) -> Path:
        return self._snapshots / folder_name(instant_ms)

    def _is_there(self, instant_ms: int) -> bool:
        return (self._folder(instant_ms) / MANIFEST).is_file()
