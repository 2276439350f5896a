"""Topics and partitions as rows: made, compared, listed, found by name, deleted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from stream.errors import LogError, SettingsError, TopicMissing
from stream.log.embedded.blobs import DEFAULT_MAX_MESSAGE_BYTES
from stream.log.seam import TopicDifference, TopicSpec

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

LEGAL_NAME = re.compile(r"[A-Za-z0-9._-]{1,249}")  # Kafka's rule, so that one can move there


class Partition(NamedTuple):
    """A partition's row, and what its topic takes."""

    id: int
    topic_id: int
    start: int
    end: int
    max_message_bytes: int


def create(connection: sqlite3.Connection, topics: Sequence[TopicSpec]) -> list[TopicDifference]:
    there = {topic.name: topic for topic in listed(connection)}
    differences: list[TopicDifference] = []
    for topic in topics:
        if topic.name in there:
            differences += _differences(there[topic.name], topic)
        else:
            _insert(connection, topic)
            there[topic.name] = topic
    return differences


def listed(connection: sqlite3.Connection) -> list[TopicSpec]:
    rows = connection.execute(
        "SELECT name, (SELECT count(*) FROM partitions WHERE topic_id = topics.id), configs"
        " FROM topics ORDER BY name"
    )
    return [TopicSpec(name, partitions, json.loads(configs)) for name, partitions, configs in rows]


def partitions_of(connection: sqlite3.Connection, topic: str) -> dict[int, Partition]:
    """By number; `TopicMissing` where there is no such topic."""
    rows = connection.execute(
        "SELECT number, partitions.id, topic_id, start_offset, end_offset, max_message_bytes"
        " FROM topics JOIN partitions ON topic_id = topics.id WHERE name = ? ORDER BY number",
        (topic,),
    )
    partitions = {number: Partition(*rest) for number, *rest in rows}
    if not partitions:
        raise TopicMissing(f"there is no topic {topic!r}: shoal topics create makes Shoal's own")
    return partitions


def partition_of(connection: sqlite3.Connection, topic: str, number: int) -> Partition:
    partitions = partitions_of(connection, topic)
    if number not in partitions:
        raise LogError(f"{topic!r} has partitions 0 to {len(partitions) - 1}, not {number}")
    return partitions[number]


def delete(connection: sqlite3.Connection, topic: str) -> None:
    """With its partitions, their records, and the positions of groups in them."""
    connection.execute("DELETE FROM topics WHERE name = ?", (topic,))


def _differences(is_now: TopicSpec, has_to_be: TopicSpec) -> list[TopicDifference]:
    settings = {"partitions": (str(is_now.partitions), str(has_to_be.partitions))}
    for setting, value in has_to_be.configs.items():
        settings[setting] = (is_now.configs.get(setting, "not set"), value)
    return [
        TopicDifference(has_to_be.name, setting, now, wanted)
        for setting, (now, wanted) in settings.items()
        if now != wanted
    ]


def _insert(connection: sqlite3.Connection, topic: TopicSpec) -> None:
    if not LEGAL_NAME.fullmatch(topic.name) or topic.name in {".", ".."}:
        raise SettingsError(
            f"{topic.name!r} is no name for a topic: use up to 249 letters, digits, '.', '_', '-'"
        )
    if topic.partitions < 1:
        raise SettingsError(f"topic {topic.name!r} needs 1 partition or more")
    topic_id = connection.execute(
        "INSERT INTO topics (name, configs, max_message_bytes) VALUES (?, ?, ?)",
        (topic.name, json.dumps(dict(topic.configs)), _max_message_bytes(topic.configs)),
    ).lastrowid
    connection.executemany(
        "INSERT INTO partitions (topic_id, number) VALUES (?, ?)",
        ((topic_id, number) for number in range(topic.partitions)),
    )


def _max_message_bytes(configs: Mapping[str, str]) -> int:
    text = configs.get("max.message.bytes", str(DEFAULT_MAX_MESSAGE_BYTES))
    if not text.isdecimal():
        raise SettingsError(f"max.message.bytes = {text!r}: a number of bytes is needed")
    return int(text)
