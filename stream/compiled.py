"""numba with types: a compiled function keeps its signature for mypy.

Kept apart so that what numba lacks types for is named once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
from numba.core import types
from numba.extending import intrinsic

from stream.compiled_cache import folder_for

if TYPE_CHECKING:
    from collections.abc import Callable

_types: Any = types  # numba's types have none of their own
_config: Any = numba.config  # made when it is imported

Function = TypeVar("Function", bound="Callable[..., object]")
Array = TypeVar("Array")


def compiled(function: Function) -> Function:
    """Compile at the first call, keep the machine code on disk, run without the GIL."""
    return kept(function)


def inlined(function: Function) -> Function:
    """The same, and written out wherever compiled code calls it: for small kernels that take
    arrays, whose references a call would count."""
    return kept(function, inline="always")


def kept(function: Function, **options: Any) -> Function:
    """Compiled with numba's options, and kept where its sources say."""
    folder, usual = folder_for(function.__code__.co_filename), _config.CACHE_DIR
    _config.CACHE_DIR = str(folder or "")
    try:
        jit = numba.njit(cache=folder is not None, nogil=True, **options)
        return cast("Function", jit(function))
    finally:
        _config.CACHE_DIR = usual


def _bare(_context: Any, array: Any) -> Any:
    pointer = _types.CPointer(array.dtype)

    def code(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return target.make_array(signature.args[0])(target, builder, arguments[0]).data

    return pointer(array), code


def bare(array: Array) -> Array:
    """Inside compiled code: the array's items without the array, to be indexed from 0 on.

    Each call that is given an array counts its references, up and down again, which costs
    more than most calls do. Nothing checks the index, and the array has to stay alive.
    """
    raise NotImplementedError("only compiled code has bare arrays")


bare = intrinsic(_bare)  # type: ignore[assignment]  # noqa: F811 - typed above for its callers
