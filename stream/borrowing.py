"""Small compiled functions and large states, without what calls between them cost.

Each call that takes an array counts it up and down again, atomically: for a state of nine
arrays that is more than the fold's own work. So the small ones are put into their callers, and
arrays are lent: the outermost caller keeps them alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from numba.core import types
from numba.extending import intrinsic

from stream.compiled import kept

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")
Array = TypeVar("Array")
OWNER: Any = types.MemInfoPointer  # untyped there


def inlined(function: Function) -> Function:
    """As `compiled`, and without a call where compiled code calls it."""
    return kept(function, forceinline=True)


def _borrowed(_: Any, array: Any) -> Any:  # numba hands its typing context in
    def code(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = target.make_array(signature.args[0])(target, builder, value=arguments[0])
        view.meminfo = target.get_constant_null(OWNER(types.voidptr))
        return view._getvalue()

    return array(array), code


def borrowed(array: Array) -> Array:
    """Inside compiled code: the same array, uncounted; it must not outlive its owner."""
    raise NotImplementedError("only compiled code borrows arrays")


borrowed = intrinsic(_borrowed)  # type: ignore[assignment]  # noqa: F811 - typed above for its callers
