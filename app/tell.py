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
        "key": as_text(record.key),
        "value": _parsed(record.value),
    }
    if record.headers:
        told["headers"] = {name: as_text(value) for name, value in record.headers}
    return json.dumps(told, ensure_ascii=False)


def in_words(topic: str, record: Record) -> str:
    """One line that reads from left to right: when, who, what.

    >>> from stream.log.batch import Record
    >>> tick = b'{"type": "tick", "instant": "2010-12-02T00:00:00+00:00"}'
    >>> in_words("shoal.transactions", Record(None, tick, 0))
    '2010-12-02 00:00           -  tick: event time has come this far'
    """
    if topic.endswith(".dead-letter"):
        return printable(_dead_letter(record))
    if topic.endswith(".customer-profiles"):
        return printable(_block(record))
    value = _parsed(record.value)
    try:
        return printable(WORDS[_kind(value)](value))
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        return printable(_as_it_came(record))  # no message of ours, or a broken one


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
    reasons = ", ".join(_reason(reason) for reason in change.get("reasons") or [])
    because = f", because of {reasons}" if reasons else ""
    when, who = _moment(change["occurred_at"]), str(change.get("customer_id"))
    return f"{when}  {who:>10}  {before} → {after} ({change.get('cause')}{because})"


def _segment_event(event: dict[str, Any]) -> str:
    """
    >>> segment = {"id": "value-3", "name": "Loyal"}
    >>> event = {"occurred_at": "2011-06-02T00:00:00Z", "segment": segment, "happened": "born"}
    >>> _segment_event(event | {"customers": 4000})
    '2011-06-02 00:00     value-3  Loyal: born, with 4,000 customers'
    """
    when, who = _moment(event["occurred_at"]), str(event["segment"]["id"])
    name, before = _segment(event["segment"]), event.get("previous_name")
    if before:
        return f"{when}  {who:>10}  {name}: {event['happened']}, before it was {before}"
    kin = event.get("went_to") or event.get("came_from") or []
    way = "to" if event.get("went_to") else "from"
    others = ", ".join(str(_segment(one["segment"])) for one in kin)
    shared = f" {way} {others}" if others else ""
    many = f"{event['customers']:,} customers"
    return f"{when}  {who:>10}  {name}: {event['happened']}{shared}, with {many}"


def _drift(report: dict[str, Any]) -> str:
    """
    >>> decision = {"outcome": "kept", "version": None, "reasons": ["too soon"]}
    >>> report = {"instant": "2011-06-02T00:00:00Z", "decision": decision, "customers": 9}
    >>> _drift(report)
    '2011-06-02 00:00           -  snapshot of 9 customers: kept (too soon)'
    """
    decision, alerts = report["decision"], report.get("alerts") or []
    reasons = "; ".join([*decision.get("reasons", []), *(one["reason"] for one in alerts)])
    version = f" as version {decision['version']}" if decision.get("version") else ""
    return (
        f"{_moment(report['instant'])}  {'-':>10}  snapshot of {report['customers']:,} customers: "
        f"{decision['outcome']}{version}" + (f" ({reasons})" if reasons else "")
    )


def reason_words(feature: str, before: float | None, after: float | None) -> str:
    """A feature that moved a customer; what is not known is left out.

    >>> reason_words("spend_d90", 31.2, 240.06), reason_words("spend_d90", None, 240.06)
    ('spend_d90 31.20 → 240.06', 'spend_d90 240.06')
    """
    known = " → ".join(f"{value:,.2f}" for value in (before, after) if value is not None)
    return f"{feature} {known}".rstrip()


def _reason(reason: dict[str, Any]) -> str:
    return reason_words(str(reason.get("feature")), reason.get("before"), reason.get("after"))


def _model(model: dict[str, Any]) -> str:
    lenses = ", ".join(_lens(lens) for lens in model["lenses"])
    note = f" ({model['note']})" if model.get("note") else ""
    return f"{_moment(model['instant'])}  {'-':>10}  model {model['version']}{note}: {lenses}"


def _lens(lens: dict[str, Any]) -> str:
    """Several centroids can stand for one segment."""
    names = dict.fromkeys(str(_segment(one["segment"])) for one in lens["centroids"])
    return f"{lens['lens']} with {len(names)} segment{'s' * (len(names) != 1)}: {', '.join(names)}"


def _segment(reference: dict[str, Any] | None) -> str:
    return str(reference.get("name") or reference.get("id")) if reference else "nothing"


def _block(record: Record) -> str:
    """Profiles are columns of numbers; what can be said is which of them, and how far they go."""
    from stream.blocks.block import decode_part  # brings Arrow: only for who looks at blocks
    from stream.errors import BlockError

    try:
        head, table, rows, nbytes = decode_part(record.value)
    except BlockError as error:
        return f"{_as_it_came(record)}: {error}"
    what = "checkpoint" if head.kind == "checkpoint" else "block"
    part = f", part {head.part + 1} of {head.parts}" if head.parts > 1 else ""
    held = f"{len(rows):,} row{'s' * (len(rows) != 1)} of {table}" if len(rows) else "nothing new"
    upto = f"{head.topic}[{head.partition}] up to {head.end:,}"
    said = f"{what} {head.sequence:,}{part}: {held}, {nbytes:,} bytes, {upto}"
    return f"{_written(record)}  {'-':>10}  {said}"


def _dead_letter(record: Record) -> str:
    why = "; ".join(f"{name}={as_text(value)}" for name, value in record.headers)
    return f"{as_text(record.key) or '-':>10}  dead letter ({why}): {shortened(record.value)}"


def _as_it_came(record: Record) -> str:
    return f"{_written(record)}  {as_text(record.key) or '-':>10}  {shortened(record.value)}"


def _written(record: Record) -> str:
    try:
        return _moment(datetime.fromtimestamp(record.timestamp / 1000, UTC).isoformat())
    except (ValueError, OverflowError, OSError):  # a broker takes any number
        return f"{record.timestamp} ms"


def _kind(value: dict[str, Any]) -> str:
    """Commands say what they are; a change has an id of its own; the rest are transactions."""
    return "change" if "change_id" in value else str(value.get("type", "transaction"))


WORDS = {
    "transaction": _transaction,
    "tick": _tick,
    "promote": _promote,
    "erasure": _erasure,
    "change": _change,
    "segment_model": _model,
    "segment_event": _segment_event,
    "drift_report": _drift,
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
    except (ValueError, RecursionError):  # no JSON, or nested deeper than anybody would
        return as_text(value)


def as_text(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"base64:{b64encode(value).decode()}"


def shortened(value: bytes | None) -> str:
    if value is None:
        return "(nothing)"
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return f"({len(value):,} bytes that are no text)"
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]} …"


def printable(line: str) -> str:
    """Without control characters, which could make a terminal do things."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in line)
