"""One thread for what scikit-learn computes: sums of several come in another order each time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """To be entered around a fit."""
    limit: AbstractContextManager[object] = _pools().limit(limits=1)
    return limit


@cache
def _pools() -> ThreadpoolController:
    """The libraries are looked for once: that takes longer than a small fit."""
    import sklearn.cluster
    import sklearn.ensemble
    import sklearn.metrics
    import sklearn.mixture  # noqa: F401 (as above)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
