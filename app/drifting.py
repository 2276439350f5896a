"""Drift reports as `shoal drift` takes them: read from the log, chosen, and drawn over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.published import published_reports
from stream.errors import InputError
from stream.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.wiring import Wiring
    from stream.contracts.drift import DriftReport

PLOTS = (".svg", ".html")


def reports_of(wiring: Wiring, lens: str | None = None) -> list[DriftReport]:
    """Every report, the oldest first; of one lens only where it is named."""
    with wiring.open_existing_log() as log:
        reports = published_reports(log, wiring.topics().drift)
    if not reports:
        raise InputError("there is no drift report yet: `shoal snapshot` makes one")
    return reports if lens is None else _of_lens(reports, lens)


def require_plot(file: Path, force: bool) -> None:
    """Before the work, not after it."""
    if file.suffix not in PLOTS:
        raise InputError(f"--plot {file}: name a file that ends in {' or '.join(PLOTS)}")
    if file.exists() and not force:
        raise InputError(f"{file} is there already: name another file, or add --force")


def write_plot(file: Path, reports: Sequence[DriftReport]) -> None:
    """As a drawing, or as a page with one drawing below the other."""
    from app.drift_charts import charts_of
    from insights.charts import chart_page, stacked

    title, charts = "Drift", charts_of(reports)
    page = file.suffix == ".html"
    text = chart_page(title, charts) if page else stacked(title, charts).svg()
    write_whole(file, text)


def _of_lens(reports: Sequence[DriftReport], name: str) -> list[DriftReport]:
    known = {lens.lens for report in reports for lens in report.lenses}
    if name not in known:
        raise InputError(
            f"no report has a lens {name!r}: there is {', '.join(sorted(known)) or '-'}"
        )
    return [
        report.model_copy(
            update={
                "lenses": tuple(lens for lens in report.lenses if lens.lens == name),
                "alerts": tuple(
                    alert for alert in report.alerts if (alert.lens or alert.subject) == name
                ),
            }
        )
        for report in reports
    ]
