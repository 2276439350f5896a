"""A request of a transaction whose broker is away is asked again.

kafka-python looks for the broker anew where waiting for a connection says no. Where it ends in an
error, as it does since 3.0, the request is forgotten: partitions that nobody adds to the
transaction hold their batches back until these are too old to be sent, two minutes later.
"""

from __future__ import annotations

from typing import Any

from kafka import errors


def ask_again(producer: Any) -> None:
    """Of another kafka-python it is not known how it waits; it does as it does."""
    client = getattr(getattr(producer, "_sender", None), "_client", None)
    wait = getattr(client, "await_ready", None)
    if client is None or wait is None:
        return

    def is_there(*node: Any, **limits: Any) -> bool:
        try:
            return bool(wait(*node, **limits))
        except errors.KafkaConnectionError:
            return False

    client.await_ready = is_there
