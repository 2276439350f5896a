"""`shoal segment FILE --out DIR`: a dataset's customers in segments, once, without a stream."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options, reading, replay_options
from stream.errors import SettingsError

AUTO = "auto"


def segment(
    sources: replay_options.Sources,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="A folder for what is written.")
    ],
    k: Annotated[
        str | None,
        typer.Option(
            metavar="auto|N",
            help="How many segments; auto finds out how many hold.",
            show_default="as the settings say, else auto",
        ),
    ] = None,
    config: options.ConfigOption = None,
    since: replay_options.Since = None,
    until: replay_options.Until = None,
    drop_duplicates: replay_options.DropDuplicates = False,
    temp_folder: replay_options.TempFolder = None,
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
    """Find segments in a file of transactions, as its customers are at its end.

    The profiles, lenses and fits are those of the stream. Writes customer_segments.csv, a row a
    customer with segment and features, and report.html, one page that needs nothing else.

    Examples:

      shoal segment online_retail.csv.gz --out segments
      shoal segment sales.csv --k 5 --out segments
    """
    from app.backtest.source import Source
    from app.backtest.variants import few_will_do, with_k, without_k
    from app.cli.replay import lines_chosen
    from app.segmenting import Wanted, run
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
    wiring = Wiring.of(None, config)
    choices = lines_chosen(since, until, timezone, drop_duplicates=drop_duplicates, ticks=True)
    source = Source(tuple(sources), how_read, choices, rejects, strict, temp_folder)
    settings = wiring.settings
    if k is not None:
        settings = without_k(settings) if k == AUTO else with_k(settings, _number(k))
    run(wiring, Wanted(source, few_will_do(settings), out))


def _number(k: str) -> int:
    if not (k.isascii() and k.isdecimal() and 2 <= int(k) <= 100):
        raise SettingsError(f"--k {k}: write auto, or a number from 2 to 100")
    return int(k)
