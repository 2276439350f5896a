"""`shoal watch`: a topic as it flows, for people or as JSON lines for pipes."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import ConfigOption, LogOption
from app.cli.topics import full_name
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.log.batch import Record
    from stream.log.seam import Log

POLL_SECONDS = 0.5


def watch(
    topic: Annotated[
        str, typer.Argument(help="transactions, segment-changes …, with or without the prefix.")
    ],
    log: LogOption = None,
    config: ConfigOption = None,
    since: Annotated[
        str, typer.Option("--from", metavar="start|end|TIME", help="Where to begin.")
    ] = "start",
    customer: Annotated[str | None, typer.Option(help="Only this customer's records.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many records.")] = None,
    follow: Annotated[bool, typer.Option(help="Wait for more at the end.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, for pipes.")] = False,
) -> None:
    """Watch a topic. Ctrl-C ends it.

    TIME is when a record was written, as 2026-11-21 or 2026-11-21T09:30+01:00.

    [bold]Examples[/bold]

      shoal watch transactions --limit 20

      shoal watch transactions --customer 17850

      shoal watch segment-changes --from end --json | jq .value.current
    """
    from app.tell import as_json_line, in_words
    from app.wiring import Wiring

    wiring = Wiring.of(log, config)
    with wiring.open_existing_log() as opened:
        name = full_name(opened, wiring.topics(), topic)
        starts = positions(opened, name, since)
        if customer is not None:
            starts = only_of(customer, starts)
        try:
            found = records(opened, name, starts, customer, follow=follow)
            for (partition, offset), record in islice(found, limit):
                told = (
                    as_json_line(name, partition, offset, record)
                    if as_json
                    else in_words(name, record)
                )
                sys.stdout.write(f"{told}\n")
        except KeyboardInterrupt:
            raise typer.Exit(0) from None


def positions(log: Log, topic: str, since: str) -> dict[int, int]:
    """Where each partition's reading begins."""
    if since in {"start", "end"}:
        return {part: getattr(where, since) for part, where in log.bounds(topic).items()}
    return log.positions_at(topic, _milliseconds(since))


def only_of(customer: str, starts: dict[int, int]) -> dict[int, int]:
    """The one partition that the customer's records lie on."""
    from stream.log.partitioning import partition_of

    mine = partition_of(customer.encode(), len(starts))
    return {mine: starts[mine]}


def records(
    log: Log, topic: str, starts: dict[int, int], customer: str | None, *, follow: bool
) -> Iterator[tuple[tuple[int, int], Record]]:
    """Partition, offset and record of each, in the order they come."""
    key = None if customer is None else customer.encode()
    ends = {part: log.bounds(topic)[part].end for part in starts}
    with log.reader(topic, starts) as reader:
        while follow or any(at < ends[part] for part, at in reader.positions().items()):
            for batch in reader.poll(POLL_SECONDS):
                for offset, record in batch:
                    if key is None or record.key == key:
                        yield (batch.partition, offset), record
            sys.stdout.flush()


def _milliseconds(text: str) -> int:
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"--from {text!r} is neither start, end, nor a time as 2026-11-21T09:30+01:00"
        ) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
