"""Small charts as SVG, made of nothing but text: no script, no font, nothing from elsewhere.

Each is a `Chart`; `Chart.svg()` is a file of its own, and as it stands a part of a page.
"""

from insights.charts.bars import Bar, bar_chart
from insights.charts.chart import Chart, stacked
from insights.charts.columns import Standing, column_chart
from insights.charts.dendrogram import Merge, dendrogram
from insights.charts.heat_map import heat_map
from insights.charts.histogram import histogram
from insights.charts.lines import Line, line_chart
from insights.charts.page import chart_page
from insights.charts.pie import Slice, pie_chart
from insights.charts.radar import radar
from insights.charts.scales import Format
from insights.charts.scatter import Cloud, scatter

__all__ = [
    "Bar",
    "Chart",
    "Cloud",
    "Format",
    "Line",
    "Merge",
    "Slice",
    "Standing",
    "bar_chart",
    "chart_page",
    "column_chart",
    "dendrogram",
    "heat_map",
    "histogram",
    "line_chart",
    "pie_chart",
    "radar",
    "scatter",
    "stacked",
]
