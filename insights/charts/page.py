"""Charts on a page of their own: one file, to be opened in any browser and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts.svg import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.charts.chart import Chart

STYLE = """\
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;margin:0 auto;
max-width:1100px;padding:1.5rem 1rem}
h1{font-size:1.5rem;margin:0 0 1rem}
figure{margin:0 0 2rem;overflow-x:auto}
@media print{figure{break-inside:avoid}}
"""


def chart_page(title: str, charts: Sequence[Chart], words: str = "") -> str:
    """`words` stand above the charts."""
    figures = "\n".join(f"<figure>{chart.svg()}</figure>" for chart in charts)
    said = f"<p>{clean(words)}</p>\n" if words else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{clean(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{clean(title)}</h1>\n{said}{figures}\n</body>\n</html>\n"
    )
