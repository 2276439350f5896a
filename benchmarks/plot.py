"""A row of small line charts as one SVG: numbers of customers across, something else up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WIDTH, HEIGHT = 300, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 18, 64, 40
LINE, INK, FAINT = "#1f6feb", "#24292f", "#d0d7de"
STEPS = (1, 2, 2.5, 5, 10)
THOUSAND, MILLION = 1_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: what is drawn up, in words, and its value at each size."""

    title: str
    values: Sequence[float]


def draw(file: Path, title: str, sizes: Sequence[int], panels: Sequence[Panel]) -> None:
    width = len(panels) * (LEFT + WIDTH + RIGHT)
    height = TOP + HEIGHT + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="600">{escape(title)}</text>',
    ]
    for place, panel in enumerate(panels):
        x = place * (LEFT + WIDTH + RIGHT) + LEFT
        parts += [f'<g transform="translate({x} {TOP})">', *_chart(panel, sizes), "</g>"]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


def _chart(panel: Panel, sizes: Sequence[int]) -> list[str]:
    """From nought up, so that a rise looks as large as it is."""
    step, top = scale(max(panel.values))
    low, high = math.log(sizes[0]), math.log(sizes[-1])
    across = [round((math.log(size) - low) / (high - low) * WIDTH, 1) for size in sizes]
    up = [round(HEIGHT * (1 - value / top), 1) for value in panel.values]
    points = list(zip(across, up, strict=True))
    parts = [f'<text y="-14" font-weight="600">{escape(panel.title)}</text>']
    for tick in range(round(top / step) + 1):
        y = round(HEIGHT * (1 - tick * step / top), 1)
        parts += [
            f'<path d="M0 {y}H{WIDTH}" stroke="{FAINT}"/>',
            f'<text x="-6" y="{y + 4}" text-anchor="end">{tick * step:g}</text>',
        ]
    for x, size in zip(across, sizes, strict=True):
        parts.append(f'<text x="{x}" y="{HEIGHT + 18}" text-anchor="middle">{_short(size)}</text>')
    path = " ".join(f"{x},{y}" for x, y in points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{LINE}"/>' for x, y in points]
    middle = WIDTH // 2
    return [*parts, f'<text x="{middle}" y="{HEIGHT + 34}" text-anchor="middle">customers</text>']


def scale(largest: float) -> tuple[float, float]:
    """A round step, and the end of an axis of at most five of them that shows so much.

    >>> scale(1130.0), scale(0.42), scale(0.0)
    ((250.0, 1250.0), (0.1, 0.5), (1.0, 1.0))
    """
    if largest <= 0.0:
        return 1.0, 1.0
    rough = largest / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in STEPS if factor * power >= rough * (1 - 1e-9))
    return step, math.ceil(largest / step - 1e-9) * step


def _short(size: int) -> str:
    """Thousands and millions.

    >>> _short(50_000), _short(2_000_000)
    ('50k', '2M')
    """
    return f"{size // MILLION}M" if size >= MILLION else f"{size // THOUSAND}k"
