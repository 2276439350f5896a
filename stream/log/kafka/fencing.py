"""Who lost its name to another gives it up.

A worker that slept until another had its name wakes up in the middle of a commit that fails. It
would begin anew, take the name back, and it would be the other that has to stop. So it asks first;
and kafka-python, which begins anew by itself where a broker refuses a producer's epoch, doesn't.
"""

from __future__ import annotations

from typing import Any

from kafka import errors
from kafka.admin import TransactionState

INSIDE = "_supports_epoch_bump"
"""What says whether it tries; without it such an error is the end, as it was with older brokers."""

ENDED_BY_BROKER = (
    TransactionState.PREPARE_ABORT,
    TransactionState.PREPARE_EPOCH_FENCE,
    TransactionState.COMPLETE_ABORT,
)
"""After a transaction that stayed open for too long: the epoch is a newer one, and nobody's."""

NOT_TOLD = (
    errors.AuthorizationError,
    errors.TransactionalIdNotFoundError,
    errors.UnsupportedVersionError,
)


def give_up_once_fenced(producer: Any) -> None:
    """Of another kafka-python it is not known how to stop it; it begins anew as it does."""
    transactions = getattr(producer, "_transaction_manager", None)
    if hasattr(transactions, INSIDE):
        setattr(transactions, INSIDE, lambda: False)


def holder_of(admin: Any, name: str) -> tuple[int, int] | None:
    """Id and epoch of the producer that has a name; None where the broker doesn't say."""
    try:
        found = admin.describe_transactions([name])[name]
    except NOT_TOLD:
        return None
    if found.state in ENDED_BY_BROKER:
        return None
    return found.producer_id, found.producer_epoch
