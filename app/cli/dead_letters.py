"""`shoal dead-letters`: see what became nothing, and send it back once it is repaired."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import ConfigOption, LogOption
from stream.errors import InputError

if TYPE_CHECKING:
    from app.dead_letters import Chosen, Letter
    from app.dead_letters_back import SentBack
    from app.wiring import Wiring
    from stream.log.seam import Log

HELP = """See what became nothing, and send it back once it is repaired.

Examples:

  shoal dead-letters list
  shoal dead-letters list --reason negative_price --json > bad.jsonl
  shoal dead-letters replay --from-json repaired.jsonl
"""
STANDARD_INPUT = "-"

dead_letters = typer.Typer(help=HELP, no_args_is_help=True)

Reason = Annotated[
    list[str] | None,
    typer.Option("--reason", metavar="REASON", help="Only these; may be given several times."),
]
Offsets = Annotated[
    str | None,
    typer.Option(metavar="P:OFFSET,P:FIRST-LAST", help="Only these, by partition and offset."),
]


@dead_letters.command("list")
def list_letters(
    *,
    log: LogOption = None,
    config: ConfigOption = None,
    reason: Reason = None,
    offsets: Offsets = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Wait for more at the end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, to be repaired.")] = False,
) -> None:
    """Every dead letter: where it lies, when and why it was refused, what it was.

    Examples:

      shoal dead-letters list --limit 20
      shoal dead-letters list --reason too_late --reason not_json
      shoal dead-letters list --json | jq .detail | sort | uniq -c
    """
    from app.dead_letters_words import as_line
    from app.wiring import Wiring

    wiring = Wiring.of(log, config)
    chosen = _chosen(reason, offsets)
    found: Counter[str] = Counter()
    with wiring.open_existing_log() as opened:
        try:
            for letter in islice(_letters(opened, wiring, chosen, follow=follow), limit):
                found[letter.reason] += 1
                told = json.dumps(letter.as_json(), ensure_ascii=False) if as_json else None
                sys.stdout.write(f"{told or as_line(letter)}\n")
        except KeyboardInterrupt:
            raise typer.Exit(0) from None
    typer.echo(_summary(found, wiring.topics().dead_letters), err=True)


@dead_letters.command()
def replay(
    *,
    log: LogOption = None,
    config: ConfigOption = None,
    reason: Reason = None,
    offsets: Offsets = None,
    everything: Annotated[bool, typer.Option("--all", help="All there are.")] = False,
    from_json: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Lines of `list --json`, repaired; - is the input."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")
    ] = False,
) -> None:
    """Send letters back: repaired ones from a file, or those chosen as they are.

    Each is checked first; what is still no transaction stays, and makes the exit
    code 1. Sending one twice changes nothing within the horizon.

    Examples:

      shoal dead-letters replay --from-json repaired.jsonl
      shoal dead-letters replay --reason wrong_partition
      shoal dead-letters replay --offsets 0:17,3:20-29 --dry-run
    """
    from app.dead_letters_back import Returning
    from app.wiring import Wiring

    if not (reason or offsets or from_json or everything):
        raise InputError("say which: --from-json FILE, --reason, --offsets, or --all")
    wiring, chosen = Wiring.of(log, config), _chosen(reason, offsets)
    names = wiring.topics()
    with ExitStack() as closing:
        opened = closing.enter_context(wiring.open_existing_log())
        partitions = opened.partitions(names.transactions)
        writer = None if dry_run else closing.enter_context(opened.writer())
        returning = Returning(writer, names.transactions, partitions, names.dead_letters)
        letters = (
            _letters(opened, wiring, chosen)
            if from_json is None
            else filter(chosen.has, _letters_of(from_json))
        )
        for letter, why in returning.send(letters, time.time_ns() // 1_000_000):
            typer.echo(f"not sent: {letter.partition}:{letter.offset} {why}", err=True)
    typer.echo(_account(returning.account, names.transactions, dry_run=dry_run))
    raise typer.Exit(1 if returning.account.refused else 0)


def _chosen(reasons: list[str] | None, offsets: str | None) -> Chosen:
    from app.dead_letters import UNKNOWN, Chosen, offsets_of
    from stream.contracts.refusal import RefusalReason

    known = {str(reason) for reason in RefusalReason} | {UNKNOWN}
    for reason in reasons or ():
        if reason not in known:
            raise InputError(f"--reason {reason} is none: there are {', '.join(sorted(known))}")
    return Chosen(frozenset(reasons or ()), None if offsets is None else offsets_of(offsets))


def _letters(log: Log, wiring: Wiring, chosen: Chosen, *, follow: bool = False) -> Iterator[Letter]:
    """Those chosen, from the topic's beginning on."""
    from app.cli.watch import records
    from app.dead_letters import read_letter

    topic = wiring.topics().dead_letters
    starts = {partition: bounds.start for partition, bounds in log.bounds(topic).items()}
    for (partition, offset), record in records(log, topic, starts, None, follow=follow):
        letter = read_letter(partition, offset, record)
        if chosen.has(letter):
            yield letter


def _letters_of(file: str) -> Iterator[Letter]:
    from app.dead_letters import letter_of_json

    for number, line in enumerate(_lines(file), start=1):
        if line.strip():
            yield letter_of_json(line, number)


def _lines(file: str) -> Iterable[str]:
    if file == STANDARD_INPUT:
        yield from sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8") as opened:
            yield from opened
    except OSError as error:
        raise InputError(f"--from-json {file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"--from-json {file} is not UTF-8: save it as that") from None


def _summary(found: Counter[str], topic: str) -> str:
    if not found:
        return f"no dead letters on {topic}"
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in found.most_common())
    return f"{found.total():,} dead letters: {reasons}"


def _account(account: SentBack, topic: str, *, dry_run: bool) -> str:
    would = "would be sent" if dry_run else "sent"
    kept = f", {account.refused:,} not fit to be" if account.refused else ""
    return f"{account.sent:,} {would} to {topic}{kept}"
