"""`shoal topics`: make them, list them, look at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import ConfigOption, LogOption
from stream.errors import TopicMissing, TopicsDiffer
from stream.log.seam import TopicSpec
from stream.times import DAY_MS

if TYPE_CHECKING:
    from stream.log.seam import Log
    from stream.topics import Topics

HELP = """Create, list and describe the topics.

A replay makes the one that it needs by itself.

Examples:

  shoal topics create --partitions 16
  shoal topics list
  shoal topics describe transactions
"""

topics = typer.Typer(help=HELP, no_args_is_help=True)

Partitions = Annotated[
    int | None,
    typer.Option(
        min=1, help="How many, where it makes a topic.", show_default="8 on Kafka, else 1"
    ),
]


@topics.command()
def create(
    log: LogOption = None, config: ConfigOption = None, partitions: Partitions = None
) -> None:
    """Create what is missing, and say what differs in what is there.

    What is there is not changed.

    Examples:

      shoal topics create
      shoal topics create --log kafka://localhost:9092 --partitions 16
    """
    from app.topics_ready import told
    from app.wiring import Wiring

    wiring = Wiring.of(log, config)
    wanted = wiring.topics(partitions).specs()
    with wiring.open_log() as opened:
        before = {topic.name for topic in opened.topics()}
        differences = opened.create_topics(wanted)
        for topic in wanted:
            state = "there" if topic.name in before else "created"
            typer.echo(f"{state:8} {topic.name}")
        if differences:
            raise TopicsDiffer(told(differences))


@topics.command("list")
def list_topics(log: LogOption = None, config: ConfigOption = None) -> None:
    """Every topic of the log: partitions, how much is in it, how long that is kept.

    Nothing is made or changed.

    Examples:

      shoal topics list
      shoal topics list --log kafka://localhost:9092
    """
    from rich.console import Console
    from rich.table import Table

    from app.wiring import Wiring

    with Wiring.of(log, config).open_existing_log() as opened:
        table = Table("topic", "partitions", "offsets", "kept", box=None, pad_edge=False)
        for topic in opened.topics():
            length = sum(end - start for start, end in opened.bounds(topic.name).values())
            table.add_row(topic.name, str(topic.partitions), f"{length:,}", _kept(topic))
        Console().print(table)


@topics.command()
def describe(
    topic: Annotated[str, typer.Argument(help="Its name, with or without the prefix.")],
    log: LogOption = None,
    config: ConfigOption = None,
) -> None:
    """One topic, partition by partition.

    With its settings, and from where to where each partition goes.

    Examples:

      shoal topics describe transactions
      shoal topics describe shoal.transactions --log kafka://localhost:9092
    """
    from rich.console import Console
    from rich.table import Table

    from app.wiring import Wiring

    wiring = Wiring.of(log, config)
    with wiring.open_existing_log() as opened:
        name = full_name(opened, wiring.topics(), topic)
        spec = next(one for one in opened.topics() if one.name == name)
        typer.echo(f"{name}: {spec.partitions} partition{'s' * (spec.partitions != 1)}")
        for setting, value in spec.configs.items():
            typer.echo(f"  {setting} = {value}")
        table = Table("partition", "from", "to", box=None, pad_edge=False)
        for partition, (start, end) in sorted(opened.bounds(name).items()):
            table.add_row(str(partition), f"{start:,}", f"{end:,}")
        Console().print(table)


def _kept(topic: TopicSpec) -> str:
    """In words, as far as the topic itself says it.

    >>> _kept(TopicSpec("t", 1, {"retention.ms": "86400000"}))
    '1 d'
    """
    retention = topic.configs.get("retention.ms")
    if retention is None:
        return "as the broker has it"
    return "forever" if retention == "-1" else f"{int(retention) / DAY_MS:,g} d"


def full_name(log: Log, names: Topics, asked: str) -> str:
    """The topic that is meant: by its whole name, or by the part after the prefix."""
    there = [topic.name for topic in log.topics()]
    for name in (asked, f"{names.prefix}{asked}"):
        if name in there:
            return name
    listed = ", ".join(there) or "none yet: `shoal topics create` makes them"
    raise TopicMissing(f"there is no topic {asked} in {log.name}. There are: {listed}")
