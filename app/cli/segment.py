"""`shoal segment FILE --out DIR`: a dataset's customers in segments, once, without a stream."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options, reading, replay_options
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.batch.kind import Told
    from producers.reading.dataset import ReadOptions

FITTING = "How customers are told apart"
TABLE = "A table with a row a customer"


def segment(
    sources: replay_options.Sources,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="A folder for what is written.")
    ],
    table: Annotated[
        str,
        typer.Option(
            metavar="customers|transactions|auto",
            help="What a row of the file is; auto looks at the columns.",
        ),
    ] = "auto",
    k: Annotated[
        str | None,
        typer.Option(
            metavar="auto|N",
            help="How many segments; auto finds out how many hold.",
            show_default="as the settings say, else auto",
            rich_help_panel=FITTING,
        ),
    ] = None,
    algorithm: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="kmeans, minibatch, ward, average, complete, gmm, dbscan, hdbscan or ensemble.",
            show_default="as the settings say, else kmeans",
            rich_help_panel=FITTING,
        ),
    ] = None,
    outliers: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=0.2,
            help="The share of customers at most that the fit leaves out.",
            show_default="as the settings say; 0.02 for a table of customers",
            rich_help_panel=FITTING,
        ),
    ] = None,
    id_column: Annotated[
        str | None,
        typer.Option(
            "--id",
            metavar="COLUMN",
            help="Which column says who a customer is.",
            show_default="by its name",
            rich_help_panel=TABLE,
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,C",
            help="Which columns customers are compared by.",
            show_default="all that say something",
            rich_help_panel=TABLE,
        ),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            "--leave-out",
            metavar="COLUMN",
            help="A column that they are not compared by. Repeatable.",
            rich_help_panel=TABLE,
        ),
    ] = None,
    legacy_names: Annotated[
        bool,
        typer.Option(
            "--legacy-names",
            help="Write the columns of older systems: CustomerID, total_orders and so on.",
        ),
    ] = False,
    playbook: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What to do about each segment, in place of Shoal's own."
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
    """Find segments in a file of transactions, or in a table with a row a customer.

    Of transactions the profiles, lenses and fits are those of the stream; of a table any columns
    of numbers, categories and dates. Writes customer_segments.csv, a row a customer; model.json,
    which `shoal predict` assigns others by; and report.html, one page that needs nothing else.

    Examples:

      shoal segment online_retail.csv.gz --out segments
      shoal segment sales.csv --k 5 --algorithm ward --out segments
      shoal segment members.xlsx --columns age,income,gender --out segments
    """
    from app.batch.kind import Kind

    how_read = reading.read_options(
        maps,
        timezone,
        local_timezone,
        date_format,
        max_unpacked_gib=max_unpacked_gib,
        max_unpack_ratio=max_unpack_ratio,
        max_excel_cells=max_excel_cells,
    )
    told = _kind(sources, table, how_read)
    only_customers = {"--id": id_column, "--columns": columns, "--leave-out": leave_out}
    if told.kind is Kind.CUSTOMERS:
        only_transactions = {
            "--legacy-names": legacy_names,
            "--from": since,
            "--until": until,
            "--drop-duplicates": drop_duplicates,
            "--rejects": rejects,
        }
        _refuse(only_transactions, "a file of transactions", "a row a customer")
        chosen = (id_column, _split(columns), tuple(leave_out or ()))
        _people(sources[0], how_read, told, k, algorithm, outliers, chosen, out, playbook)
        return
    _refuse(only_customers, "a table with a row a customer", "transactions")
    from app.backtest.source import Source
    from app.batch.asked import settings_asked
    from app.cli.replay import lines_chosen
    from app.segmenting import Wanted, run
    from app.wiring import Wiring

    wiring = Wiring.of(None, config)
    choices = lines_chosen(since, until, timezone, drop_duplicates=drop_duplicates, ticks=True)
    source = Source(tuple(sources), how_read, choices, rejects, strict, temp_folder)
    settings = settings_asked(wiring.settings, k, algorithm, outliers)
    run(wiring, Wanted(source, settings, out, legacy_names, playbook))


def _people(
    file: str,
    how_read: ReadOptions,
    told: Told,
    k: str | None,
    algorithm: str | None,
    outliers: float | None,
    chosen: tuple[str | None, tuple[str, ...], tuple[str, ...]],
    out: Path,
    playbook: Path | None,
) -> None:
    from app.batch.asked import number_of
    from app.batch.people import PeopleWanted, run
    from snapshot.algorithms import KMEANS, algorithm_of
    from snapshot.attributes.fitting import OUTLIERS, Wish
    from snapshot.attributes.recognising import Chosen

    name = algorithm or KMEANS
    algorithm_of(name)  # a slip is told before the file is read
    wish = Wish(name, number_of(k), OUTLIERS if outliers is None else outliers, Chosen(*chosen))
    limits, dates = how_read.limits, how_read.date_format
    run(PeopleWanted(file, limits, dates, wish, out, playbook, told.why))


def _kind(sources: list[str], table: str, how_read: ReadOptions) -> Told:
    from app.batch.kind import Kind, kind_of

    known = [one.value for one in Kind]
    if table not in known:
        raise SettingsError(f"--table {table}: write one of {', '.join(known)}")
    return kind_of(sources, Kind(table), how_read)


def _refuse(flags: Mapping[str, object], for_what: str, read_as: str) -> None:
    given = [flag for flag, value in flags.items() if value]
    if given:
        raise SettingsError(
            f"{given[0]} is for {for_what}, and the file was read as {read_as}: leave it out, or "
            "say otherwise with --table"
        )


def _split(columns: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (columns or "").split(",") if name.strip())
