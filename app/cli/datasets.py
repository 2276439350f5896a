"""`shoal datasets`: public data by name, from its publisher, with licence and checksum."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from producers.datasets import Dataset

HELP = """Public retail data: list it, get it.

Each from its publisher, with its licence and its checksum.

Examples:

  shoal datasets list
  shoal datasets get online-retail --out data
"""

datasets = typer.Typer(no_args_is_help=True, help=HELP)


@datasets.command("list")
def list_them() -> None:
    """What there is, where it comes from, and under which licence.

    Nothing is fetched.

    Examples:

      shoal datasets list
    """
    from producers.datasets import catalogue

    for dataset in catalogue().values():
        rows = f"{dataset.rows:,} rows, " if dataset.rows else ""
        checksum = "pinned" if dataset.sha256 else "trusted at the first download"
        typer.echo(f"{dataset.name}\n  {dataset.title}")
        typer.echo(f"  {rows}about {_size(dataset.bytes)}; licence: {dataset.licence}")
        typer.echo(f"  {dataset.address} (checksum {checksum})")


@datasets.command("get")
def get_one(
    name: Annotated[str, typer.Argument(help="A name of `shoal datasets list`.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The directory it goes to.")] = Path(),
    sha256: Annotated[
        str | None, typer.Option(help="The SHA-256 it has to have, whatever the catalogue says.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds a server may be silent.")] = 30,
    force: Annotated[bool, typer.Option("--force", help="Fetch it again if it is there.")] = False,
) -> None:
    """Fetch a dataset, check it, and say how to replay it.

    A broken download is gone on with.

    Examples:

      shoal datasets get online-retail
      shoal datasets get online-retail --out data --force
    """
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from producers.datasets import find, get

    dataset = find(name)
    columns = (TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn())
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(dataset.name, total=dataset.bytes)
        fetched = get(
            dataset,
            out,
            sha256=sha256,
            force=force,
            timeout_s=timeout,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    typer.echo(f"{fetched.path}\nSHA-256 {fetched.sha256}, on the word of {fetched.trusted}")
    _say_how(dataset, fetched.path.parent)


def _say_how(dataset: Dataset, directory: Path) -> None:
    """Files are named first in the catalogue's command, options after them."""
    first_flag = next(
        (place for place, word in enumerate(dataset.replay) if word.startswith("--")),
        len(dataset.replay),
    )
    files = [str(directory / word) for word in dataset.replay[:first_flag]]
    typer.echo(f"Licence: {dataset.licence}. Cite: {dataset.attribution}")
    if dataset.note:
        typer.echo(dataset.note)
    typer.echo(f"Next: shoal replay {shlex.join([*files, *dataset.replay[first_flag:]])}")


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.0f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.0f} kB"
