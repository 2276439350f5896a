"""What `shoal tune` found, as tables for people and as one JSON object for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from app.tuning.settings_file import written
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.tuning.by_k import ByK
    from app.tuning.search import Found
    from app.tuning.tuned import Grown, Tuned
    from snapshot.choosing import Tried
    from stream.model.arrays import Ints

SHOWN = 8
"""Proposals of a search, and branches of a tree, that are shown."""

MEASURES = {
    "inertia": ".3f",
    "silhouette": ".2f",
    "davies_bouldin": ".2f",
    "calinski_harabasz": ",.0f",
    "smallest_share": ".1%",
}
HEADERS = {
    "inertia": "inertia",
    "silhouette": "silhou-\nette",
    "davies_bouldin": "Davies-\nBouldin",
    "calinski_harabasz": "Calinski-\nHarabasz",
    "smallest_share": "smallest\nsegment",
}
BOOTSTRAP = ("boot-\nstrap\nARI", "weakest\nsegment")
OF_A_SEARCH = ("silhouette", "smallest_share")
"""The measures of a proposal; `--json` has them all."""


def print_tuned(tuned: Tuned, console: Console | None = None) -> None:
    """The table of k, the best of the search, the tree, and what to make of them."""
    console = console or Console()
    console.print(_heading(tuned))
    console.print(_by_k(tuned.table))
    console.print(escape(why(tuned.table)), soft_wrap=True)
    if tuned.grown is not None:
        console.print(_branches(tuned, tuned.grown))
    if tuned.found:
        console.print(_search(tuned.found))
        if not tuned.searched:
            console.print("Nothing that was searched holds: the table's choice stays.")
    if not (tuned.searched or tuned.table.within):
        return
    console.print(f"\n\\[lenses.{tuned.population.spec.name}]")
    for line in settings_lines(tuned.settings()):
        console.print(escape(line), soft_wrap=True)


def settings_lines(values: Mapping[str, object]) -> list[str]:
    """As they would stand in `shoal.toml`."""
    return [f"{key} = {written(value)}" for key, value in values.items() if value is not None]


def why(table: ByK) -> str:
    """What speaks for the chosen number, in a sentence."""
    (chosen,) = (one for one in table.tried if one.k == table.chosen)
    if not table.within:
        return (
            f"{table.way.clusterer} finds {chosen.k}, which is not among the numbers asked for: "
            "give it other parameters, or take another clusterer."
        )
    ari = f"bootstrap ARI {chosen.stability:.2f}"
    if chosen.is_stable and not chosen.has_sliver:
        return (
            f"{chosen.k} segments: as many as bootstrap samples find again one by one ({ari}), "
            "none under 5 %."
        )
    sliver = "each number leaves a segment that is under 5 %, or may be by chance"
    lacking = sliver if chosen.is_stable else "none is stable"
    return f"{chosen.k} segments is the best of them ({ari}), but {lacking}."


def as_json(tuned: Tuned) -> dict[str, object]:
    """The same for programs."""
    return {
        "lens": tuned.population.spec.name,
        "customers": len(tuned.population.points),
        "clusterer": tuned.table.way.clusterer,
        "tried": [_row(one) for one in tuned.table.tried],
        "chosen": tuned.table.chosen,
        "elbow": tuned.table.elbow,
        "best_silhouette": tuned.table.widest,
        "searched": [
            {
                "clusterer": found.way.clusterer,
                "parameters": dict(found.way.parameters),
                "kept": found.kept,
                "holds": found.holds,
                **_row(found.tried),
            }
            for found in tuned.found
        ],
        "settings": {key: value for key, value in tuned.settings().items() if value is not None},
    }


def _heading(tuned: Tuned) -> str:
    at = instant(tuned.population.instant_ms)
    names = ", ".join(tuned.population.names)
    return (
        f"lens [bold]{escape(tuned.population.spec.name)}[/]: "
        f"{len(tuned.population.points):,} active customers on {at:%Y-%m-%d}, by {escape(names)}; "
        f"clusterer {_way(tuned.table.way.clusterer, tuned.table.way.parameters)}"
    )


def _by_k(table: ByK) -> Table:
    shown = _empty("k", *HEADERS.values(), *BOOTSTRAP, "")
    for one in table.tried:
        notes = {"chosen": table.chosen, "elbow": table.elbow, "silhouette": table.widest}
        said = ", ".join(note for note, k in notes.items() if k == one.k)
        style = "bold" if one.k == table.chosen else ""
        shown.add_row(str(one.k), *_measures(one, MEASURES), *_bootstrap(one), said, style=style)
    return shown


def _search(found: tuple[Found, ...]) -> Table:
    headers = (HEADERS[name] for name in OF_A_SEARCH)
    shown = _empty("searched", "k", *headers, "kept", *BOOTSTRAP, "")
    for one in found[:SHOWN]:
        shown.add_row(
            _way(one.way.clusterer, one.way.parameters),
            str(one.tried.k),
            *_measures(one.tried, OF_A_SEARCH),
            f"{one.kept:.1%}",
            *_bootstrap(one.tried),
            "holds" if one.holds else "",
        )
    return shown


def _empty(*headers: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for header in headers:
        words = header in {"", "searched"}  # numbers are not broken, whatever the width
        justify: Literal["left", "right"] = "left" if words else "right"
        table.add_column(header, justify=justify, vertical="bottom", no_wrap=not words)
    return table


def _measures(tried: Tried, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        value = getattr(tried.measures, name)
        yield "-" if value is None else format(value, MEASURES[name])


def _bootstrap(tried: Tried) -> tuple[str, str]:
    made = tried.bootstrap
    return (f"{made.ari:.2f}", f"{made.weakest:.2f}") if made else ("-", "-")


def _row(tried: Tried) -> dict[str, object]:
    made = tried.bootstrap
    return {
        "k": tried.k,
        **{name: getattr(tried.measures, name) for name in MEASURES},
        "stability": made.ari if made else None,
        "weakest": made.weakest if made else None,
    }


def _way(clusterer: str, parameters: Mapping[str, object]) -> str:
    return escape(f"{clusterer} {written(dict(parameters))}" if parameters else clusterer)


def _branches(tuned: Tuned, grown: Grown) -> Tree:
    """The tree from its root down to a few branches, each with its customers' medians."""
    branches = min(SHOWN, len(grown.rows))
    top = grown.tree.top(branches)
    members = dict(enumerate(top.members))
    below: dict[int, tuple[int, int]] = {}
    for number, join in enumerate(top.joins, start=branches):
        below[number] = (join.left, join.right)
        members[number] = np.concatenate([members[join.left], members[join.right]])
    last = 2 * branches - 2
    root = Tree(_branch(tuned, grown, members[last]))
    waiting = [(root, last)]
    while waiting:
        node, number = waiting.pop()
        waiting += [
            (node.add(_branch(tuned, grown, members[child])), child)
            for child in below.get(number, ())
        ]
    return root


def _branch(tuned: Tuned, grown: Grown, rows: Ints) -> str:
    medians = np.median(tuned.population.plain[grown.rows[rows]], axis=0).tolist()
    pairs = zip(tuned.population.names, medians, strict=True)
    said = ", ".join(f"{name} {value:,.4g}" for name, value in pairs)
    return escape(f"{len(rows) / len(grown.rows):.1%} of customers: {said}")
