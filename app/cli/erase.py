"""`shoal erase CUSTOMER`: have a customer forgotten, from here on and in what is kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import ConfigOption, LogOption
from stream.errors import InputError

if TYPE_CHECKING:
    from stream.contracts.commands import Erasure


def erase(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")],
    log: LogOption = None,
    config: ConfigOption = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Forget a customer: profile and segment go, and can't be had back.

    Writes an Erasure among the customer's transactions; the worker that comes to it forgets
    the customer at once, and what it has written of them within the hour.

    Examples:

      shoal erase 17850
      shoal erase 17850 --yes --log kafka://localhost:9092
    """
    from app.wiring import Wiring
    from stream.log.batch import Record, Records
    from stream.log.partitioning import partition_of

    now_ms = time.time_ns() // 1_000_000
    command = _command(customer, now_ms)
    wiring = Wiring.of(log, config)
    topic = wiring.topics().transactions
    with wiring.open_existing_log() as opened:
        key = customer.encode()
        partition = partition_of(key, opened.partitions(topic))
        if not yes:
            typer.confirm(f"Forget customer {customer} on {opened.name} for good?", abort=True)
        with opened.writer() as writer:
            records = Records.of([Record(key, command.to_json(), now_ms)])
            writer.append(topic, partition, records)
            writer.flush()
    typer.echo(
        f"erasure written to {topic}[{partition}]: `shoal consume` forgets the customer when it "
        "comes to it.\nThe transactions themselves, dead letters and changes stay until their "
        "topics expire."
    )


def _command(customer: str, now_ms: int) -> Erasure:
    from datetime import UTC, datetime

    from pydantic import ValidationError

    from stream.contracts.base import explain
    from stream.contracts.commands import Erasure

    requested_at = datetime.fromtimestamp(now_ms / 1000, UTC)
    try:
        return Erasure(customer_id=customer, requested_at=requested_at)
    except ValidationError as error:
        raise InputError(f"that is no customer's id: {explain(error)}") from None
