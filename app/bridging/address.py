"""Where a bridge begins: a log's address and, behind its last slash, the topic there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stream.errors import SettingsError

FORM = "kafka://HOST:PORT[,HOST:PORT]/TOPIC or sqlite:///FILE/TOPIC"
TOPIC = re.compile(r"[a-zA-Z0-9._-]{1,249}")


@dataclass(frozen=True, slots=True)
class Address:
    """A topic of a log.

    >>> Address.of("kafka://shop-1:9092,shop-2:9092/orders")
    Address(log='kafka://shop-1:9092,shop-2:9092', topic='orders')
    >>> Address.of("sqlite:///data/shop.db/orders")
    Address(log='sqlite:///data/shop.db', topic='orders')
    """

    log: str
    topic: str

    @classmethod
    def of(cls, text: str) -> Address:
        """A `SettingsError` where it is no such address; it is not said again, passwords apart."""
        scheme, _, rest = text.partition("://")
        if scheme == "kafka" and "@" in rest:
            raise SettingsError(
                "--from should hold no credentials: set bridge_kafka.sasl_username and "
                "bridge_kafka.sasl_password"
            )
        place, _, topic = rest.rpartition("/")
        is_there = bool(place.lstrip("/")) and scheme in {"kafka", "sqlite"}
        if not is_there or (scheme == "sqlite") != place.startswith("/"):
            raise SettingsError(f"--from should be {FORM}")
        if not TOPIC.fullmatch(topic):
            raise SettingsError(f"--from names no topic behind its last slash: write {FORM}")
        return cls(f"{scheme}://{place}", topic)

    def __str__(self) -> str:
        return f"{self.log}/{self.topic}"
