"""Record headers in the form Kafka writes them: a count, then names and values.

The codec copies this form as it is, so that headers cost nothing where nobody reads them.
"""

from collections.abc import Sequence

SHORT = [bytes([number]) for number in range(0x80)]

Headers = tuple[tuple[str, bytes | None], ...]


def encode_headers(headers: Sequence[tuple[str, bytes | None]]) -> bytes:
    """The wire form; no bytes at all for no headers.

    >>> encode_headers([("why", b"late")])
    b'\\x02\\x06why\\x08late'
    """
    if not headers:
        return b""
    parts = [_varint(len(headers))]
    for name, value in headers:
        encoded = name.encode()
        parts += [_varint(len(encoded)), encoded]
        parts += [_varint(-1)] if value is None else [_varint(len(value)), value]
    return b"".join(parts)


def decode_headers(wire: bytes) -> Headers:
    """The headers of one record.

    >>> decode_headers(encode_headers([("why", b"late"), ("note", None)]))
    (('why', b'late'), ('note', None))
    """
    if not wire:
        return ()
    count, at = _read_varint(wire, 0)
    headers: list[tuple[str, bytes | None]] = []
    for _ in range(count):
        name, at = _read_bytes(wire, at)
        value, at = _read_bytes(wire, at)
        # Anybody may have written the name: one that is no text must not stop who reads it.
        headers.append(((name or b"").decode(errors="backslashreplace"), value))
    return tuple(headers)


def encode_length(length: int) -> bytes:
    """What comes before a name or a value: for who writes many headers of the same kind."""
    return _varint(length)


def _varint(number: int) -> bytes:
    zigzag = (number << 1) ^ (number >> 63)
    if zigzag < 0x80:
        return SHORT[zigzag]
    out = bytearray()
    while zigzag >= 0x80:
        out.append(zigzag & 0x7F | 0x80)
        zigzag >>= 7
    out.append(zigzag)
    return bytes(out)


def _read_varint(wire: bytes, at: int) -> tuple[int, int]:
    zigzag = shift = 0
    while True:
        byte = wire[at]
        at += 1
        zigzag |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (zigzag >> 1) ^ -(zigzag & 1), at
        shift += 7


def _read_bytes(wire: bytes, at: int) -> tuple[bytes | None, int]:
    length, at = _read_varint(wire, at)
    if length < 0:
        return None, at
    return wire[at : at + length], at + length
