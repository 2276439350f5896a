"""How the folder of a snapshot is called for its instant, and which of its files are ours."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from stream.contracts.instant import milliseconds
from stream.model.change import instant

MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"
"""What the name of a file ends in until all of it is on the disk."""

FORM = "%Y-%m-%dT%H%M%S"
FOLDER = re.compile(r"\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z")
OURS = re.compile(
    r"((customers-\d{4,}|report|model|events|insights)-[0-9a-f]{16}\.(parquet|json)|manifest\.json)"
    r"(\.unfinished)?"
)


def folder_name(instant_ms: int) -> str:
    """Without colons, which not every file system takes; by name is by time.

    >>> folder_name(1306886400000)
    '2011-06-01T000000.000Z'
    """
    at = instant(instant_ms)
    return f"{at:{FORM}}.{at.microsecond // 1000:03}Z"


def instant_of(name: str) -> int | None:
    """The instant of a folder; None where it is none of a snapshot.

    >>> instant_of("2011-06-01T000000.250Z"), instant_of("notes"), instant_of(
    ...     "2011-02-31T000000.000Z"
    ... )
    (1306886400250, None, None)
    """
    if not FOLDER.fullmatch(name):
        return None
    try:
        at = datetime.strptime(name[:-5], FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
    return milliseconds(at) + int(name[-4:-1])


def is_ours(name: str) -> bool:
    """Whether a file in a snapshot's folder may be taken away when no manifest names it.

    >>> is_ours("customers-0001-0123456789abcdef.parquet"), is_ours("notes.txt")
    (True, False)
    """
    return OURS.fullmatch(name) is not None


def in_words(instant_ms: int) -> str:
    """
    >>> in_words(1306886400000), in_words(1306886401500)
    ('2011-06-01 00:00 UTC', '2011-06-01 00:00:01.500 UTC')
    """
    precise = instant_ms % 60_000
    at = instant(instant_ms)
    return f"{at:%Y-%m-%d %H:%M}{f':{precise / 1000:06.3f}' if precise else ''} UTC"
