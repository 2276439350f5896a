"""A record as a dead letter: as it came, with what is said about it, and cut where it must be."""

from __future__ import annotations

from stream.log.batch import Record

CUT_OFF = "shoal-cut-off-at"
"""The header of a dead letter whose record is larger than its topic takes."""

ROOM_FOR_HEADERS = 8_192


def dead_letter(
    record: Record, about: tuple[tuple[str, bytes], ...], observed_ms: int, most_bytes: int
) -> Record:
    """The record, with `about` behind its own headers; `most_bytes` is what its topic takes."""
    whole = Record(record.key, record.value, observed_ms, (*record.headers, *about))
    most = most_bytes - ROOM_FOR_HEADERS
    return whole if _size(whole) <= most else _cut(record, about, observed_ms, most)


def _size(record: Record) -> int:
    headers = sum(len(name) + len(value or b"") + 10 for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers


def _cut(
    record: Record, about: tuple[tuple[str, bytes], ...], observed_ms: int, most: int
) -> Record:
    """As much of it as the topic takes; its own headers, which may be what is large, go."""
    key, value = record.key, record.value
    if key is not None and len(key) > most // 2:
        key = key[: most // 2]
    if value is not None:
        value = value[: most - len(key or b"")]
    cut = (CUT_OFF, str(len(value or b"")).encode())
    return Record(key, value, observed_ms, (*about, cut))
