"""How kafka-python's clients are set up, and what its errors mean here."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, errors
from kafka.net.compat import KafkaNetClient

from stream.errors import LogError, LogUnavailable, SettingsError, TopicMissing
from stream.log.kafka.overheard import Overheard, overhearing
from stream.log.kafka.reach import why_unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

REACHED_WITHIN_SECONDS = 8


def creating_nothing(**options: Any) -> Any:
    """A client's connections, of which none makes a topic by asking for it.

    kafka-python takes `allow_auto_create_topics` and doesn't hand it on to where it asks. A topic
    that is deleted under a reader or writer would come back with the broker's partitions.
    """
    client = KafkaNetClient(**options)
    client.cluster.config["allow_auto_create_topics"] = False
    return client


# A broker that comes back is found again within a second, not after half a minute.
CONNECTION = {
    "bootstrap_timeout_ms": REACHED_WITHIN_SECONDS * 1000,
    "reconnect_backoff_max_ms": 1000,
    "client_id": "shoal",
    "kafka_client": creating_nothing,
}


class Clients:
    """Makes clients of one cluster, with the options given for it.

    An option goes to each kind of client that knows it; one that none knows is refused.
    """

    def __init__(self, servers: Sequence[str], options: Mapping[str, object]) -> None:
        self.name = f"kafka://{','.join(servers)}"
        self.servers = list(servers)
        kinds = (KafkaProducer, KafkaConsumer, KafkaAdminClient)
        known = {option for kind in kinds for option in kind.DEFAULT_CONFIG}
        if unknown := sorted(set(options) - known):
            raise SettingsError(
                f"kafka-python knows no option {unknown[0]!r}: take it out of [kafka] options"
            )
        self._options = dict(options)

    def reach(self) -> None:
        """`LogUnavailable` with the reason, unless somebody listens there."""
        if "proxy_url" not in self._options:
            reason = why_unreachable(self.servers, REACHED_WITHIN_SECONDS)
            if reason:
                raise self.unreachable(reason)

    def producer(self, **defaults: object) -> Any:
        return self._make(KafkaProducer, defaults)

    def consumer(self, **defaults: object) -> Any:
        return self._make(KafkaConsumer, defaults)

    def admin(self, **defaults: object) -> Any:
        return self._make(KafkaAdminClient, defaults)

    def option(self, name: str, default: Any) -> Any:
        return self._options.get(name, default)

    @contextmanager
    def translated(self, topic: str = "") -> Iterator[None]:
        """What kafka-python raises inside is raised as Shoal's own error."""
        try:
            yield
        except errors.KafkaError as error:
            raise self.meaning(error, topic) from error

    def meaning(self, error: errors.KafkaError, topic: str = "") -> LogError:
        said = str(error) or type(error).__name__
        if isinstance(error, errors.UnknownTopicOrPartitionError):
            return missing(topic or said)
        if isinstance(error, errors.AuthorizationError):
            where = f" on {topic}" if topic else ""
            return LogError(
                f"{self.name} does not allow this{where} ({said}): grant the ACL it needs"
            )
        if isinstance(error, errors.RetriableError):
            return self.unreachable(said)
        return LogError(f"{self.name}: {said}")

    def unreachable(self, said: str) -> LogUnavailable:
        return LogUnavailable(
            f"cannot reach Kafka at {', '.join(self.servers)} ({said}). Start a broker "
            "(docker compose up kafka), or name another with --log kafka://HOST:PORT."
        )

    def _make(self, kind: Any, defaults: Mapping[str, object]) -> Any:
        configs = CONNECTION | dict(defaults) | self._options
        fitting = {name: value for name, value in configs.items() if name in kind.DEFAULT_CONFIG}
        with overhearing() as overheard:
            try:
                return kind(bootstrap_servers=self.servers, **fitting)
            except (errors.KafkaConfigurationError, ValueError, OSError) as error:
                raise SettingsError(f"kafka-python takes no such setting: {error}") from error
            except errors.KafkaError as error:
                raise self._not_let_in(overheard) or self.meaning(error) from error

    def _not_let_in(self, overheard: Overheard) -> LogError | None:
        if overheard.refused:
            return LogError(
                f"{self.name} refuses these credentials: see kafka.sasl_username, "
                "SHOAL_KAFKA__SASL_PASSWORD and kafka.sasl_mechanism"
            )
        if overheard.handshake:
            return LogError(
                f"{self.name}: no TLS connection ({overheard.handshake}): see kafka.ssl_cafile "
                "and kafka.security_protocol"
            )
        return None


def missing(topic: str) -> TopicMissing:
    return TopicMissing(f"there is no topic {topic}: create it with `shoal topics create`")
