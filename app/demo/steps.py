"""What the demonstration does, step by step, each beside the command that does the same."""

from __future__ import annotations

import contextlib
import io
import shlex
from dataclasses import dataclass, field
from textwrap import indent
from typing import TYPE_CHECKING

from rich.console import Console

from app.cli.watch import positions, records
from app.demo.facts import facts_of
from app.demo.views import by_kind, by_week
from app.replaying import Wanted, run
from app.tell import in_words
from app.wiring import Wiring
from producers.reading.dataset import ReadOptions
from producers.replaying.pace import Pace
from producers.replaying.prepared import Choices
from producers.synthetic import Plan
from producers.synthetic.files import Written, write_shop
from producers.synthetic.plan import changed

if TYPE_CHECKING:
    from pathlib import Path

    from stream.log.seam import Log

DAYS = 120
# A little of everything that real data has.
DIRT: dict[str, object] = {"returns": 0.04, "no_customer": 0.002, "bad_date": 0.001}
SHOWN_RECORDS = 8


@dataclass(frozen=True, slots=True)
class Demo:
    folder: Path
    customers: int
    seed: int
    console: Console = field(default_factory=lambda: Console(highlight=False))

    def run(self) -> None:
        """A shop is generated (1), replayed (2), watched (3), and looked at as a whole (4)."""
        self._clear()
        shop = self._generate()  # 1
        self._replay(shop)  # 2
        with self._wiring().open_log() as log:
            self._watch(log)  # 3
            self._look(log, shop)  # 4
        self._next_steps()

    def _generate(self) -> Written:
        dirt = " ".join(f"--{name.replace('_', '-')} {rate}" for name, rate in DIRT.items())
        plan = changed(Plan(customers=self.customers, days=DAYS, seed=self.seed), DIRT)
        self._step(
            "A shop is made up, with eight kinds of customers in it",
            f"shoal generate --customers {self.customers} --days {DAYS} --seed {self.seed} "
            f"--out {self._shop} {dirt}",
        )
        written, truth = write_shop(plan, self._shop, force=True)
        self.console.print(f"   {truth.lines:,} lines; who is of which kind: {written.stints}")
        return written

    def _replay(self, shop: Written) -> None:
        self._step(
            "It is replayed as a stream, in the order of its own time",
            f"shoal replay {shop.data} --log {self._url}",
        )
        asked = (None, False, None, None, None, Choices(), Pace(), False, False)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            run(self._wiring(), Wanted((str(shop.data),), ReadOptions(), *asked))
        self.console.print(indent(said.getvalue().rstrip(), "   "), soft_wrap=True)

    def _watch(self, log: Log) -> None:
        self._step(
            "Anybody can watch it",
            f"shoal watch transactions --limit {SHOWN_RECORDS} --log {self._url}",
        )
        found = records(log, self._topic, positions(log, self._topic, "start"), None, follow=False)
        for _, (_, record) in zip(range(SHOWN_RECORDS), found, strict=False):
            self.console.print(f"   {in_words(self._topic, record)}", markup=False, soft_wrap=True)

    def _look(self, log: Log, shop: Written) -> None:
        facts = facts_of(log, self._topic, shop.stints)
        self._step("What flowed by, week by week")
        self.console.print(by_week(facts))
        self._step("Who hides in it: the kinds that were planted, as the stream shows them")
        self.console.print(by_kind(facts))

    def _next_steps(self) -> None:
        self.console.print(
            f"\n[bold]Yours now.[/bold] Try your own file: shoal check FILE, shoal replay FILE.\n"
            f"With a broker: shoal replay {shlex.quote(str(self._shop))} --log kafka://localhost:9092",
            soft_wrap=True,
        )

    def _step(self, what: str, command: str = "") -> None:
        self.console.print(f"\n[bold cyan]{what}[/bold cyan]")
        if command:
            self.console.print(f"   $ {command}", style="dim", soft_wrap=True, markup=False)

    def _wiring(self) -> Wiring:
        return Wiring.of(self._url, None)

    def _clear(self) -> None:
        """Only what an earlier run of this left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob("shoal.db*"):
            left.unlink()

    @property
    def _shop(self) -> Path:
        return self.folder / "shop.csv.gz"

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.folder / 'shoal.db'}"

    @property
    def _topic(self) -> str:
        return self._wiring().topics().transactions
