"""Dead letters as people meet them: whatever their headers are, as a line of JSON, and chosen."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from app.tell import as_text
from stream.contracts.dead_letter import PREFIX, DeadLetter
from stream.errors import InputError, InvalidMessage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from stream.log.batch import Record

REPLAYED_FROM = f"{PREFIX}replayed-from"
CUT_OFF = f"{PREFIX}cut-off-at"
UNKNOWN = "unknown"
BASE64 = "base64:"


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter, where it lies, and what its headers say as far as they can be read."""

    partition: int
    offset: int
    refused_ms: int
    reason: str
    detail: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()
    """Those that the record came with."""

    is_cut_off: bool = False
    """It was too large for the topic: the end of it is lost."""

    def as_json(self) -> dict[str, Any]:
        """What `letter_of_json` takes; a value that is a JSON object is shown as one."""
        return {
            "partition": self.partition,
            "offset": self.offset,
            "refused_ms": self.refused_ms,
            "reason": self.reason,
            "detail": self.detail,
            "key": as_text(self.key),
            "value": _parsed(self.value),
        }


def read_letter(partition: int, offset: int, record: Record) -> Letter:
    """From a record of the dead-letter topic, whatever was done to its headers."""
    own = {name: value for name, value in record.headers if name.startswith(PREFIX)}
    theirs = tuple(header for header in record.headers if not header[0].startswith(PREFIX))
    try:
        about = DeadLetter.from_headers(record.headers)
        reason, detail = str(about.reason), about.detail
    except InvalidMessage as error:
        reason, detail = _word(own.get(f"{PREFIX}reason")), str(error)
    place = (partition, offset, record.timestamp)
    cut = CUT_OFF in own
    return Letter(*place, reason, detail, record.key, record.value, theirs, cut)


def letter_of_json(line: str, number: int) -> Letter:
    """A line of a file as `dead-letters list --json` writes it, its value repaired or not."""
    try:
        told = msgspec.json.decode(line)
        place = int(told["partition"]), int(told["offset"])
        key, value = _bytes(told.get("key")), _bytes(told["value"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"line {number} is no dead letter: it has to be an object with partition, offset and "
            f"value, as `shoal dead-letters list --json` writes it ({type(error).__name__}: "
            f"{error})"
        ) from None
    return Letter(*place, 0, str(told.get("reason", UNKNOWN)), "", key, value)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which letters are meant; what is not said is not asked about."""

    reasons: Collection[str] = ()
    offsets: Mapping[int, Collection[range]] | None = None
    """By partition."""

    def has(self, letter: Letter) -> bool:
        if self.reasons and letter.reason not in self.reasons:
            return False
        return self.offsets is None or any(
            letter.offset in span for span in self.offsets.get(letter.partition, ())
        )


def offsets_of(text: str) -> dict[int, list[range]]:
    """What `--offsets` names, as `PARTITION:OFFSET` or `PARTITION:FIRST-LAST`, with commas.

    >>> offsets_of("0:17,0:20-29,3:5")
    {0: [range(17, 18), range(20, 30)], 3: [range(5, 6)]}
    """
    chosen: dict[int, list[range]] = defaultdict(list)
    try:
        for piece in text.split(","):
            partition, _, offsets = piece.strip().rpartition(":")
            first, _, last = offsets.partition("-")
            chosen[int(partition or 0)].append(range(int(first), int(last or first) + 1))
    except ValueError:
        raise InputError(
            f"--offsets {text} is no list of offsets: write PARTITION:OFFSET or "
            "PARTITION:FIRST-LAST, with commas between, such as 0:17,3:20-29"
        ) from None
    return dict(chosen)


def _word(value: bytes | None) -> str:
    """A header that should be one word, whatever it is.

    >>> _word(b"too_late"), _word(b"\\xff\\n"), _word(None)
    ('too_late', 'unknown', 'unknown')
    """
    text = (value or b"").decode(errors="replace")
    return text if text.isidentifier() else UNKNOWN


def _parsed(value: bytes | None) -> dict[str, Any] | str | None:
    """An object where it is one that can be written again, so that a field is quickly repaired."""
    try:
        found = msgspec.json.decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return as_text(value)
    return found if isinstance(found, dict) else as_text(value)


def _bytes(told: Any) -> bytes | None:
    if told is None:
        return None
    if isinstance(told, dict):
        return msgspec.json.encode(told)
    if not isinstance(told, str):
        raise TypeError("key and value have to be texts, or objects")
    if told.startswith(BASE64):
        try:
            return b64decode(told.removeprefix(BASE64), validate=True)
        except NotBase64:
            return told.encode()
    return told.encode()
