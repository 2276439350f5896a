"""The flags of `shoal replay` itself; those of reading a dataset are in `reading`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import reading

SENDING = "What is sent"
PACING = "How fast"

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="Files or http addresses (FILE::NAME for a table, sheet or member), or "
        "synthetic:customers=500,days=90. Several are merged in order of time.",
        show_default=False,
    ),
]
Topic = Annotated[str | None, typer.Option(help="Another topic than the prefix's transactions.")]
Partitions = Annotated[
    int | None,
    typer.Option(min=1, help="How many, where it makes a topic.  [default: 8 on Kafka, else 1]"),
]
Speed = Annotated[
    str | None,
    typer.Option(
        metavar="60x|max",
        help="Event time against the clock.  [default: max]",
        rich_help_panel=PACING,
    ),
]
Rate = Annotated[
    str | None,
    typer.Option(metavar="5000/s", help="Lines a second at most.", rich_help_panel=PACING),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="TIME", help="The first day or instant.", rich_help_panel=SENDING
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="The day or instant to stop before.", rich_help_panel=SENDING
    ),
]
DropDuplicates = Annotated[
    bool,
    typer.Option(
        "--drop-duplicates", help="Send rows that are equal only once.", rich_help_panel=SENDING
    ),
]
Ticks = Annotated[
    bool,
    typer.Option(
        help="Tell every partition of midnights and of the end. --no-ticks for others' topics.",
        rich_help_panel=SENDING,
    ),
]
LockstepWith = Annotated[
    str | None,
    typer.Option(
        "--lockstep",
        metavar="7d",
        help="Wait at each such midnight for `shoal snapshot --every 7d` to have published.",
        rich_help_panel=PACING,
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on exactly after this replay's last record there.")
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A CSV for the rows that are no transactions (with several sources: FILE-1, …).",
        rich_help_panel=reading.PANEL,
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Stop at the first of them.", rich_help_panel=reading.PANEL)
]
TempFolder = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where large sources are sorted on disk.")
]
AsJson = Annotated[bool, typer.Option("--json", help="The closing account as JSON.")]
