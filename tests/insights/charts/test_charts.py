"""Charts show the numbers they were given, as XML that needs nothing, whatever the words in it."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import leaves_list, linkage

from insights.charts import (
    Bar,
    Chart,
    Cloud,
    Format,
    Line,
    Merge,
    Slice,
    Standing,
    bar_chart,
    chart_page,
    column_chart,
    dendrogram,
    heat_map,
    histogram,
    line_chart,
    pie_chart,
    radar,
    scatter,
    stacked,
)
from insights.charts.scales import span_of, ticks
from insights.charts.scatter import MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = re.compile(r"nan|inf", re.IGNORECASE)

labels = st.text(max_size=30)
values = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-100, 100)
few = st.lists(values, max_size=8)


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg())


def numbers_of(chart: Chart) -> list[str]:
    """Every attribute that places something."""
    placing = {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "d", "transform"}
    return [
        value
        for element in drawn(chart).iter()
        for name, value in element.attrib.items()
        if name in placing
    ]


MAKERS: dict[str, Callable[[list[str], list[float]], Chart]] = {
    "bars": lambda names, found: bar_chart(
        "".join(names), [Bar(n, v) for n, v in zip(names, found, strict=False)]
    ),
    "lines": lambda names, found: line_chart(
        "".join(names), [Line(name, range(len(found)), found) for name in names[:3]]
    ),
    "heat map": lambda names, found: heat_map("".join(names), names, ["a", "b"], [found[:2]] * 8),
    "scatter": lambda names, found: scatter(
        "".join(names), [Cloud(name, found, found[::-1]) for name in names[:3]]
    ),
    "pie": lambda names, found: pie_chart(
        "".join(names), [Slice(n, v) for n, v in zip(names, found, strict=False)]
    ),
    "radar": lambda names, found: radar(
        "".join(names), names[: len(found)], found, [0.5] * len(found)
    ),
    "columns": lambda names, found: column_chart(
        "".join(names), [Standing(n, v) for n, v in zip(names, found, strict=False)], every=2
    ),
    "histogram": lambda names, found: histogram("".join(names), found),
    "dendrogram": lambda names, _: dendrogram(
        "".join(names),
        names,
        [
            Merge(i if i == 0 else len(names) + i - 1, i + 1, float(i))
            for i in range(len(names) - 1)
        ],
        cut=1.0,
    ),
}


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=40, deadline=None)
@given(names=st.lists(labels, min_size=8, max_size=8), found=few)
def test_any_words_and_numbers_make_a_chart(
    kind: str, names: list[str], found: list[float]
) -> None:
    if kind == "heat map":
        found = [*found, 0.0, 1.0][:2]
    chart = MAKERS[kind](names, found)
    assert not [value for value in numbers_of(chart) if NUMBERS.search(value)]
    root = drawn(chart)
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    assert root.attrib["role"] == "img"
    assert not list(root.iter(f"{SVG}script"))


def test_bars_are_as_long_as_their_values() -> None:
    chart = bar_chart("Sizes", [Bar("a", 10.0), Bar("b", 40.0), Bar("c", -20.0), Bar("d", 0.0)])
    widths = [float(one.attrib["width"]) for one in drawn(chart).iter(f"{SVG}rect")]
    assert widths[1] == pytest.approx(4 * widths[0], rel=0.01)
    assert widths[2] == pytest.approx(2 * widths[0], rel=0.01)
    assert widths[3] == 0.0


def test_charts_of_one_span_can_be_compared() -> None:
    one, other = (
        bar_chart("x", [Bar("a", value)], span=(-1.0, 8.0), width=300) for value in (2.0, 4.0)
    )
    (small,), (large,) = (list(drawn(chart).iter(f"{SVG}rect")) for chart in (one, other))
    assert float(large.attrib["width"]) == pytest.approx(2 * float(small.attrib["width"]), rel=0.05)


def test_a_line_has_a_gap_where_there_is_no_number() -> None:
    ys = [1.0, 2.0, math.nan, 3.0, 4.0]
    root = drawn(line_chart("Agreement", [Line("value", range(5), ys)], marks=[(2, "here")]))
    (path,) = root.iter(f"{SVG}path")
    assert [path.attrib["d"].count(letter) for letter in "ML"] == [2, 2]
    assert len(list(root.iter(f"{SVG}circle"))) == 4
    assert "here" in [one.text for one in root.iter(f"{SVG}text")]


def test_a_matrix_shows_each_number_the_larger_the_darker() -> None:
    root = drawn(heat_map("Moves", ["a", "b"], ["a", "b"], [[5.0, 0.0], [math.nan, 10.0]]))
    cells = list(root.iter(f"{SVG}rect"))
    assert [float(one.attrib["fill-opacity"]) for one in cells] == [0.3, 0.0, 0.0, 0.6]
    shown = [one.text for one in root.iter(f"{SVG}text")]
    assert shown.count("5") == shown.count("10") == 1


def test_a_scatter_of_very_many_draws_a_part_of_them_and_says_all() -> None:
    rng = np.random.default_rng(0)
    xs, ys = rng.normal(size=(2, 20_000)).tolist()
    chart = scatter("Customers", [Cloud("everybody", xs, ys)])
    (dots,) = drawn(chart).iter(f"{SVG}path")
    assert MOST_POINTS / 2 < dots.attrib["d"].count("M") <= MOST_POINTS
    assert "20,000 points" in chart.description


def test_columns_hold_every_value_once() -> None:
    rng = np.random.default_rng(0)
    found = [*rng.normal(size=500).tolist(), math.nan]
    chart = histogram("Spend", found, bins=20)
    told = [one.text or "" for one in drawn(chart).iter(f"{SVG}title")][1:]
    assert sum(int(words.rpartition(": ")[2]) for words in told) == 500
    assert chart.description.endswith("1 without a number.")


ENDS = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")


def test_a_ring_has_each_part_its_angle() -> None:
    chart = pie_chart("Sizes", [Slice("a", 1.0), Slice("b", 3.0), Slice("c", 0.0)], size=100)
    root = drawn(chart)
    arcs = [one.attrib["d"] for one in root.iter(f"{SVG}path")]
    assert len(arcs) == 2
    middle = chart.height / 2
    (x, y), (inner_x, inner_y) = (tuple(map(float, at)) for at in ENDS.findall(arcs[0]))
    assert (x, y) == (50.0, middle - 50)
    angle = math.degrees(math.atan2(inner_x - 50, middle - inner_y))
    assert angle == pytest.approx(90, abs=0.5)
    assert chart.description == "a 25 %, b 75 %, c 0 %"


def test_one_part_that_is_all_is_a_whole_ring() -> None:
    (arc,) = drawn(pie_chart("All", [Slice("a", 5.0)])).iter(f"{SVG}path")
    assert " 1 1 " in arc.attrib["d"]
    (ring,) = drawn(pie_chart("None", [Slice("a", 0.0)])).iter(f"{SVG}circle")
    assert ring.attrib["fill"] == "none"


def test_a_radar_lies_as_far_out_as_its_values() -> None:
    root = drawn(radar("Champions", ["orders", "spend", "silence"], [1.0, 0.5, 0.0], [0.2] * 3))
    dots = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in root.iter(f"{SVG}circle")]
    middle = dots[2]
    out, half = (math.dist(middle, dot) for dot in dots[:2])
    assert half == pytest.approx(out / 2, abs=0.02)
    assert dots[0][0] == middle[0]
    assert "orders" in [one.text for one in root.iter(f"{SVG}text")]


def test_standing_columns_are_as_high_as_their_values() -> None:
    found = [Standing("Jan", 2.0), Standing("Feb", 4.0), Standing("Mar", 0.0)]
    root = drawn(column_chart("Orders", found, every=2))
    heights = [float(one.attrib["height"]) for one in root.iter(f"{SVG}rect")]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.05)
    assert heights[2] == 0.0
    labels = [one.text for one in root.iter(f"{SVG}text")]
    assert ("Jan" in labels, "Feb" in labels, "Mar" in labels) == (True, False, True)


def test_a_tree_has_scipys_leaves_and_a_colour_for_each_branch_below_the_cut() -> None:
    points = np.concatenate([np.random.default_rng(0).normal(at, 0.1, (6, 2)) for at in (0, 5, 9)])
    tree = linkage(points, "ward")
    merges = [Merge(int(row[0]), int(row[1]), float(row[2])) for row in tree]
    root = drawn(dendrogram("Ward", [f"c{leaf}" for leaf in range(18)], merges, cut=3.0))
    leaves = [one.text for one in root.iter(f"{SVG}text") if (one.text or "").startswith("c")]
    assert leaves == [f"c{leaf}" for leaf in leaves_list(tree)]
    strokes = [one.attrib["stroke"] for one in root.iter(f"{SVG}path")]
    assert strokes.count("currentColor") == 2
    assert len(set(strokes)) == 4


def test_a_very_deep_tree_is_drawn() -> None:
    many = 4_000
    merges = [Merge(0, 1, 1.0)]
    merges += [Merge(many + step - 1, step + 1, 1.0 + step) for step in range(1, many - 1)]
    chart = dendrogram("Chain", [str(leaf) for leaf in range(many)], merges, cut=10.0)
    assert len(list(drawn(chart).iter(f"{SVG}path"))) == many - 1


def test_several_charts_are_one_file_or_one_page() -> None:
    charts = [bar_chart("One", [Bar("a", 1)]), bar_chart("<Other>", [Bar("b", 2)], width=300)]
    root = drawn(stacked("Both", charts))
    assert len(list(root.iter(f"{SVG}svg"))) == 3
    assert float(root.attrib["height"]) > sum(chart.height for chart in charts)
    page = chart_page("Both & more", charts, "Said <above>.")
    assert page.count("<svg") == 2
    assert "Both &amp; more" in page
    assert "Said &lt;above&gt;." in page
    assert not re.search(r"<script|src=|href=|url\(|@import", page)


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=5), st.sampled_from([*Format]))
def test_ticks_are_few_and_within(found: list[float], form: Format) -> None:
    low, high = span_of(found, form=form)
    there = ticks(low, high, 5, form)
    width = max(high - low, 1.0)
    assert all(low - 1e-6 * width <= tick <= high + 1e-6 * width for tick in there)
    assert len(there) <= 11
    if form is not Format.DATE:
        assert len(there) >= 2


def test_values_are_written_as_people_write_them() -> None:
    assert [Format.NUMBER.of(value) for value in (1234.5, 0.25, -3.0, math.nan)] == [
        "1,234",
        "0.25",
        "−3",
        "–",
    ]
    assert Format.DATE.of(1e30) == "–"
