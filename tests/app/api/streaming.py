"""Following `/changes/stream` as a client does: events as they come, each with its id."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import httpx

from stream.contracts.change import SegmentChange

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = httpx.Timeout(60)


class Event(NamedTuple):
    event_id: str
    change: SegmentChange | None


@contextmanager
def following(url: str, last: str | None = None, query: str = "") -> Iterator[Iterator[Event]]:
    headers = {} if last is None else {"Last-Event-ID": last}
    with httpx.stream(
        "GET", f"{url}/changes/stream{query}", headers=headers, timeout=PATIENCE
    ) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield events(answer.iter_lines())


def events(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        data = fields.get("data")
        yield Event(fields["id"], SegmentChange.from_json(data.encode()) if data else None)
        fields = {}


def take(event: Event, seen: list[SegmentChange]) -> str:
    if event.change is not None:
        seen.append(event.change)
    return event.event_id


def assert_each_customers_order(seen: list[SegmentChange]) -> None:
    last: dict[tuple[str, str], tuple[int, int]] = {}
    for one in seen:
        who, when = (one.lens, one.customer_id), (one.incarnation, one.sequence)
        assert last.get(who, (0, 0)) < when
        last[who] = when
