"""`shoal replay SOURCE... --log URL`: a dataset as a stream, in the order of its own time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli import options, reading, replay_options

if TYPE_CHECKING:
    from app.wiring import Wiring
    from producers.replaying.pace import Pace
    from producers.replaying.prepared import Choices


def replay(
    sources: replay_options.Sources,
    *,
    log: options.LogOption = None,
    config: options.ConfigOption = None,
    topic: replay_options.Topic = None,
    partitions: replay_options.Partitions = None,
    resume: replay_options.Resume = False,
    temp_folder: replay_options.TempFolder = None,
    as_json: replay_options.AsJson = False,
    speed: replay_options.Speed = None,
    rate: replay_options.Rate = None,
    lockstep: replay_options.LockstepWith = None,
    since: replay_options.Since = None,
    until: replay_options.Until = None,
    drop_duplicates: replay_options.DropDuplicates = False,
    ticks: replay_options.Ticks = True,
    rejects: replay_options.Rejects = None,
    strict: replay_options.Strict = False,
    maps: reading.Maps = None,
    timezone: reading.Timezone = "UTC",
    local_timezone: reading.LocalTimezone = None,
    date_format: reading.DateFormat = None,
    max_unpacked_gib: reading.MaxUnpackedGib = reading.DEFAULT_UNPACKED_GIB,
    max_unpack_ratio: reading.MaxUnpackRatio = reading.DEFAULT_UNPACK_RATIO,
    max_excel_cells: reading.MaxExcelCells = reading.DEFAULT_EXCEL_CELLS,
) -> None:
    """Send a dataset as a stream of transactions, in the order of its own time.

    Ctrl-C ends it with everything sent safe; --resume goes on there, also after
    a crash.

    Examples:

      shoal replay online_retail.csv.gz
      shoal replay sales.csv --log kafka://localhost:9092 --speed 3600x
      shoal replay 2010.csv 2011.csv --from 2010-12-01 --until 2011-06-01
      shoal replay sales.csv --map customer_id=household_id --rejects bad.csv
      shoal replay synthetic:customers=500,days=90,seed=7 --rate 5000/s
    """
    from app.replaying import Wanted, run
    from app.wiring import Wiring

    how_read = reading.read_options(
        maps,
        timezone,
        local_timezone,
        date_format,
        max_unpacked_gib=max_unpacked_gib,
        max_unpack_ratio=max_unpack_ratio,
        max_excel_cells=max_excel_cells,
    )
    wiring = Wiring.of(log, config)
    choices = lines_chosen(since, until, timezone, drop_duplicates=drop_duplicates, ticks=ticks)
    pace = _pace(wiring, speed, rate)
    reads = (tuple(sources), how_read, rejects, strict, temp_folder)
    run(wiring, Wanted(*reads, topic, partitions, choices, pace, resume, as_json, lockstep))


def _pace(wiring: Wiring, speed: str | None, rate: str | None) -> Pace:
    from producers.replaying.pace import Pace

    settings = wiring.settings.replay
    return Pace.parse(speed or settings.speed, rate or settings.rate)


def lines_chosen(
    since: str | None, until: str | None, timezone: str, *, drop_duplicates: bool, ticks: bool
) -> Choices:
    """Which lines of a source are meant, in its own time."""
    from app.replay_words import instant_ms
    from producers.reading.clock import check_zone
    from producers.replaying.prepared import Choices
    from stream.errors import SettingsError

    check_zone(timezone)
    since_ms = instant_ms("--from", since, timezone)
    until_ms = instant_ms("--until", until, timezone)
    if since_ms is not None and until_ms is not None and since_ms >= until_ms:
        raise SettingsError(f"--from {since} is not before --until {until}: nothing lies between")
    return Choices(since_ms, until_ms, drop_duplicates, ticks)
