"""`shoal customer ID`: one customer's profile, segments and changes, straight from the log.

And what the newest snapshot expects of them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from app.cli.options import ConfigOption, LogOption


def customer(
    customer_id: Annotated[str, typer.Argument(metavar="ID", help="The customer's id.")],
    log: LogOption = None,
    config: ConfigOption = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show a customer: segments, distances, features, and every change with its reasons.

    Needs no running worker, and disturbs none. As of the last commit. With what the newest
    snapshot expects of them, where the history has one that does.

    Examples:

      shoal customer 17850
      shoal customer 17850 --json | jq .lenses.value
    """
    from rich.console import Console

    from app import customer_words
    from app.customer import customer_of
    from app.wiring import Wiring

    wiring = Wiring.of(log, config)
    with Console(stderr=True).status("reading the log") as status:
        found = customer_of(wiring, customer_id, status.update)
    told = customer_words.as_json(found) if as_json else customer_words.in_words(found)
    sys.stdout.write(f"{told}\n")
