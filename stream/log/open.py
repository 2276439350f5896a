"""From an address to a log: `sqlite:///shoal.db` or `kafka://host:9092`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.log.seam import Log

SCHEMES = "sqlite:///FILE or kafka://HOST:PORT"


def open_log(url: str, client_options: Mapping[str, object] | None = None) -> Log:
    """Opens the log at `url`; `client_options` go to kafka-python as they are.

    The adapters are imported here, when one is chosen: the embedded log works where
    kafka-python can't be loaded, and a command that needs no log starts quickly.
    """
    scheme, _, rest = url.partition("://")
    if "@" in rest and scheme == "kafka":  # and not said again: it may be in a log by then
        raise SettingsError(
            "credentials don't belong into the log's address: set kafka.sasl_username and "
            "kafka.sasl_password (SHOAL_KAFKA__SASL_PASSWORD)"
        )
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        from stream.log.embedded import EmbeddedLog

        return EmbeddedLog(rest[1:])
    if scheme == "kafka" and rest:
        from stream.log.kafka import KafkaLog

        return KafkaLog(rest.split(","), client_options or {})
    raise SettingsError(f"{url!r} is no address of a log: use {SCHEMES}")
