"""The flags that say how a dataset is read, the same in every command that reads one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stream.errors import SettingsError

if TYPE_CHECKING:
    from producers.reading.dataset import ReadOptions

PANEL = "How the file is read"

Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=COLUMN",
        help="Which column is which field, where the name doesn't say it. "
        "COLUMN+COLUMN is a sum, and for occurred_at a date and a time. Repeatable.",
        rich_help_panel=PANEL,
    ),
]
Timezone = Annotated[
    str,
    typer.Option(
        metavar="ZONE",
        help="What times without an offset mean, e.g. Europe/London.",
        rich_help_panel=PANEL,
    ),
]
LocalTimezone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="The shopper's clock (night and weekend are the shopper's). "
        "Default: the offset in the value, else --timezone.",
        rich_help_panel=PANEL,
    ),
]
DateFormat = Annotated[
    str | None,
    typer.Option(
        metavar="FORMAT",
        help="dmy or mdy where 3/4/2011 could be either, or a format such as '%d-%b-%Y %H:%M'.",
        rich_help_panel=PANEL,
    ),
]
MaxUnpackedGib = Annotated[
    float,
    typer.Option(
        min=0.001, help="How much an archive may unpack to, in GiB.", rich_help_panel=PANEL
    ),
]
MaxUnpackRatio = Annotated[
    int,
    typer.Option(
        min=1, help="How many times its size an archive may unpack to.", rich_help_panel=PANEL
    ),
]
MaxExcelCells = Annotated[
    int,
    typer.Option(
        min=1, help="How many cells of an Excel sheet are held in memory.", rich_help_panel=PANEL
    ),
]

# Not taken from `Limits`, so that --help needn't import the reader; a test holds them equal.
DEFAULT_UNPACKED_GIB = 16.0
DEFAULT_UNPACK_RATIO = 200
DEFAULT_EXCEL_CELLS = 20_000_000


def read_options(
    maps: list[str] | None = None,
    timezone: str = "UTC",
    local_timezone: str | None = None,
    date_format: str | None = None,
    *,
    max_unpacked_gib: float = DEFAULT_UNPACKED_GIB,
    max_unpack_ratio: int = DEFAULT_UNPACK_RATIO,
    max_excel_cells: int = DEFAULT_EXCEL_CELLS,
) -> ReadOptions:
    """The flags as the reader takes them. Raises SettingsError where one makes no sense."""
    from producers.reading.dataset import ReadOptions
    from producers.sources.limits import GIB, Limits

    return ReadOptions(
        mapping=tuple(_pair(told) for told in maps or ()),
        timezone=timezone,
        local_timezone=local_timezone,
        date_format=date_format,
        limits=Limits(int(max_unpacked_gib * GIB), max_unpack_ratio, max_excel_cells),
    )


def _pair(told: str) -> tuple[str, str]:
    field, equals, column = told.partition("=")
    if not equals or not field.strip():
        raise SettingsError(f"--map {told}: write FIELD=COLUMN, such as customer_id=household_id")
    return field.strip(), column.strip()
