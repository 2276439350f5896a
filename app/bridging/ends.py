"""A bridge's two ends: the log it reads from, and the topics it writes to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.bridging.standing import standing_topic
from app.topics_ready import told
from stream.errors import LogUnavailable, SettingsError, TopicsDiffer
from stream.log.open import open_log

if TYPE_CHECKING:
    from app.bridging.address import Address
    from app.wiring import Wiring
    from stream.log.seam import Log
    from stream.topics import Topics


def open_source(wiring: Wiring, source: Address) -> Log:
    """With the settings of its own cluster, where there are any; an embedded one is not made."""
    file = source.log.removeprefix("sqlite:///").partition("?")[0]
    if source.log.startswith("sqlite:") and not Path(file).exists():
        raise LogUnavailable(
            f"there is no log at {source.log}: --from should name one that is there"
        )
    own = wiring.settings.bridge_kafka
    kafka = own if own.model_fields_set else wiring.settings.kafka
    return open_log(source.log, kafka.client_options())


def ready(wiring: Wiring, source: Address, name: str) -> Topics:
    """Topics of the target, as many partitions as its transactions have; the source's is there."""
    with open_source(wiring, source) as opened:
        opened.partitions(source.topic)
    with wiring.open_log() as target:
        there = {topic.name: topic.partitions for topic in target.topics()}
        topics = wiring.topics(there.get(wiring.topics().transactions))
        ours = {spec.name for spec in topics.specs()}
        if source.log == target.name and source.topic in ours:
            raise SettingsError(
                f"--from names {source.topic}, which is Shoal's own under this prefix"
            )
        written = {topics.transactions, topics.dead_letters}
        specs = [spec for spec in topics.specs() if spec.name in written]
        own = standing_topic(topics, name)
        differences = target.create_topics([*specs, own])
        wrong = [one for one in differences if one.topic == own.name or one.setting == "partitions"]
        if wrong:
            raise TopicsDiffer(told(wrong))
    return topics
