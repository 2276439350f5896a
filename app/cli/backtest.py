"""`shoal backtest SOURCE... --out DIR`: a dataset's whole life in one process, and what-ifs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options, reading, replay_options
from stream.errors import SettingsError

Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="DIR", help="A folder for all that is found."),
]
Every = Annotated[
    str | None,
    typer.Option(
        metavar="SPAN",
        help="How often there is a snapshot: 7d, 2w.",
        show_default="as snapshot.every, else 7d",
    ),
]
Partitions = Annotated[
    int, typer.Option(min=1, max=10_000, help="Learn and decide as so many tasks would.")
]
Segments = Annotated[
    int | None,
    typer.Option("--k", min=2, max=100, help="How many segments.", show_default="to be found"),
]
WhatIf = Annotated[
    list[str] | None,
    typer.Option(
        "--what-if",
        metavar="NAME=VALUE,…",
        help="Compare settings: every combination, side by side. Repeatable, or several after it.",
    ),
]


def backtest(
    sources: replay_options.Sources,
    *,
    out: Out = None,
    every: Every = None,
    partitions: Partitions = 1,
    k: Segments = None,
    what_if: WhatIf = None,
    config: options.ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
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
    """Live a dataset through: its stream, its tasks and its snapshots, without a log.

    The same code as replay, consume and snapshot, in event time. Twice the same source is twice
    the same changes, byte for byte.

    Examples:

      shoal backtest online_retail.csv.gz --out backtest
      shoal backtest sales.csv --every 14d --k 5 --partitions 8 --out backtest
      shoal backtest sales.csv --what-if k=4,6 margin=0.1,0.3
      shoal backtest synthetic:customers=2000,days=200 --json
    """
    from app.backtest.command import Wanted, run
    from app.backtest.source import Source
    from app.backtest.variants import event_cadence, variants, with_k
    from app.cli.replay import lines_chosen
    from app.wiring import Wiring

    names, asked = apart(sources, what_if)
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
    source = Source(names, how_read, choices, rejects, strict, temp_folder)
    settings = wiring.settings if k is None else with_k(wiring.settings, k)
    cadence = event_cadence(every or settings.snapshot.every, _said(every))
    run(wiring, Wanted(source, variants(settings, cadence, asked), partitions, out, as_json))


def _said(every: str | None) -> str:
    return "--every" if every else "snapshot.every"


def apart(words: list[str], what_if: list[str] | None) -> tuple[tuple[str, ...], list[str]]:
    """Sources, and what `--what-if` asks for: only what follows its flag looks so.

    >>> apart(["sales.csv", "margin=0.1,0.3"], ["k=4,6"])
    (('sales.csv',), ['k=4,6', 'margin=0.1,0.3'])
    """
    import re

    asked = list(what_if or ())
    more = [
        word for word in words if asked and re.match(r"[a-z_.]+=", word) and not Path(word).exists()
    ]
    sources = tuple(word for word in words if word not in more)
    if not sources:
        raise SettingsError("there is no source: name a file, or synthetic:customers=500,days=90")
    return sources, asked + more
