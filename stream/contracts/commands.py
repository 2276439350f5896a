"""The commands: they lie among the transactions, so that a run is a function of its topic.

Each is told from a transaction by its `type`.
"""

from typing import Literal

from stream.contracts.base import Message, Text, Version
from stream.contracts.instant import Instant


class Erasure(Message):
    """Forget a customer, from this place in the partition on. The key is the customer's id."""

    type: Literal["erasure"] = "erasure"
    """Tells this command from the other records of its topic."""

    customer_id: Text
    """Whom to forget."""

    requested_at: Instant | None = None
    """When it was asked for, for the record only: nothing is computed from it."""


class Tick(Message):
    """Event time has come this far, even if nobody bought anything. No key."""

    type: Literal["tick"] = "tick"
    """Tells this command from the other records of its topic."""

    instant: Instant
    """How far event time has come; earlier than what is known, it changes nothing."""


class Promote(Message):
    """From this place on, a version of the model holds. No key; one on every partition."""

    type: Literal["promote"] = "promote"
    """Tells this command from the other records of its topic."""

    version: Version
    """The version to take up, published in the same transaction."""

    instant: Instant
    """The event time T of the snapshot that the version was made from."""


Command = Erasure | Tick | Promote
