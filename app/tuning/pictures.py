"""The evidence as pictures: the curves over k, and the tree where the clusterer makes one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from insights.charts import Format, Line, Merge, chart_page, dendrogram, line_chart, stacked
from snapshot.choosing import FOUND_AGAIN, STABLE
from snapshot.stability import ROUNDS
from stream.errors import InputError
from stream.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from app.tuning.tuned import Grown, Tuned
    from insights.charts import Chart

BRANCHES = 30
"""A tree is drawn from so many branches up."""

KINDS = (".html", ".svg")


def require_kind(file: Path) -> None:
    """Before the work, not after it."""
    if file.suffix.lower() not in KINDS:
        raise InputError(f"--plot {file}: the name should end in .html or .svg")


def draw(tuned: Tuned, file: Path) -> None:
    """A page, or one drawing, by the file's name."""
    title = f"Tuning of the lens {tuned.population.spec.name}"
    charts = charts_of(tuned)
    if file.suffix.lower() == ".svg":
        content = stacked(title, charts).svg()
    else:
        customers = f"{len(tuned.population.points):,} active customers"
        content = chart_page(title, charts, f"{customers}, clusterer {tuned.table.way.clusterer}.")
    write_whole(file, content)


def charts_of(tuned: Tuned) -> list[Chart]:
    """Inertia with its elbow, silhouette, stability with its bounds, and the tree."""
    table = tuned.table
    marks = [(float(table.chosen), "chosen")]
    if table.elbow is not None and table.elbow != table.chosen:
        marks.append((float(table.elbow), "elbow"))
    inertia = [one.inertia for one in table.tried]
    silhouette = [_number(one.silhouette) for one in table.tried]
    charts = [
        _curve(tuned, "Inertia", "mean squared distance", {"inertia": inertia}, marks),
        _curve(tuned, "Silhouette", "silhouette", {"silhouette": silhouette}, marks),
        _curve(
            tuned,
            f"Stability in {ROUNDS} bootstrap samples",
            "1: the same",
            _stability(tuned),
            marks,
        ),
    ]
    if tuned.grown is not None:
        charts.append(_tree(tuned, tuned.grown))
    return charts


def _curve(
    tuned: Tuned,
    title: str,
    label: str,
    curves: dict[str, list[float]],
    marks: list[tuple[float, str]],
) -> Chart:
    ks = [float(one.k) for one in tuned.table.tried]
    lines = [Line(name, ks, values) for name, values in curves.items()]
    return line_chart(
        f"{title} by number of segments", lines, x_label="k", y_label=label, marks=marks
    )


def _stability(tuned: Tuned) -> dict[str, list[float]]:
    made = [one.bootstrap for one in tuned.table.tried]
    return {
        f"ARI (from {STABLE:g} on: found again)": [
            _number(one.ari if one else None) for one in made
        ],
        f"weakest segment, Jaccard (from {FOUND_AGAIN:g})": [
            _number(one.weakest if one else None) for one in made
        ],
    }


def _tree(tuned: Tuned, grown: Grown) -> Chart:
    top = grown.tree.top(min(BRANCHES, len(grown.rows)))
    merges = [Merge(join.left, join.right, join.height) for join in top.joins]
    everybody = len(grown.rows)
    return dendrogram(
        "Who is merged with whom",
        [Format.PERCENT.of(len(rows) / everybody) for rows in top.members],
        merges,
        cut=grown.tree.between(tuned.table.chosen),
        description=f"The last {len(merges)} merges of {everybody:,} customers, cut at "
        f"{tuned.table.chosen} segments; leaves are shares of customers.",
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else value
