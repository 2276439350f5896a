"""`shoal predict --model model.json …`: the segment of customers whom the model has never seen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import reading


def predict(
    who: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|-] [NAME=VALUE ...]",
            help="A file with a row a customer, - for standard input (CSV or JSON lines), or one "
            "customer.",
            show_default=False,
        ),
    ] = None,
    *,
    model: Annotated[
        Path,
        typer.Option(metavar="FILE", help="The model.json that shoal segment wrote."),
    ],
    lens: Annotated[
        str | None,
        typer.Option(help="Of a model with several lenses.", show_default="value, or the first"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="A CSV in place of standard output."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, a line a customer.")] = False,
    playbook: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What to do about each segment, in place of Shoal's own."
        ),
    ] = None,
    date_format: reading.DateFormat = None,
) -> None:
    """Say which segment customers are in: id, name, confidence, distances and what to do.

    By the model that `shoal segment` wrote: of transactions it asks for features such as
    steady_orders_d90, of a table for its columns.

    Examples:

      shoal predict --model segments/model.json age=31 income=42000 gender=Female
      shoal predict --model segments/model.json members.csv --out placed.csv
      shoal predict --model segments/model.json - < members.jsonl
    """
    from app.batch.prediction import Asked, pairs, run

    sources, values = pairs(who or [])
    run(Asked(model, sources, values, lens, out, as_json, playbook, date_format))
