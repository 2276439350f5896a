"""The AsyncAPI 3.0 document: every topic, its records and who reads and writes them."""

from importlib.metadata import version
from typing import Any

from app.generate_docs.catalogue import CATALOGUE, DEAD_LETTER, Entry
from app.generate_docs.examples import example
from app.generate_docs.headers import CLOUD_EVENT, REPLAY
from app.generate_docs.schemas import shared_schemas
from stream.topics import Topics

PARTITIONS = 8
TOPICS = {
    "transactions": "Lines of orders, and the commands among them: the one input.",
    "dead_letters": "Records that became nothing, as they came; the headers say why.",
    "changes": "Customers who changed segment, and what happened to segments: the main output.",
    "profiles": "The tasks' state, from which they restore and snapshots are taken.",
    "models": "Every version of the model.",
    "drift": "What each snapshot found and decided.",
    "insights": "What each snapshot expects of customers and segments: worth, churn, products.",
    "experiments": "Experiments as they were planned, and who got what.",
}
BLOCKS = {
    "contentType": "application/vnd.apache.arrow.stream",
    "summary": "The profiles touched since the last commit, or a checkpoint: Shoal's own affair.",
    "payload": {"description": "Arrow IPC bytes", "type": "string", "format": "binary"},
}
OPERATIONS = (
    ("receiveTransactions", "receive", "transactions", "Tasks fold them, in order."),
    ("sendTransactions", "send", "transactions", "Replay, ticks, promotions and erasures."),
    ("sendDeadLetters", "send", "dead_letters", "Tasks, instead of stopping."),
    ("sendChanges", "send", "changes", "Tasks for customers, the snapshot job for segments."),
    ("sendProfiles", "send", "profiles", "Tasks, one block a commit."),
    ("receiveProfiles", "receive", "profiles", "Tasks that restore; the snapshot job."),
    ("sendModels", "send", "models", "The snapshot job."),
    ("receiveModels", "receive", "models", "Tasks, when a promotion names a version."),
    ("sendDriftReports", "send", "drift", "The snapshot job."),
    ("sendInsights", "send", "insights", "The snapshot job, with its drift report."),
    ("receiveInsights", "receive", "insights", "The sink."),
    ("sendExperiments", "send", "experiments", "`shoal experiment create` and `assign`."),
    ("receiveExperiments", "receive", "experiments", "`shoal experiment`."),
)


def asyncapi() -> dict[str, Any]:
    names = Topics(partitions=PARTITIONS)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Shoal",
            "version": version("shoal"),
            "description": (
                "Customer segments kept alive on a stream. Topics' names begin with the setting "
                f"topics.prefix, here {names.prefix}"
            ),
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": {"host": "localhost:9092", "protocol": "kafka"}},
        "channels": {topic: _channel(names, topic) for topic in TOPICS},
        "operations": {
            name: {
                "action": action,
                "channel": {"$ref": f"#/channels/{topic}"},
                "summary": summary,
            }
            for name, action, topic, summary in OPERATIONS
        },
        "components": {
            "messages": _messages(),
            "schemas": shared_schemas("#/components/schemas/{model}"),
        },
    }


def _channel(names: Topics, topic: str) -> dict[str, Any]:
    spec = next(spec for spec in names.specs() if spec.name == getattr(names, topic))
    here = [entry.name for entry in (*CATALOGUE, DEAD_LETTER) if entry.topic == topic]
    messages = here or ["ProfileBlock"]
    return {
        "address": spec.name,
        "description": TOPICS[topic],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "kafka": {
                "partitions": spec.partitions,
                "topicConfiguration": {name: _config(v) for name, v in spec.configs.items()},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _config(value: str) -> int | list[str]:
    """Kafka's text as AsyncAPI has it: numbers as numbers, policies as a list."""
    return int(value) if value.lstrip("-").isdigit() else value.split(",")


def _messages() -> dict[str, Any]:
    messages = {entry.name: _message(entry) for entry in CATALOGUE}
    messages[DEAD_LETTER.name] = {
        "name": DEAD_LETTER.file,
        "contentType": "application/octet-stream",
        "summary": "A record that became nothing. Its own headers come before these.",
        "headers": {"$ref": f"#/components/schemas/{DEAD_LETTER.name}"},
        "payload": {"description": "The bytes as they came"},
        "bindings": _key(DEAD_LETTER.key),
    }
    return messages | {"ProfileBlock": {"name": "profile-block"} | BLOCKS}


def _message(entry: Entry) -> dict[str, Any]:
    message = {
        "name": entry.file,
        "summary": (entry.model.__doc__ or "").partition("\n")[0],
        "payload": {"$ref": f"#/components/schemas/{entry.name}"},
        "examples": [{"payload": example(entry.model)}],
        "bindings": _key(entry.key),
    }
    headers = {"changes": CLOUD_EVENT, "transactions": REPLAY}.get(entry.topic)
    return message | ({"headers": headers} if headers else {})


def _key(key: str | None) -> dict[str, Any]:
    schema = {"type": "null"} if key is None else {"type": "string", "description": key}
    return {"kafka": {"key": schema, "bindingVersion": "0.5.0"}}
