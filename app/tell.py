"""How a record looks: one line in words for people, one line of JSON for programs.

Only what the topics of Shoal hold is worded; anything else is shown as it came.
"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stream.log.batch import Record

SHOWN_CHARACTERS = 200


def as_json_line(topic: str, partition: int, offset: int, record: Record) -> str:
    """One JSON object; a value that is no JSON is given as text, or else as base64.

    >>> from stream.log.batch import Record
    >>> as_json_line("t", 0, 7, Record(b"c1", b'{"a": 1}', 0))
    '{"topic": "t", "partition": 0, "offset": 7, "timestamp": 0, "key": "c1", "value": {"a": 1}}'
    """
    told: dict[str, Any] = {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "timestamp": record.timestamp,
        "key": _text(record.key),
        "value": _parsed(record.value),
    }
    if record.headers:
        told["headers"] = {name: _text(value) for name, value in record.headers}
    return json.dumps(told, ensure_ascii=False)


def in_words(topic: str, record: Record) -> str:
    """One line that reads from left to right: when, who, what.

    >>> from stream.log.batch import Record
    >>> tick = b'{"type": "tick", "instant": "2010-12-02T00:00:00+00:00"}'
    >>> in_words("shoal.transactions", Record(None, tick, 0))
    '2010-12-02 00:00           -  tick: event time has come this far'
    """
    if topic.endswith(".dead-letter"):
        return _printable(_dead_letter(record))
    value = _parsed(record.value)
    try:
        return _printable(WORDS[_kind(value)](value))
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        return _printable(_as_it_came(record))  # no message of ours, or a broken one


def _transaction(line: dict[str, Any]) -> str:
    quantity, price = line.get("quantity", 1), line.get("unit_price")
    what = f"{quantity:>6g} × {line.get('product_id') or 'item':<12}"
    money = "" if price is None else f" @ {price:>9,.2f}"
    if line.get("discount"):
        money += f" − {line['discount']:,.2f}"
    paid = line.get("amount", 0 if price is None else quantity * price - line.get("discount", 0))
    back = "  return" if quantity < 0 else ""
    where = f"  {line['country']}" if line.get("country") else ""
    when, who = _moment(line["occurred_at"]), str(line.get("customer_id"))
    return f"{when}  {who:>10}  {what}{money:<22} = {paid:>11,.2f}{where}{back}"


def _tick(command: dict[str, Any]) -> str:
    return f"{_moment(command['instant'])}  {'-':>10}  tick: event time has come this far"


def _promote(command: dict[str, Any]) -> str:
    at = _moment(command["instant"])
    return f"{at}  {'-':>10}  promote: version {command['version']} of the model holds"


def _erasure(command: dict[str, Any]) -> str:
    return f"{'':16}  {command.get('customer_id'):>10}  erasure: forget this customer"


def _change(change: dict[str, Any]) -> str:
    before, after = _segment(change.get("previous")), _segment(change.get("current"))
    reasons = ", ".join(str(reason.get("feature")) for reason in change.get("reasons") or [])
    because = f", because of {reasons}" if reasons else ""
    when, who = _moment(change["occurred_at"]), str(change.get("customer_id"))
    return f"{when}  {who:>10}  {before} → {after} ({change.get('cause')}{because})"


def _segment(reference: dict[str, Any] | None) -> str:
    return str(reference.get("name") or reference.get("id")) if reference else "nothing"


def _dead_letter(record: Record) -> str:
    why = "; ".join(f"{name}={_text(value)}" for name, value in record.headers)
    return f"{_text(record.key) or '-':>10}  dead letter ({why}): {_short(record.value)}"


def _as_it_came(record: Record) -> str:
    written = datetime.fromtimestamp(record.timestamp / 1000, UTC).isoformat()
    return f"{_moment(written)}  {_text(record.key) or '-':>10}  {_short(record.value)}"


def _kind(value: dict[str, Any]) -> str:
    """Commands say what they are; a change has an id of its own; the rest are transactions."""
    return "change" if "change_id" in value else str(value.get("type", "transaction"))


WORDS = {
    "transaction": _transaction,
    "tick": _tick,
    "promote": _promote,
    "erasure": _erasure,
    "change": _change,
}


def _moment(iso: str) -> str:
    """To the minute, as the shopper's clock had it.

    >>> _moment("2010-12-01T08:26:00+00:00")
    '2010-12-01 08:26'
    """
    return iso[:16].replace("T", " ")


def _parsed(value: bytes | None) -> Any:
    if value is None:
        return None
    try:
        return json.loads(value)
    except ValueError:
        return _text(value)


def _text(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"base64:{b64encode(value).decode()}"


def _short(value: bytes | None) -> str:
    if value is None:
        return "(nothing)"
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return f"({len(value):,} bytes that are no text)"
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]} …"


def _printable(line: str) -> str:
    """Without control characters, which could make a terminal do things."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in line)
