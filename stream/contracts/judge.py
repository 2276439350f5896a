"""The judge of what a record on `transactions` is: off the fast way, exact, and says why not.

msgspec cuts the object into its fields and pydantic judges each that is known. What stands
in fields nobody knows is passed over, exactly as the fast way does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from pydantic import ValidationError

from stream.contracts.base import explain
from stream.contracts.commands import Command, Erasure, Promote, Tick
from stream.contracts.refusal import RefusalReason, Refused
from stream.contracts.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES: Mapping[str, type[Transaction] | type[Command]] = {
    "transaction": Transaction,
    "erasure": Erasure,
    "tick": Tick,
    "promote": Promote,
}
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NAMED = {str(reason): reason for reason in RefusalReason}
_TEXT = msgspec.json.Decoder(str)


def diagnose(value: bytes | None) -> Transaction | Command | Refused:
    """What the record's value is, or why it is nothing.

    >>> diagnose(b'{"type": "tick", "instant": "2011-01-01T00:00:00Z"}').type
    'tick'
    >>> diagnose(b'{"customer_id": 5, "occurred_at": "2011-01-01T00:00:00"}')
    Refused(reason=<RefusalReason.INVALID_FIELD: 'invalid_field'>, \
detail='customer_id should be a valid string; occurred_at should say its offset from UTC, \
such as +00:00 or Z')
    """
    fields = _fields(value)
    if isinstance(fields, str):
        return Refused(RefusalReason.NOT_JSON, fields)
    model = TYPES.get(_kind(fields))
    if model is None:
        return Refused(RefusalReason.UNKNOWN_TYPE, f"type should be one of {', '.join(TYPES)}")
    return _judge(model, fields)


def _fields(value: bytes | None) -> dict[str, msgspec.Raw] | str:
    """The fields' raw JSON, or what is wrong with the whole."""
    if not value:
        return "the record has no value"
    try:
        str(value, "utf-8")
        return _FIELDS.decode(value)
    except UnicodeDecodeError as error:
        return f"byte {error.start} is not UTF-8"
    except msgspec.ValidationError:
        return "the value is JSON, but not an object"
    except msgspec.DecodeError as error:
        return str(error)
    except RecursionError:
        return "the value is nested too deeply"


def _kind(fields: Mapping[str, msgspec.Raw]) -> str:
    if "type" not in fields:
        return "transaction"
    try:
        return _TEXT.decode(fields["type"])
    except msgspec.DecodeError:
        return ""


def _judge(
    model: type[Transaction] | type[Command], fields: Mapping[str, msgspec.Raw]
) -> Transaction | Command | Refused:
    known = [
        b'"%b":%b' % (name.encode(), bytes(raw))
        for name, raw in fields.items()
        if name in model.model_fields
    ]
    try:
        return model.model_validate_json(b"{" + b",".join(known) + b"}")
    except ValidationError as error:
        return Refused(_reason(error), explain(error))


def _reason(error: ValidationError) -> RefusalReason:
    """The first problem's, in the order of the fields."""
    details = error.errors(include_input=False, include_context=False)[0]
    kind, field = details["type"], details["loc"][-1:]
    if kind == "json_invalid":
        return RefusalReason.NOT_JSON
    if kind == "missing":
        return RefusalReason.MISSING_FIELD
    if kind == "greater_than_equal" and field == ("unit_price",):
        return RefusalReason.NEGATIVE_PRICE
    if kind in {"greater_than_equal", "less_than_equal", "finite_number"}:
        return RefusalReason.OUT_OF_RANGE
    return _NAMED.get(kind, RefusalReason.INVALID_FIELD)
