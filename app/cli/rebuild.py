"""`shoal rebuild --to PREFIX`: everything again, under another prefix."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption


def rebuild(
    to: Annotated[
        str, typer.Option("--to", metavar="PREFIX", help="The new prefix, such as shoal2.")
    ],
    log: LogOption = None,
    config: ConfigOption = None,
    *,
    partitions: Annotated[
        int | None,
        typer.Option(
            min=1, max=10_000, help="How many it gets.", show_default="as many as there are"
        ),
    ] = None,
) -> None:
    """Replay the transactions of this prefix into another, erasures and ticks included.

    For more partitions, or for settings that profiles are folded with (docs/lenses.md says
    which). The old prefix stays as it is. Models are not taken along: fit one there.

    Examples:

      shoal rebuild --to shop2. --partitions 16
      SHOAL_TOPICS__PREFIX=shop2. shoal consume --until-end
    """
    from app.rebuilding.rebuild import rebuild as run
    from app.rebuilding.spread import PROMOTIONS, RECORDS, TICKS
    from app.wiring import Wiring
    from stream.settings import load_settings

    wiring = Wiring.of(log, config)
    load_settings(config, {"topics": {"prefix": to}})  # the same checks as for any prefix
    old = wiring.topics()
    with wiring.open_existing_log() as opened:
        many = partitions or opened.partitions(old.transactions)
        new = replace(old, prefix=to, partitions=many)
        account = run(opened, old, new)
    left = account[PROMOTIONS]
    typer.echo(
        f"{account[RECORDS]:,} records and {account[TICKS]:,} ticks of {old.transactions} are on "
        f"{new.transactions} ({many} partition{'s' * (many != 1)})"
        + (f"; {left} promotion{'s' * (left != 1)} left out" if left else "")
        + f"\nNext: SHOAL_TOPICS__PREFIX={to} shoal consume, then shoal models fit --publish there"
    )
