"""`shoal at` and `shoal migrations`: what there was, and who went where since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import ConfigOption
from stream.errors import InputError

if TYPE_CHECKING:
    from snapshot.history import History

HistoryOption = Annotated[
    Path | None,
    typer.Option(
        "--history",
        metavar="FOLDER",
        help="Where snapshots are kept, also the --out of a backtest.",
        show_default="history/ and the group",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Instant = typer.Argument(help="A day, as 2011-06-01 (its beginning in UTC), or an instant.")


def at(
    instant: Annotated[str, Instant],
    history: HistoryOption = None,
    config: ConfigOption = None,
    lens: Annotated[str | None, typer.Option(help="Only this lens.")] = None,
    customer: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this customer, with everything.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write every customer to this .csv or .parquet file."),
    ] = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the segments as they were at an instant, from the latest snapshot at or before it.

    Examples:

      shoal at 2011-06-01
      shoal at 2011-06-01 --customer 17850
      shoal at 2011-06-01T18:00+02:00 --out segments.csv
    """
    from app import history_words

    if sum((customer is not None, out is not None, lens is not None)) > 1:
        raise InputError("--lens, --customer and --out are three things: name one of them")
    past = _history(history, config)
    instant_ms = past.at(_milliseconds("INSTANT", instant))
    if customer is not None:
        history_words.print_customer(instant_ms, past.customer(instant_ms, customer), as_json)
    elif out is not None:
        _require_free(out, force)
        past.export(instant_ms, out)
        typer.echo(f"{history_words.snapshot_of(instant_ms)} written to {out}")
    else:
        features = history_words.shown(past.manifest(instant_ms).features)
        found = past.summary(instant_ms, features, lens)
        history_words.print_segments(instant_ms, found, as_json)


def migrations(
    begin: Annotated[str, typer.Argument(metavar="FROM", help="A day, or an instant.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="The same, later.")],
    history: HistoryOption = None,
    config: ConfigOption = None,
    lens: Annotated[
        str | None, typer.Option(help="Only this lens.", show_default="each that is in both")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show who went from which segment to which between two instants.

    Each instant stands for the latest snapshot at or before it.

    Examples:

      shoal migrations 2011-06-01 2011-07-01
      shoal migrations 2011-06-01 2011-07-01 --lens value --json
    """
    from app import history_words

    past = _history(history, config)
    begin_ms, end_ms = (past.at(_milliseconds(*each)) for each in (("FROM", begin), ("TO", end)))
    if end_ms <= begin_ms:
        raise InputError(
            f"FROM {begin} means {history_words.snapshot_of(begin_ms)}, TO {end} "
            f"{history_words.snapshot_of(end_ms)}: name instants with a later snapshot for TO"
        )
    lenses = [lens] if lens is not None else _in_both(past, begin_ms, end_ms)
    found = [past.migrations(name, begin_ms, end_ms) for name in lenses]
    history_words.print_migrations(found, as_json)


def _in_both(history: History, begin_ms: int, end_ms: int) -> list[str]:
    from app.history_words import snapshot_of

    before = set(history.lenses(begin_ms))
    both = [lens for lens in history.lenses(end_ms) if lens in before]
    if not both:
        raise InputError(
            f"no lens has segments in both {snapshot_of(begin_ms)} and {snapshot_of(end_ms)}: "
            "customers have some from the first model on"
        )
    return both


def _history(folder: Path | None, config: Path | None) -> History:
    from snapshot.history import history_of
    from stream.settings import load_settings

    flags = {"history": {"directory": str(folder)}} if folder else {}
    return history_of(load_settings(config, flags))


def _milliseconds(name: str, text: str) -> int:
    from app.replay_words import instant_ms

    at_ms = instant_ms(name, text, "UTC")
    assert at_ms is not None  # a text was given
    return at_ms


def _require_free(out: Path, force: bool) -> None:
    """Before the work, not after it."""
    if out.exists() and not force:
        raise InputError(f"{out} is there already: name another file, or add --force")
