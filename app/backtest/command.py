"""One run of `shoal backtest`: what is said of it, and to whom."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console

from app.backtest.backtest import backtest
from app.backtest.folder import Folder
from app.backtest.words import account
from app.log_tasks import task_rules
from app.replay_memory import keep_arrow_small
from app.saying import say_plainly
from app.stopping import Stopping
from app.warming import warm_up
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from pathlib import Path

    from app.backtest.backtest import Ran
    from app.backtest.source import Source
    from app.backtest.variants import Variant
    from app.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Wanted:
    source: Source
    variants: list[Variant]
    partitions: int
    out: Path | None
    as_json: bool


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Warms up, runs, and says what came of it."""
    keep_arrow_small()
    topics, folder = wiring.topics(wanted.partitions), Folder(wanted.out) if wanted.out else None
    settings = wanted.variants[0].settings
    warm_up(task_rules(settings, topics), lens_specs(settings), say_plainly)
    with Stopping() as stopping:
        ran = backtest(wanted.source, wanted.variants, topics, stopping, folder)
    if wanted.as_json:
        sys.stdout.write(json.dumps(_as_json(ran)) + "\n")
    else:
        _say(ran, wanted.out)


def _as_json(ran: list[Ran]) -> object:
    if len(ran) == 1:
        return ran[0].summary
    return {one.variant.name: one.summary for one in ran}


def _say(ran: list[Ran], out: Path | None) -> None:
    console = Console(highlight=False)
    if len(ran) == 1:
        for line in account(ran[0]):
            console.print(line)
    else:
        from app.backtest.comparing import compare

        for part in compare(ran):
            console.print(part)
    if out is not None:
        of = "" if len(ran) == 1 else f" (of {ran[0].variant.name})"
        console.print(f"everything{of} is in {out}", markup=False, soft_wrap=True)
