"""`shoal models`: fit one, publish one, look at what was published, take one out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import ConfigOption, LogOption
from stream.errors import InputError
from stream.whole_file import write_whole

if TYPE_CHECKING:
    from app.modelling import Wanted
    from stream.contracts.base import Message

HELP = """Fit, publish, list, show, compare, take back and export models: what customers are
assigned by.

Examples:

  shoal models fit --k 4 --publish
  shoal models list
  shoal models export --river --partition 0 --out river.json
"""

models = typer.Typer(help=HELP, no_args_is_help=True)

Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


@models.command()
def fit(
    log: LogOption = None,
    config: ConfigOption = None,
    k: Annotated[
        int | None,
        typer.Option("--k", min=2, max=100, help="How many segments.", show_default="as set up"),
    ] = None,
    lens: Annotated[
        list[str] | None, typer.Option(help="Only this lens; several times for several.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Let it hold from now on, everywhere.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
    force: Force = False,
    min_customers: Annotated[
        int, typer.Option(min=1, help="How many active customers a lens needs.")
    ] = 200,
    min_days: Annotated[
        float, typer.Option(min=0, help="How many days of event time there have to be.")
    ] = 45,
) -> None:
    """Fit a model on all customers as they are now.

    Its segments are new ones; lenses that are not named stay as they are.

    Examples:

      shoal models fit --k 4
      shoal models fit --k 4 --lens value --out model.json
      shoal models fit --k 4 --publish
    """
    from app import modelling
    from app.cli.model_tables import print_model
    from app.wiring import Wiring

    _require_free(out, force)
    wiring, wanted = Wiring.of(log, config), _wanted(k, lens, min_customers, min_days)
    model = (modelling.fit_and_publish if publish else modelling.fit)(wiring, wanted)
    print_model(model)
    if out is not None:
        _write(out, model)
        typer.echo(f"written to {out}")
    if publish:
        typer.echo(f"published as version {model.version}")
    elif out is not None:
        typer.echo(f"Next: shoal models publish {out}")
    else:
        typer.echo("Not published: --publish does that, --out FILE keeps it.")


@models.command()
def publish(
    file: Annotated[Path, typer.Argument(help="A model, as fit and export write it.")],
    log: LogOption = None,
    config: ConfigOption = None,
) -> None:
    """Publish a model: from here on it holds on every partition.

    It becomes the next version, whatever version the file says.

    Examples:

      shoal models publish model.json
      shoal models publish model.json --log kafka://localhost:9092
    """
    from app.modelling import publish_file
    from app.wiring import Wiring

    version = publish_file(Wiring.of(log, config), file)
    typer.echo(f"published as version {version.version}")


@models.command("list")
def list_models(log: LogOption = None, config: ConfigOption = None) -> None:
    """Every version that was published.

    Examples:

      shoal models list
    """
    from app.cli.model_tables import print_models
    from app.modelling import models_of
    from app.wiring import Wiring

    found = models_of(Wiring.of(log, config))
    if found:
        print_models(found)
    else:
        typer.echo("There is no model yet: `shoal snapshot` makes one.")


@models.command()
def show(
    version: Annotated[int, typer.Argument(help="Which one.")],
    log: LogOption = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As it was published.")] = False,
) -> None:
    """One version: segments, sizes, centres in the features' own units.

    Examples:

      shoal models show 3
      shoal models show 3 --json | jq .lenses[0].features
    """
    from app.cli.model_tables import print_model
    from app.modelling import models_of
    from app.wiring import Wiring
    from snapshot.published import model_of

    model = model_of(models_of(Wiring.of(log, config)), version)
    if as_json:
        typer.echo(model.to_json())
    else:
        print_model(model)


@models.command()
def diff(
    before: Annotated[int, typer.Argument(help="The older version.")],
    after: Annotated[int, typer.Argument(help="The newer one.")],
    log: LogOption = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Two versions held against each other: segments that came, went, moved, were renamed.

    Examples:

      shoal models diff 2 3
      shoal models diff 1 7 --json
    """
    from app.cli.model_diff_tables import as_objects, print_difference
    from app.modelling import difference
    from app.wiring import Wiring

    found = difference(Wiring.of(log, config), before, after)
    if as_json:
        typer.echo(json.dumps(as_objects(found), indent=2))
    else:
        print_difference(found)


@models.command()
def rollback(
    version: Annotated[int, typer.Argument(help="The version whose shape is to hold again.")],
    log: LogOption = None,
    config: ConfigOption = None,
) -> None:
    """Publish an old version's shape as a new version.

    A snapshot job that is just publishing is overtaken, and leaves.

    Examples:

      shoal models rollback 2
    """
    from app.modelling import roll_back
    from app.wiring import Wiring

    made = roll_back(Wiring.of(log, config), version)
    typer.echo(f"version {version} holds again, published as version {made.version}")


@models.command()
def export(
    out: Annotated[Path, typer.Option(help="The file to write.")],
    log: LogOption = None,
    config: ConfigOption = None,
    version: Annotated[
        int | None, typer.Option(help="A version as published.", show_default="the last one")
    ] = None,
    partition: Annotated[
        int | None,
        typer.Option(min=0, help="Instead: as learning has moved it on this partition."),
    ] = None,
    river: Annotated[
        bool, typer.Option("--river", help="With what River needs to go on learning.")
    ] = False,
    force: Force = False,
) -> None:
    """Write a model to a file, as JSON.

    Without --river the file can be published; docs/models.md shows how River reads and gives
    back the other.

    Examples:

      shoal models export --version 2 --out model.json
      shoal models export --river --partition 0 --out river.json
    """
    from app import modelling
    from app.wiring import Wiring

    if version is not None and partition is not None:
        raise InputError("--version is as published, --partition as learned: name one of them")
    _require_free(out, force)
    wiring = Wiring.of(log, config)
    if partition is not None:
        taken = modelling.export_partition(wiring, partition)
    else:
        taken = modelling.export_version(wiring, version)
    _write(out, taken if river else taken.model)
    typer.echo(f"written to {out}")


def _wanted(k: int | None, lenses: list[str] | None, min_customers: int, min_days: float) -> Wanted:
    from app.modelling import Wanted
    from snapshot.fitting import Enough

    return Wanted(k, tuple(lenses or ()), Enough(min_customers, min_days))


def _require_free(out: Path | None, force: bool) -> None:
    """Before the work, not after it."""
    if out is not None and out.exists() and not force:
        raise InputError(f"{out} is there already: name another file, or add --force")


def _write(out: Path, message: Message) -> None:
    write_whole(out, message.model_dump_json(indent=2) + "\n")
