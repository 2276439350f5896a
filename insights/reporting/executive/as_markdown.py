"""The report as Markdown: headings, lists and tables, for a mail or a repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from insights.reporting.differences import HEAD, difference_rows
from insights.reporting.executive.more_tables import experiment_rows, hour_rows, k_rows
from insights.reporting.executive.tables import (
    advice_lines,
    figure_rows,
    gone_line,
    segment_rows,
    subtitle,
    words_of,
)
from snapshot.naming.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from insights.reporting.executive.heard import Experiments
    from insights.reporting.executive.how_many import ByK
    from insights.reporting.executive.purchase_times import PurchaseTimes
    from insights.reporting.executive.report import LensPart, Moves, Report

SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&])")
SPACES = re.compile(r"\s+")


def as_markdown(report: Report) -> str:
    """Everything but the charts."""
    return "\n\n".join(_parts(report)) + "\n"


def escaped(text: str) -> str:
    """Whatever people named, as text in one line.

    >>> escaped("<b> *Best* | all")
    '\\\\<b\\\\> \\\\*Best\\\\* \\\\| all'
    """
    return SPECIAL.sub(r"\\\1", SPACES.sub(" ", text).strip())


def _parts(report: Report) -> Iterator[str]:
    yield f"# {escaped(report.title)}"
    yield escaped(subtitle(report))
    yield _list(report.summary)
    if report.alerts:
        heading = counted(len(report.alerts), "thing calls", "things call")
        yield f"**{heading} for a look:**"
        yield _list(report.alerts)
    yield "## Key figures"
    yield _table(*figure_rows(report))
    for lens in report.lenses:
        yield from _lens(lens)
    if report.advice:
        yield "## What to do next"
        yield _list(f"{name}: {said}" for name, said in advice_lines(report.advice))
    yield from _experiments(report.experiments)
    yield from _hours(report.purchase_times)
    if report.decision:
        yield "## The model"
        yield escaped(report.decision)
    if report.differences:
        yield "## How sure it is that segments differ"
        yield _table(HEAD, difference_rows(report.differences))
    yield from _how_many(report.pictures.by_k)
    yield "## How far to believe what is expected"
    yield _list(report.expectations)


def _lens(lens: LensPart) -> Iterator[str]:
    yield f"## {escaped(lens.title)}"
    yield _table(*segment_rows(lens))
    told = [(one.name, " ".join(words_of(one))) for one in lens.segments]
    yield _list(f"{name}: {said}" for name, said in told if said)
    if lens.gone:
        yield _list(map(gone_line, lens.gone))
    if lens.moves:
        yield "### Who went where"
        yield _list(lens.moves.sentences)
        yield _matrix(lens.moves)
    if lens.happened:
        yield "### What happened to segments"
        yield _list(lens.happened)
    if lens.drift:
        yield "### What shifted, and why"
        yield _list(lens.drift)


def _experiments(experiments: Experiments | None) -> Iterator[str]:
    if experiments is None:
        return
    yield "## Experiments under way"
    head, rows = experiment_rows(experiments)
    if rows:
        yield _table(head, rows)
    for one in experiments.parts:
        yield f"### {escaped(one.name)}"
        yield _list(one.sentences)
    for note in experiments.notes:
        yield escaped(note)


def _hours(times: PurchaseTimes) -> Iterator[str]:
    yield "## When customers buy"
    if times.hours is not None:
        yield _list(times.sentences)
        yield "Lines of orders an hour, on an average day:"
        yield _table(*hour_rows(times.hours))
    if times.note:
        yield escaped(times.note)


def _how_many(by_k: ByK | None) -> Iterator[str]:
    if by_k is not None:
        yield "## How many segments"
        yield _list(by_k.sentences)
        yield _table(*k_rows(by_k))


def _matrix(moves: Moves) -> str:
    rows = [
        [name, *(f"{count:,}" for count in counts)]
        for name, counts in zip(moves.rows, moves.customers, strict=True)
    ]
    return _table(["from \\ to", *moves.columns], rows)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column names the row; the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    told = [f"| {' | '.join(map(escaped, lines[0]))} |", f"| {' | '.join(lines[1])} |"]
    told += [f"| {' | '.join(map(escaped, row))} |" for row in rows]
    return "\n".join(told)
