"""The replay's progress on a terminal: first what is read, then what is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from producers.replaying.pace import Pace
    from producers.replaying.replay import Progress as Sent
    from producers.replaying.survey import Survey


class ReplayBar:
    """Nothing is drawn where nobody looks: in a pipe, or in a log of a scheduler."""

    def __init__(self, pace: Pace, seconds: Callable[[], float]) -> None:
        self.console = Console(stderr=True)
        self._pace, self._seconds = pace, seconds
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self._task = self._progress.add_task("reading", total=None, told="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def reading(self, survey: Survey) -> None:
        self._progress.update(self._task, told=f"{survey.rows:,} rows")

    def sending(self, survey: Survey) -> None:
        """From here on `sent` is told."""
        self._survey, self._started = survey, self._seconds()
        self._progress.update(self._task, description="replaying", total=survey.rows)

    def sent(self, progress: Sent) -> None:
        elapsed = self._seconds() - self._started
        told = in_words(progress, self._survey, self._pace, elapsed)
        self._progress.update(self._task, completed=progress.lines, told=told)


def in_words(progress: Sent, survey: Survey, pace: Pace, elapsed: float) -> str:
    rate = progress.sent / elapsed if elapsed > 0 else 0.0
    at = datetime.fromtimestamp(progress.event_ms / 1000, UTC)
    left = seconds_left(progress, survey, pace, elapsed)
    return f"{progress.acknowledged:,} safe  {rate:,.0f}/s  {at:%Y-%m-%d %H:%M}" + (
        f"  {timedelta(seconds=round(left))} left" if left is not None else ""
    )


def seconds_left(progress: Sent, survey: Survey, pace: Pace, elapsed: float) -> float | None:
    """What the pace says is left, and otherwise as long as it took so far for as many lines."""
    lines = survey.rows - progress.lines
    guesses = [
        lines / pace.rate if pace.rate else 0.0,
        ((survey.last_ms or 0) - progress.event_ms) / 1000 / pace.speed if pace.speed else 0.0,
    ]
    if not pace.bounded:
        if not progress.sent:
            return None
        guesses.append(elapsed * lines / progress.sent)
    return max(0.0, *guesses)
