"""The topics that consuming needs: made where they are missing, refused where they can't work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import TopicsDiffer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.wiring import Wiring
    from stream.log.seam import Log, TopicDifference
    from stream.topics import Topics

USERS_OWN = "retention"
"""How long transactions, dead letters, changes and insights are kept is the user's to say."""


def ready_topics(log: Log, wiring: Wiring) -> Topics:
    """All topics, with as many partitions as the transactions have."""
    there = {topic.name: topic.partitions for topic in log.topics()}
    topics = wiring.topics(there.get(wiring.topics().transactions))
    differences = log.create_topics(topics.specs())
    users = {topics.transactions, topics.dead_letters, topics.changes, topics.insights}
    wrong = [
        one for one in differences if not (one.topic in users and one.setting.startswith(USERS_OWN))
    ]
    if wrong:
        raise TopicsDiffer(told(wrong))
    return topics


def told(differences: Sequence[TopicDifference]) -> str:
    lines = [
        f"{one.topic}: {one.setting} is {one.is_now}, has to be {one.has_to_be}"
        for one in differences
    ]
    return (
        "\n       ".join(["topics differ from what they have to be:", *lines])
        + "\n       Change them there, or use another topics.prefix; nothing was changed."
    )
