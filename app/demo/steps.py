"""What the demonstration does, step by step, each beside the command that does the same."""

from __future__ import annotations

import shlex
import shutil
from collections import Counter
from dataclasses import dataclass, field
from textwrap import indent, wrap
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding

from app.cli.model_tables import lens_parts
from app.customer import customer_of
from app.demo import words
from app.demo.changes import changes_of, flows, latest, most_to_tell, places
from app.demo.commands import Commands
from app.demo.shop import DRIFT_DAY, Shop, day, learned_until, stops
from app.demo.views import Steps, by_flow, by_kind, by_size
from stream.contracts.change import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from stream.contracts.change import SegmentChange
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel

USUAL_LEAST, FEW = 200, 20
"""How many active customers a first model needs, and in a shop so small that it has not."""

SMALL_SHOP = 500
REPORT = "report.html"


@dataclass(frozen=True, slots=True)
class Demo:
    folder: Path
    customers: int
    seed: int
    console: Console = field(default_factory=lambda: Console(highlight=False))

    def run(self) -> None:
        """A shop's life on one log, and what to do with one's own."""
        self.go_on(self.begin())
        self._next_steps()

    def begin(self) -> LensModel:
        """The lens that is shown, after:

        1. the shop is made up,
        2. its first 92 days are replayed as a stream and folded into profiles,
        3. a snapshot finds segments among these: they hold from there on.
        """
        self._clear()
        self._begin()
        self._commands.warm_up(lambda text: self.console.print(f"   {text}", style="dim"))
        self._make()  # 1
        self._first_days()  # 2
        return self._model()  # 3

    def go_on(self, lens: LensModel) -> None:
        """Steps 4 to 9: the other weeks come in, and what they bring is read from the log."""
        snapshots = self._other_weeks()
        with self._commands.wiring.open_existing_log() as log:
            changes = changes_of(log, self._commands.wiring.topics().changes, lens.lens)
        names = segment_names(self._commands.models(), lens.lens)
        self._sizes(changes, names)
        self._flows(changes, names)
        self._drift(snapshots)
        self._latest(changes)
        self._customer(most_to_tell(changes))

    def _begin(self) -> None:
        self.console.print(
            "[bold]A shop and its customers' segments, on one file.[/bold] The commands beside "
            "each step\ndo the same by hand, in the virtual environment and this folder:\n"
        )
        self._lines([f"$ cd {shlex.quote(str(self.folder))}"])

    def _make(self) -> None:
        self._step(
            "1  A shop is made up, with eight kinds of customers and a little dirt in it",
            f"shoal generate --out {self._shop.file.name} {self._shop.flags()} \\\n"
            f"       {self._shop.dirt()} \\\n"
            f"       {self._shop.drift()}",
        )
        truth = self._shop.make()
        there = truth.summary()
        self._say(
            f"{there['lines']:,} lines of {there['orders']:,} orders by {there['customers']:,} "
            f"customers in {there['days']:,} days. From {day(DRIFT_DAY)} on half of them buy like "
            "its best: will anybody notice?"
        )

    def _first_days(self) -> None:
        self._step(
            "2  Its first 92 days are replayed as a stream; every line updates a profile",
            f"shoal replay {self._shop.file.name} --until {learned_until()}",
            "shoal consume --until-end",
        )
        self._say(self._commands.replay(self._shop.file, learned_until(), resume=False))
        self._say(self._commands.consume())

    def _model(self) -> LensModel:
        self._step(
            "3  A snapshot finds segments among the profiles, and names them: now they hold",
            "shoal snapshot",
            "shoal consume --until-end",
        )
        self._commands.snapshot()
        lens = shown_lens(self._commands.models()[-1])
        for part in lens_parts(lens, self.console.width - 3):
            self.console.print(Padding(part, (0, 0, 0, 3)))
        *account, _ = self._commands.consume().splitlines()
        self._say("\n".join(account))
        return lens

    def _other_weeks(self) -> list[dict[str, Any]]:
        """What each snapshot said."""
        self._step(
            "4  The shop goes on; a snapshot a week compares the segments and renews them",
            f"shoal replay {self._shop.file.name} --resume",
            "shoal consume --until-end",
            f"shoal snapshot --report {REPORT}",
        )
        snapshots = []
        with Steps(self.console) as table:
            for until in stops():
                self._commands.replay(self._shop.file, until, resume=True)
                counted = self._commands.consume_counted()
                snapshots.append(self._commands.snapshot(self.folder / REPORT))
                table.add(until, counted, snapshots[-1])
        self._commands.consume()
        self._say(
            "agree: the share of active customers whom the running segments and a batch clustering "
            "of the same moment have in the same segment"
        )
        return snapshots

    def _sizes(self, changes: list[SegmentChange], names: dict[str, str]) -> None:
        then = places(one for one in changes if one.cause is Cause.FIRST_MODEL)
        now = places(changes)
        self._step("5  How many customers are in each segment: when it was found, and now")
        self.console.print(by_size(names, Counter(then.values()), Counter(now.values())))
        self.console.print(
            "\n   What the customers had been planted as, which nobody told the segments:\n"
        )
        self.console.print(by_kind(self._shop.kinds(), now, names))

    def _flows(self, changes: list[SegmentChange], names: dict[str, str]) -> None:
        self._step(
            "6  Who went where, and what moved them",
            f"shoal migrations {learned_until()} {stops()[-1]}",
        )
        self.console.print(by_flow(flows(changes), names))

    def _drift(self, snapshots: list[dict[str, Any]]) -> None:
        """Every alert there was, also one before the planted day."""
        self._step(
            f"7  What drifted. Planted: on {day(DRIFT_DAY)} half of all began to buy like the best",
            "shoal drift --last 7",
        )
        found = [(one["instant"][:10], alert) for one in snapshots for alert in one["alerts"]]
        self._tell(f"found on {when}: {alert}" for when, alert in found)
        if not found:
            self._say("no alert was raised")

    def _latest(self, changes: list[SegmentChange]) -> None:
        self._step(
            "8  The latest changes, and why (what is 90 days old counts half, a newcomer's more)",
            "shoal watch segment-changes",
        )
        self._tell(line for change in latest(changes) for line in words.told(change))

    def _customer(self, customer_id: str | None) -> None:
        if customer_id is None:
            return
        self._step("9  One customer's story", f"shoal customer {customer_id}")
        found = customer_of(self._commands.wiring, customer_id, lambda _: None)
        self._tell(words.of_customer(found))

    def _next_steps(self) -> None:
        self.console.print("\n[bold]The last snapshot as a page,[/bold] for a browser:\n")
        self._lines([str(self.folder / REPORT)])
        self.console.print("\n[bold]And live,[/bold] the shop going on while you look:\n")
        dashboard = f"shoal dashboard --demo {shlex.quote(str(self.folder))}"
        self._lines([f"make dashboard        # or, anywhere: {dashboard}"])
        self.console.print("\n[bold]Yours now.[/bold] Act on the changes, in Python:\n")
        self._lines(
            [
                "from consumers.subscribe import subscribe",
                'for change in subscribe("sqlite:///shoal.db", group="crm"):',
                "    print(change.customer_id, change.cause, change.current)",
            ]
        )
        self.console.print("\nOn a broker, with your own file (docs/README.md has the rest):\n")
        self._lines(
            [
                "docker compose up -d kafka",
                "shoal check FILE",
                "shoal replay FILE --log kafka://localhost:9092",
                "shoal consume --workers 2 --log kafka://localhost:9092",
                "shoal snapshot --every 7d --log kafka://localhost:9092",
            ]
        )

    def _step(self, what: str, *commands: str) -> None:
        self.console.print(f"\n[bold cyan]{what}[/bold cyan]")
        for command in commands:
            self.console.print(f"   $ {command}", style="dim", soft_wrap=True, markup=False)

    def _say(self, text: str) -> None:
        self._tell(text.splitlines())

    def _tell(self, lines: Iterable[str]) -> None:
        """Within the terminal; what goes on in the next line is a little farther in."""
        for line in lines:
            inside = len(line) - len(line.lstrip())
            self._lines(wrap(line, self.console.width - 3, subsequent_indent=" " * (inside + 2)))

    def _lines(self, lines: Iterable[str]) -> None:
        """As they are, to be copied."""
        for line in lines:
            self.console.print(indent(line, "   "), markup=False, soft_wrap=True)

    def _clear(self) -> None:
        """Only what an earlier run of this left, and the tables that a dashboard made of that."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for pattern in ("shoal.db*", "shoal.tables.db*"):
            for left in self.folder.glob(pattern):
                left.unlink()
        shutil.rmtree(self.folder / "history", ignore_errors=True)

    @property
    def _shop(self) -> Shop:
        return Shop(self.folder / "shop.csv.gz", self.customers, self.seed)

    @property
    def _commands(self) -> Commands:
        least = USUAL_LEAST if self.customers >= SMALL_SHOP else FEW
        return Commands(self.folder, least)


def shown_lens(model: SegmentModel) -> LensModel:
    """Settings may have put others beside it, or in its place."""
    return model.main_lens


def segment_names(models: list[SegmentModel], name: str) -> dict[str, str]:
    """What every segment that there ever was is called by now, those of today first."""
    named: dict[str, str] = {}
    for model in reversed(models):
        lens = model.lens(name)
        learned = [one.segment for one in lens.centroids] if lens else []
        ruled = [one.segment for one in lens.rule_segments] if lens else []
        for segment in learned + ruled:
            named.setdefault(segment.id, segment.name)
    return named
