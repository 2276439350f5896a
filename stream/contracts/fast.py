"""Transactions at full speed: msgspec instead of pydantic, and the same results.

What is accepted here is checked as completely as pydantic would; what is not accepted goes
to `stream.contracts.judge`, which has the last word. So nothing slips through on the fast
way and nothing is lost on it. Who checks what:

- the decoder: types, bounds of numbers, lengths of texts, an offset on the time, `type`;
- `Line.__post_init__`: the time's bounds, a price or an amount, and what is filled in;
- `decode`, on the bytes: that no control character hides in a text, nor broken UTF-8
  anywhere. ASCII without escapes can have neither; other bytes are looked at closely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from stream.compiled import compiled
from stream.contracts import identity
from stream.contracts.amounts import settle
from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY, MAX_TEXT, MAX_VERSION
from stream.contracts.commands import Command, Erasure, Promote, Tick
from stream.contracts.instant import RFC3339, milliseconds, offset_minutes, within_bounds
from stream.contracts.judge import diagnose
from stream.contracts.refusal import Refused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.contracts.transaction import Transaction
    from stream.log.batch import Bytes, Ints, Records

Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
Quantity = Annotated[float, Meta(ge=-MAX_QUANTITY, le=MAX_QUANTITY)]
Money = Annotated[float, Meta(ge=0, le=MAX_MONEY)]
SignedMoney = Annotated[float, Meta(ge=-MAX_MONEY, le=MAX_MONEY)]
Version = Annotated[int, Meta(ge=1, le=MAX_VERSION)]


class Line(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """A `Transaction`, field by field, filled in the same way. Not to be changed once made.

    (Not `frozen`: filling in would have to go around it, at a cost for every line.)
    """

    # By a factory, so that it is always written: every message says its version.
    schema_version: Version = msgspec.field(default_factory=lambda: 1)
    type: Literal["transaction"] = "transaction"
    customer_id: Text
    occurred_at: RFC3339
    event_id: Text | None = None
    order_id: Text | None = None
    product_id: Text | None = None
    category: Text | None = None
    country: Text | None = None
    quantity: Quantity = 1.0
    unit_price: Money | None = None
    discount: Money = 0.0
    amount: SignedMoney | None = None
    time_known: bool = True

    def __post_init__(self) -> None:
        """Fills in what is missing: ids first, they are made of what the source said."""
        if not 1970 < self.occurred_at.year < 2199:  # the offset may matter in the outer years
            within_bounds(self.occurred_at)
        if self.event_id is None or self.order_id is None:
            self._fill_in_ids()
        price, amount = self.unit_price, self.amount
        if price is None or amount is not None:
            self.unit_price, self.amount = settle(self.quantity, price, self.discount, amount)
        else:  # what nearly every line is: `settle` without its cost
            amount = self.quantity * price - self.discount + 0.0
            if not -MAX_MONEY <= amount <= MAX_MONEY:
                settle(self.quantity, price, self.discount, None)
            self.amount = amount

    def _fill_in_ids(self) -> None:
        at_ms = milliseconds(self.occurred_at)
        if self.order_id is None:
            offset = offset_minutes(self.occurred_at)
            self.order_id = identity.order_id(
                self.customer_id, at_ms, offset, time_known=self.time_known
            )
        if self.event_id is None:
            self.event_id = identity.event_id(
                self.customer_id,
                self.order_id,
                self.product_id,
                at_ms,
                self.quantity,
                self.unit_price,
                self.discount,
                self.amount,
            )


# As numbers: looking for one in bytes takes a quarter of the time.
BACKSLASH, DEL, C2 = 0x5C, 0x7F, 0xC2

_decode_line = msgspec.json.Decoder(Line).decode
_NOT_FAST = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
encode = msgspec.json.Encoder().encode
"""A line's canonical JSON: fields in their order, without what has its default."""

Decoded = Line | Command | Refused


def decode(value: bytes | None) -> Decoded:
    """What the record's value is, or why it is nothing."""
    if value is None:
        return judged(value)
    try:
        line = _decode_line(value)
    except _NOT_FAST:
        return judged(value)
    if value.isascii() and BACKSLASH not in value and DEL not in value:
        return line
    return line if _is_clean(value, line) else judged(value)


def decode_all(records: Records) -> list[Decoded]:
    """What each record's value is, in order."""
    data = records.buffer.tobytes()
    starts, lengths = records.values
    decoded: list[Decoded] = []
    for start, length, plain in zip(
        starts.tolist(),
        lengths.tolist(),
        _are_plain(records.buffer, starts, lengths).tolist(),
        strict=True,
    ):
        if plain:
            try:
                decoded.append(_decode_line(data[start : start + length]))
                continue
            except _NOT_FAST:
                pass
        decoded.append(decode(data[start : start + length] if length >= 0 else None))
    return decoded


@compiled
def _are_plain(data: Bytes, starts: Ints, lengths: Ints) -> NDArray[np.bool_]:
    """Which values are ASCII without escapes or DEL: nothing can hide in those."""
    plain = np.empty(len(starts), np.bool_)
    for i in range(len(starts)):
        plain[i] = lengths[i] >= 0
        for byte in data[starts[i] : starts[i] + max(lengths[i], 0)]:
            if byte >= 0x7F or byte == 0x5C:
                plain[i] = False
                break
    return plain


def judged(value: bytes | None) -> Decoded:
    """As `decode`, by pydantic alone."""
    verdict = diagnose(value)
    if isinstance(verdict, (Refused, Erasure, Tick, Promote)):
        return verdict
    return line_of(verdict)


def line_of(transaction: Transaction) -> Line:
    """The same line in the quick form."""
    return Line(**{name: getattr(transaction, name) for name in Line.__struct_fields__})


def _is_clean(value: bytes, line: Line) -> bool:
    """True proves that the bytes are UTF-8 and no text has a control character.

    Those from U+0080 to U+009F begin with the byte C2, all others need an escape or are DEL.
    """
    try:
        str(value, "utf-8")
    except UnicodeDecodeError:
        return False
    if BACKSLASH not in value and DEL not in value and C2 not in value:
        return True
    texts = (line.event_id, line.order_id, line.product_id, line.category, line.country)
    return line.customer_id.isprintable() and all(
        text is None or text.isprintable() for text in texts
    )
