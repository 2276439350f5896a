"""Requests to a server on this machine, as many as it answers or at a set pace.

Over sockets, with hardly anything between: a client for programs would be slower than what it
asks, and be what is measured.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONNECTIONS = 16
LENGTH = b"content-length:"


async def as_many(port: int, paths: Callable[[], Iterator[str]], seconds: float) -> float:
    """Answers a second, with so many connections that always wait for one."""
    until = time.perf_counter() + seconds

    async def ask() -> int:
        count = 0
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for path in paths():
            await _asked(reader, writer, path)
            count += 1
            if time.perf_counter() > until:
                break
        writer.close()
        return count

    began = time.perf_counter()
    counts = await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return sum(counts) / (time.perf_counter() - began)


async def at_pace(
    port: int, paths: Callable[[], Iterator[str]], a_second: float, seconds: float
) -> list[float]:
    """What each took in seconds, from the moment that it was due, whether it could be sent then."""
    count = int(a_second * seconds)
    begin = time.perf_counter() + 0.2
    due = iter([begin + number / a_second for number in range(count)])
    took: list[float] = []

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for path, at in zip(paths(), due, strict=False):
            await asyncio.sleep(max(at - time.perf_counter(), 0.0))
            await _asked(reader, writer, path)
            took.append(time.perf_counter() - at)
        writer.close()

    await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return took


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(LENGTH)]
    await reader.readexactly(int(lengths[0][len(LENGTH) :]))
