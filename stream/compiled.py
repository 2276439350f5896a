"""numba's compiler with a type: a compiled function keeps its signature for mypy.

Kept apart so that the one untyped decorator of the project is named once.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile at the first call, keep the machine code on disk, run without the GIL."""
    return cast("Function", numba.njit(cache=True, nogil=True)(function))
