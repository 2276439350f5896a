"""`shoal tune`: how many segments, by which clusterer, and why."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption
from stream.errors import InputError


class Algorithm(StrEnum):
    """Names of clusterers; a test holds them to those there are."""

    KMEANS = "kmeans"
    MINIBATCH = "minibatch"
    WARD = "ward"
    AGGLOMERATIVE = "agglomerative"
    GMM = "gmm"
    DBSCAN = "dbscan"
    HDBSCAN = "hdbscan"
    CONSENSUS = "consensus"


def tune(
    log: LogOption = None,
    config: ConfigOption = None,
    lens: Annotated[str, typer.Option(help="Which lens.")] = "value",
    algorithm: Annotated[
        Algorithm | None,
        typer.Option(
            help="Which clusterer. ward is agglomerative's, and shows its tree.",
            show_default="the lens' own",
        ),
    ] = None,
    least_k: Annotated[int, typer.Option(min=2, max=100, help="The fewest segments.")] = 3,
    most_k: Annotated[int, typer.Option(min=2, max=100, help="The most segments.")] = 8,
    trials: Annotated[
        int,
        typer.Option(
            min=0,
            help="Also search clusterers and their parameters, so many proposals by Optuna "
            "(pip install 'shoal\\[tune]').",
        ),
    ] = 0,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it: FILE.html or FILE.svg.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put what is chosen into the settings file.")
    ] = False,
    min_customers: Annotated[
        int, typer.Option(min=1, help="How many active customers there have to be.")
    ] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Try numbers of segments, and clusterers, on all customers as they are now.

    Shows for each number how tight and how far apart segments are, how small the smallest is, and
    whether bootstrap samples find the same ones. Changes nothing but the settings file, with
    --write.

    Examples:

      shoal tune
      shoal tune --algorithm ward --plot tree.html
      shoal tune --lens habits --trials 50 --write
    """
    from rich.console import Console

    from app.cli.tune_tables import as_json as told
    from app.cli.tune_tables import print_tuned
    from app.tuning.pictures import draw, require_kind
    from app.tuning.population import population_of
    from app.tuning.tuned import Wish, tune
    from app.tuning.written import write_settings
    from app.wiring import Wiring

    if most_k < least_k:
        raise InputError(f"--most-k {most_k} is less than --least-k {least_k}: exchange them")
    if plot is not None:
        require_kind(plot)
    wish = Wish(algorithm.value if algorithm else None, least_k, most_k, trials)
    wiring = Wiring.of(log, config)
    with Console(stderr=True).status("reading the log") as status:
        found = population_of(wiring, lens, min_customers)
        status.update(f"trying {least_k} to {most_k} segments on {len(found.points):,} customers")
        tuned = tune(found, wish)
    if as_json:
        sys.stdout.write(json.dumps(told(tuned)) + "\n")
    else:
        print_tuned(tuned)
    notes = []
    if plot is not None:
        draw(tuned, plot)
        notes.append(f"drawn in {plot}")
    notes += write_settings(tuned, config) if write else []
    for note in notes:
        typer.echo(note, err=as_json)
    if not write and not as_json:
        typer.echo("Not written: --write puts it into the settings file.")
