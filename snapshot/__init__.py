"""One instant of all customers, and the model that is made from it: fitted, numbered, published.

Depends on `stream` alone. What fits is pure; reading and publishing are files of their own.

For programs there is one function, `segment_customers`, which is imported when it is asked for:

    from snapshot import segment_customers
    result = segment_customers(frame)  # pandas or Arrow; a row a customer, or a row a purchase
    result.customers, result.segments, result.measures
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from snapshot.segmenting import Segmentation, segment_customers

__all__ = ["Segmentation", "segment_customers"]


def __getattr__(name: str) -> Any:
    """So that `import snapshot` stays quick: what these need takes seconds to import."""
    if name in __all__:
        from snapshot import segmenting

        return getattr(segmenting, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
