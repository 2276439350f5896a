"""`shoal experiment`: who gets what, how many it takes, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.history import HistoryOption
from app.cli.options import ConfigOption, LogOption
from stream.errors import InputError, SettingsError

if TYPE_CHECKING:
    from insights.experiments.plan import Plan

experiment_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Plan, assign, size and read experiments on customers.",
)

Name = Annotated[str, typer.Argument(help="The experiment's name.")]
Lens = Annotated[str | None, typer.Option(help="The lens.", show_default="the main one")]
Outcome = Annotated[str, typer.Option(help="bought, orders or spend.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@experiment_app.command()
def create(
    name: Annotated[str, typer.Argument(help="Small letters and digits, such as spring-mail.")],
    log: LogOption = None,
    config: ConfigOption = None,
    lens: Lens = None,
    segment: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this segment, by id or name. Repeatable.", show_default="every segment"
        ),
    ] = None,
    arm: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SHARE",
            help="An arm; the first is what the others are held against. Repeatable.",
            show_default="control=0.5 treatment=0.5",
        ),
    ] = None,
    lift: Annotated[
        float, typer.Option(help="The relative lift to be found: 0.1 is a tenth.")
    ] = 0.1,
) -> None:
    """Plan an experiment. What was planned stays as it is.

    Examples:

      shoal experiment create spring-mail
      shoal experiment create win-back --segment "At Risk" --arm control=0.5 --arm mail=0.5
    """
    from app.experimenting.assigning import create as create_plan
    from app.experimenting.words import created
    from app.wiring import Wiring
    from stream.settings.lenses import main_lens

    wiring = Wiring.of(log, config)
    plan: dict[str, object] = {
        "name": name,
        "lens": lens or main_lens(wiring.settings),
        "segments": tuple(segment or ()),
        "lift": lift,
    }
    if arm:
        plan["arms"] = [_arm(text) for text in arm]
    for line in created(create_plan(wiring, _plan(plan))):
        typer.echo(line)


@experiment_app.command("list")
def list_all(log: LogOption = None, config: ConfigOption = None) -> None:
    """Say which experiments there are."""
    from app.experimenting.kept import plans
    from app.experimenting.words import listed
    from app.wiring import Wiring

    wiring = Wiring.of(log, config)
    with wiring.open_existing_log() as opened:
        for line in listed(plans(opened, wiring.topics().experiments)):
            typer.echo(line)


@experiment_app.command()
def assign(
    name: Name,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="A .csv file: who gets what.")
    ],
    log: LogOption = None,
    config: ConfigOption = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="INSTANT",
            help="The segments of the latest snapshot at or before it.",
            show_default="those of now, from the log",
        ),
    ] = None,
    *,
    later: Annotated[
        bool, typer.Option("--later", help="Add who came since it was assigned.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Give every customer an arm, evenly within each segment; once, and for everybody the same.

    Said again it writes the same file. Outcomes count from the event time of the assignment on.

    Examples:

      shoal experiment assign spring-mail --out spring-mail.csv
      shoal experiment assign spring-mail --later --out spring-mail.csv --force
    """
    from app.experimenting.assigning import assign_customers
    from app.experimenting.files import require_place, write_table
    from app.experimenting.words import assigned
    from app.replay_words import instant_ms
    from app.wiring import Wiring

    require_place(out, force=force)
    at_ms = instant_ms("--at", at, "UTC")
    found = assign_customers(Wiring.of(log, config), name, later=later, at_ms=at_ms)
    write_table(found.table, out)
    for line in assigned(found, str(out)):
        typer.echo(line)


@experiment_app.command()
def size(
    history: HistoryOption = None,
    config: ConfigOption = None,
    segment: Annotated[
        str | None,
        typer.Option(help="Measure the base on this segment, from the snapshots that are kept."),
    ] = None,
    lens: Lens = None,
    outcome: Outcome = "bought",
    days: Annotated[
        float, typer.Option(min=0.01, max=3650, help="How long outcomes are to be counted.")
    ] = 28,
    base: Annotated[
        float | None, typer.Option(help="Or: the share who buy without it, such as 0.1.")
    ] = None,
    mean: Annotated[
        float | None, typer.Option(help="Or: orders or spend a customer without it.")
    ] = None,
    deviation: Annotated[
        float | None, typer.Option(help="And how much that varies (standard deviation).")
    ] = None,
    lift: Annotated[
        float, typer.Option(help="The relative lift to be found: 0.1 is a tenth.")
    ] = 0.1,
    power: Annotated[float, typer.Option(help="How often it is to be found.")] = 0.8,
    arms: Annotated[int, typer.Option(min=2, max=10, help="How many arms.")] = 2,
) -> None:
    """Say how many customers an experiment takes.

    Examples:

      shoal experiment size --base 0.10 --lift 0.2
      shoal experiment size --mean 50 --deviation 80 --lift 0.1
      shoal experiment size --segment Champions --outcome spend --days 28
    """
    from app.experimenting.sizing import Base, base_of, size_of
    from app.experimenting.words import sized
    from snapshot.history import history_of
    from stream.settings import load_settings
    from stream.settings.lenses import main_lens

    given = [segment is not None, base is not None, mean is not None or deviation is not None]
    if sum(given) != 1:
        raise InputError("give --base, or --mean and --deviation, or --segment: one of the three")
    if segment is not None:
        settings = load_settings(
            config, {"history": {"directory": str(history)}} if history else {}
        )
        chosen = lens or main_lens(settings)
        found = base_of(history_of(settings), chosen, segment, outcome, days)
    elif base is not None:
        found = Base(base, None)
    elif mean is None or deviation is None:
        raise InputError("--mean and --deviation go together: both are needed")
    else:
        found = Base(mean, deviation)
    for line in sized(size_of(found, lift, power, arms)):
        typer.echo(line)


@experiment_app.command()
def read(
    name: Name,
    log: LogOption = None,
    config: ConfigOption = None,
    outcome: Outcome = "bought",
    until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Only what came before it.", show_default="all there is"),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what came of it so far, and how sure that is; look as often as you like.

    Examples:

      shoal experiment read spring-mail
      shoal experiment read spring-mail --outcome spend --json | jq .lifts
    """
    import json

    from app.experimenting.reading import read_experiment
    from app.experimenting.reading_words import as_json as as_dict
    from app.experimenting.table import print_result
    from app.replay_words import instant_ms
    from app.wiring import Wiring

    until_ms = instant_ms("--until", until, "UTC")
    result = read_experiment(Wiring.of(log, config), name, outcome, until_ms)
    if as_json:
        typer.echo(json.dumps(as_dict(result)))
    else:
        print_result(result)


def _arm(text: str) -> dict[str, object]:
    name, _, share = text.partition("=")
    try:
        return {"name": name, "share": float(share)}
    except ValueError:
        raise SettingsError(f"--arm {text}: write it as NAME=SHARE, such as mail=0.5") from None


def _plan(fields: dict[str, object]) -> Plan:
    from pydantic import ValidationError

    from insights.experiments.plan import Plan
    from stream.contracts.base import explain

    try:
        return Plan.model_validate(fields)
    except ValidationError as error:
        raise InputError(f"that is no plan: {explain(error)}") from None
