"""One report: made of the history, and written to a file or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.reporting.forms import Form, form_of, written
from app.reporting.looking import story_of
from app.reporting.placing import require_folder
from insights.reporting.executive.making import make_report
from stream.whole_file import write_whole

if TYPE_CHECKING:
    from app.reporting.hearing import Hearing
    from insights.reporting.executive.report import Period
    from snapshot.history import History
    from stream.settings import Settings

NEWEST_MS = 2**62


def report_once(
    history: History,
    settings: Settings,
    period: Period,
    *,
    at_ms: int | None = None,
    out: Path | None = None,
    form: str | None = None,
    playbook: Path | None = None,
    hearing: Hearing | None = None,
) -> Path | None:
    """Where it was written; None on standard output, where a page doesn't go."""
    chosen = form_of(form, out)
    if out is not None:
        require_folder(out, "--out")
    until_ms = NEWEST_MS if at_ms is None else at_ms
    story = story_of(history, settings, period, until_ms, playbook, hearing)
    report = make_report(story)
    text = written(report, chosen)
    if out is None and chosen is not Form.HTML:
        sys.stdout.write(text)
        return None
    file = out or file_in(Path(), period, report.ends.date().isoformat(), chosen)
    write_whole(file, text)
    return file


def file_in(folder: Path, period: Period, day: str, form: Form) -> Path:
    """
    >>> from pathlib import Path
    >>> from insights.reporting.executive.report import Period
    >>> file_in(Path("reports"), Period.WEEK, "2011-12-08", Form.HTML).as_posix()
    'reports/week-2011-12-08.html'
    """
    return folder / f"{period}-{day}.{form}"
