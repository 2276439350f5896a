"""The forms that a report is written in, and how its file is called."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from insights.reporting.executive.report import Report


class Form(StrEnum):
    """One page by itself; headings and tables; everything as numbers."""

    HTML = "html"
    MD = "md"
    JSON = "json"


def written(report: Report, form: Form) -> str:
    """The whole file."""
    if form is Form.HTML:
        from insights.reporting.executive.as_html import as_html

        return as_html(report)
    if form is Form.MD:
        from insights.reporting.executive.as_markdown import as_markdown

        return as_markdown(report)
    from insights.reporting.executive.as_json import as_json

    return as_json(report)


def form_of(asked: str | None, out: Path | None) -> Form:
    """The one asked for, or else the one that the file's name ends in.

    >>> from pathlib import Path
    >>> form_of("md", Path("report.html")).value, form_of(None, Path("r.json")).value
    ('md', 'json')
    """
    text = asked if asked is not None else (out.suffix.lstrip(".") if out else "") or Form.HTML
    try:
        return Form({"markdown": "md", "htm": "html"}.get(text.lower(), text.lower()))
    except ValueError:
        raise InputError(
            f"{text} is no form of a report: choose html, md or json as --format"
        ) from None
