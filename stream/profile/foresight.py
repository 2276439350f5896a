"""Memory that the fold will want is asked for some events ahead.

Customers, orders and ids lie all over the memory, so a fold of one event after the other mostly
waits for it. Asked for in time, what several events need comes at once. Nothing depends on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

from stream.borrowing import inlined

if TYPE_CHECKING:
    from stream.profile.hash_index import Slots
    from stream.profile.kept import State
    from stream.profile.layout import Rows

_types: Any = types  # numba's own modules have no types
_cgutils: Any = cgutils

FAR, NEAR = 16, 8
"""How many events ahead the slots are asked for, and what the slots point to."""

LINE_BYTES = 64
"""What memory hands over at once."""


@inlined
def foresee(state: State, events: Rows, now: int) -> None:
    """To be called with each event's place before it is folded."""
    if now + FAR < len(events):
        event = events[now + FAR]
        fetch(state.id_slots, _slot_of(state.id_slots, event.event))
        fetch(state.slots, _slot_of(state.slots, event.customer))
        fetch(state.order_slots, _slot_of(state.order_slots, event.order))
    if now + NEAR < len(events):
        event = events[now + NEAR]
        _fetch_entry(state.id_slots, state.ids, event.event)
        _fetch_entry(state.slots, state.profiles, event.customer)
        _fetch_entry(state.order_slots, state.orders, event.order)


@inlined
def _fetch_entry(slots: Slots, entries: Rows, key: np.uint64) -> None:
    entry = slots[_slot_of(slots, key)]
    if entry >= 0:
        fetch(entries, entry)


@inlined
def _slot_of(slots: Slots, key: np.uint64) -> int:
    """Where the search for a key begins."""
    return int(np.int64(key & np.uint64(len(slots) - 1)))


def _fetch(_: Any, array: Any, index: Any) -> Any:  # numba hands its typing context in
    kind = array.dtype
    size = kind.size if isinstance(kind, _types.Record) else kind.bitwidth // 8

    def code(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        items = target.make_array(signature.args[0])(target, builder, value=arguments[0])
        ir = _cgutils.ir
        word, flag, byte = ir.IntType(64), ir.IntType(32), ir.IntType(8).as_pointer()
        place = builder.sext(arguments[1], word) if arguments[1].type != word else arguments[1]
        start = builder.add(builder.ptrtoint(items.data, word), builder.mul(place, word(size)))
        prefetch = builder.module.declare_intrinsic(
            "llvm.prefetch", (byte,), ir.FunctionType(ir.VoidType(), (byte, flag, flag, flag))
        )
        to_read, keep, data = flag(0), flag(3), flag(1)
        for offset in range(0, size, LINE_BYTES):
            address = builder.inttoptr(builder.add(start, word(offset)), byte)
            builder.call(prefetch, (address, to_read, keep, data))
        return target.get_dummy_value()

    return _types.void(array, index), code


def fetch(array: object, index: int) -> None:
    """Inside compiled code: asks for an entry's memory, without waiting for it."""
    raise NotImplementedError("only compiled code asks for memory")


fetch = intrinsic(_fetch)  # type: ignore[assignment]  # noqa: F811 - typed above for its callers
