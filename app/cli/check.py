"""`shoal check FILE`: what is in a dataset, and what would become of it."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli import reading


def check(
    file: Annotated[
        str, typer.Argument(help="A file or http address; FILE::NAME for a table, sheet or member.")
    ],
    *,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object instead of tables.")
    ] = False,
    maps: reading.Maps = None,
    timezone: reading.Timezone = "UTC",
    local_timezone: reading.LocalTimezone = None,
    date_format: reading.DateFormat = None,
    max_unpacked_gib: reading.MaxUnpackedGib = reading.DEFAULT_UNPACKED_GIB,
    max_unpack_ratio: reading.MaxUnpackRatio = reading.DEFAULT_UNPACK_RATIO,
    max_excel_cells: reading.MaxExcelCells = reading.DEFAULT_EXCEL_CELLS,
) -> None:
    """Report on a file before it is replayed. Nothing is sent anywhere.

    Rows, customers, missing values, duplicates, outliers, returns, and which rows
    would be rejected and why.

    Examples:

      shoal check online_retail.csv.gz
      shoal check shop.db::sales --map customer_id=household_id
      shoal check orders.csv --timezone Europe/London --date-format dmy
      shoal check orders.csv --json | jq .rejected
    """
    import msgspec

    from app.cli.check_tables import print_report
    from producers.checking.check import check as checked
    from producers.reading.dataset import Dataset

    options = reading.read_options(
        maps,
        timezone,
        local_timezone,
        date_format,
        max_unpacked_gib=max_unpacked_gib,
        max_unpack_ratio=max_unpack_ratio,
        max_excel_cells=max_excel_cells,
    )
    report = checked(Dataset.open(file, options))
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        print_report(report)
