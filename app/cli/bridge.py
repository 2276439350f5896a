"""`shoal bridge`: a topic of one's own, with JSON of its own shape, becomes transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import ConfigOption, LogOption

if TYPE_CHECKING:
    from app.bridging.rules import Begin, Rules
    from stream.settings import Settings

READING = "How a record is read"
CHOOSING = "Which records"


def bridge(
    *,
    source: Annotated[
        str,
        typer.Option("--from", metavar="URL/TOPIC", help="kafka://HOST:PORT/TOPIC."),
    ],
    maps: Annotated[
        list[str],
        typer.Option(
            "--map",
            metavar="FIELD=PATH",
            help="Where a transaction's field is, as user.id; -PATH and PATH/100 for numbers.",
            rich_help_panel=READING,
        ),
    ],
    constants: Annotated[
        list[str] | None,
        typer.Option(
            "--constant",
            metavar="FIELD=VALUE",
            help="A field's value where the record has none.",
            rich_help_panel=READING,
        ),
    ] = None,
    each: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="A list in the record, each element a line.",
            show_default="the record is a line",
            rich_help_panel=READING,
        ),
    ] = None,
    time_format: Annotated[
        str,
        typer.Option(
            metavar="FORM",
            help="iso, s, ms, us, ns, or a pattern such as '%d.%m.%Y %H:%M'.",
            rich_help_panel=READING,
        ),
    ] = "iso",
    timezone: Annotated[
        str | None,
        typer.Option(help="What times without an offset mean.", rich_help_panel=READING),
    ] = None,
    local_timezone: Annotated[
        str | None,
        typer.Option(help="The shopper's clock, where it is another.", rich_help_panel=READING),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=VALUE", help="Leave other records out.", rich_help_panel=CHOOSING
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Leave out what happened before: where a replay --until ended.",
            rich_help_panel=CHOOSING,
        ),
    ] = None,
    begin: Annotated[
        str,
        typer.Option(
            metavar="start|end|TIME",
            help="Where a bridge begins that never ran; a time is that of the records.",
            rich_help_panel=CHOOSING,
        ),
    ] = "start",
    skip_lost: Annotated[
        bool,
        typer.Option(
            "--skip-lost",
            help="Go on where the topic forgot records before they were read.",
            rich_help_panel=CHOOSING,
        ),
    ] = False,
    name: Annotated[
        str | None,
        typer.Option(
            help="Its place is kept under this name; one process has it.",
            show_default="the topic's",
        ),
    ] = None,
    ticks: Annotated[
        bool,
        typer.Option(help="Tell every partition of midnights that lie in the past."),
    ] = True,
    log: LogOption = None,
    config: ConfigOption = None,
    until_end: Annotated[
        bool, typer.Option("--until-end", help="End once all that is there now is across.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read what is there, say what it is, write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Its closing account as JSON.")] = False,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Serve /metrics there.")
    ] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON.")] = False,
) -> None:
    """Turn a topic of your own, JSON of its own shape, into transactions.

    Exactly once: killed at any moment it goes on where it stood, with nothing missing and nothing
    twice, also from another cluster. What can't be read goes to the dead letters, with its reason.

    Examples:

      shoal bridge --from kafka://localhost:9092/orders --dry-run \\
          --map customer_id=user.id --map occurred_at=placed_at --map amount=total_pence/100

      shoal bridge --from kafka://localhost:9092/orders --each items --map customer_id=user.id \\
          --map occurred_at=placed_at --map order_id=id --map product_id=items.sku \\
          --map quantity=items.qty --map unit_price=items.price
    """
    from app.bridging.address import Address
    from app.bridging.running import Wanted, run
    from app.bridging.shape import shape_of
    from app.bridging.times import Times
    from app.replay_words import instant_ms
    from app.wiring import Wiring

    address, wiring = Address.of(source), Wiring.of(log, config)
    times = Times(time_format, timezone, local_timezone)
    since_ms = instant_ms("--since", since, timezone or "UTC")
    shape = shape_of(maps, constants or (), each, only or (), times, since_ms)
    settings = wiring.settings
    rules = _rules(
        name or address.topic, _begin(begin, timezone), settings, skip_lost=skip_lost, ticks=ticks
    )
    ends = (until_end, dry_run, as_json)
    run(wiring, Wanted(address, shape, rules, *ends, metrics_port, json_logs))


def _begin(text: str, timezone: str | None) -> Begin:
    from app.replay_words import instant_ms

    if text == "start":
        return "start"
    if text == "end":
        return "end"
    at_ms = instant_ms("--begin", text, timezone or "UTC")
    assert at_ms is not None
    return at_ms


def _rules(name: str, begin: Begin, settings: Settings, *, skip_lost: bool, ticks: bool) -> Rules:
    import re

    from app.bridging.rules import Rules
    from stream.errors import SettingsError

    if not re.fullmatch(r"[a-zA-Z0-9._-]{1,80}", name):
        raise SettingsError(
            f"--name {name!r} should be letters, digits, dots, hyphens and underscores, 80 at most"
        )
    own = settings.bridge
    return Rules(name, begin, skip_lost, ticks, own.commit_ms / 1000, own.most_held)
