"""Every setting with its default and its meaning; `docs/configuration.md` is made from here."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from stream.settings.api import ApiSettings
from stream.settings.bridge import BridgeKafkaSettings, BridgeSettings
from stream.settings.consume import ConsumeSettings
from stream.settings.dashboard import DashboardSettings
from stream.settings.history import HistorySettings
from stream.settings.insights import InsightsSettings
from stream.settings.kafka import KafkaSettings
from stream.settings.lens import LensSettings
from stream.settings.names import checked_names
from stream.settings.profiles import ProfileSettings
from stream.settings.section import Section, extra
from stream.settings.sink import SinkSettings
from stream.settings.snapshot import SnapshotSettings
from stream.settings.webhooks import WebhookSettings, simply_named

LENS_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def _without_credentials(url: str) -> str:
    if "@" in url and url.startswith("kafka:"):
        raise PydanticCustomError(
            "credentials",
            "should hold no credentials: set kafka.sasl_username and kafka.sasl_password",
        )
    return url


class LogSettings(Section):
    """Where the topics are."""

    url: Annotated[
        str,
        Field(
            pattern="^(sqlite:///|kafka://).",
            json_schema_extra=extra(flag="--log", form="sqlite:///FILE or kafka://HOST:PORT"),
        ),
        AfterValidator(_without_credentials),
    ] = "sqlite:///shoal.db"
    """The log: `sqlite:///FILE` (embedded) or `kafka://HOST:PORT[,HOST:PORT…]`."""

    max_message_bytes: Annotated[int, Field(ge=10_000, le=1_000_000_000)] = 1_000_000
    """The largest record that the topics take (`max.message.bytes`)."""


class TopicSettings(Section):
    """Which topics, and how they are made."""

    prefix: Annotated[
        str,
        Field(
            pattern=r"^[a-zA-Z0-9._-]*$",
            max_length=150,
            json_schema_extra=extra(form="made of letters, digits, dots, hyphens and underscores"),
        ),
    ] = "shoal."
    """What every topic's name begins with, so that several can share a cluster."""

    partitions: Annotated[
        int | None, Field(ge=1, le=10_000, json_schema_extra=extra(flag="--partitions"))
    ] = None
    """How many partitions customers are spread over. Unset: 8 on Kafka, 1 on the embedded log."""

    replication_factor: Annotated[int | None, Field(ge=1, le=32_767)] = None
    """How many brokers keep each record, on Kafka. Unset: as the broker has it by default."""


class ReplaySettings(Section):
    """How fast a dataset becomes a stream, where no flag says it."""

    speed: Annotated[
        str,
        Field(
            pattern=r"^(max|[0-9]*\.?[0-9]+x)$",
            json_schema_extra=extra(flag="--speed", form="a pace such as 60x, or max"),
        ),
    ] = "max"
    """How fast event time goes: `60x`, `1x`, or `max` for as fast as can be."""

    rate: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9]*\.?[0-9]+/s$",
            json_schema_extra=extra(flag="--rate", form="a rate such as 5000/s"),
        ),
    ] = None
    """Transactions a second at most, as `5000/s`. Unset: no bound."""


def _simply_named(lenses: dict[str, LensSettings]) -> dict[str, LensSettings]:
    for name in lenses:
        if not LENS_NAME.fullmatch(name) or len(name) > 40:
            raise PydanticCustomError(
                "lens_name",
                "{name} should be one word of lower-case letters, digits and single underscores, "
                "of 40 characters at most: the ids of its segments begin with it",
                {"name": repr(name)},
            )
    return lenses or {"value": LensSettings()}


class Settings(BaseSettings):
    """All settings. Made by `load_settings`; by itself it reads neither file nor environment."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="SHOAL_",
        env_nested_delimiter="__",
        hide_input_in_errors=True,
    )

    log: LogSettings = LogSettings()
    kafka: KafkaSettings = KafkaSettings()
    topics: TopicSettings = TopicSettings()
    replay: ReplaySettings = ReplaySettings()
    profiles: ProfileSettings = ProfileSettings()
    consume: ConsumeSettings = ConsumeSettings()
    snapshot: SnapshotSettings = SnapshotSettings()
    history: HistorySettings = HistorySettings()
    insights: InsightsSettings = InsightsSettings()
    sink: SinkSettings = SinkSettings()
    bridge: BridgeSettings = BridgeSettings()
    bridge_kafka: BridgeKafkaSettings = BridgeKafkaSettings()
    dashboard: DashboardSettings = DashboardSettings()
    api: ApiSettings = ApiSettings()

    names: Annotated[dict[str, str], AfterValidator(checked_names)] = Field(default_factory=dict)
    """What segments are called, by their ids, whatever their profiles say; in the file only."""

    lenses: Annotated[dict[str, LensSettings], AfterValidator(_simply_named)] = Field(
        default_factory=lambda: {"value": LensSettings()}
    )
    """A lens is on where it has a table; where none has, `value` is."""

    webhooks: Annotated[dict[str, WebhookSettings], AfterValidator(simply_named)] = Field(
        default_factory=dict
    )
    """Where `shoal webhooks` sends changes to: a table a target."""

    @property
    def group(self) -> str:
        """The consumer group: two prefixes on one cluster must not share one.

        >>> Settings(topics={"prefix": "shop."}).group
        'shop'
        """
        return self.consume.group or self.topics.prefix.rstrip("._-") or "shoal"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (the library hands it in)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (as above)
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (as above)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (as above)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)
