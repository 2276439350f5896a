"""`docs/features.md` as whoever tries it reads it: settings, preparations, rows of lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "features.md"
IDS = tuple(f"F{number}" for number in range(1, 40))

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (F\d+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)(?:#([^)]+))?\)")
TYPED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Row:
    """Something there is."""

    id: str
    what: str
    where: tuple[tuple[str, str], ...]
    """Files, and the headings in them that are meant."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    settings: str
    preparations: tuple[str, ...]
    making: str
    """Python that makes some files more."""

    rows: tuple[Row, ...]


def page() -> Page:
    text = PAGE.read_text("utf-8")
    fenced = dict(FENCED.findall(text))
    return Page(
        settings=fenced["toml"],
        preparations=tuple(fenced["sh"].splitlines()),
        making=fenced["python"],
        rows=tuple(
            Row(name, what, tuple(LINK.findall(where)), tuple(TYPED.findall(lines)))
            for name, what, where, lines in ROW.findall(text)
        ),
    )
