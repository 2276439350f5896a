"""Each generated document by its path in the repository."""

import json
from typing import Any

from app.generate_docs.asyncapi import asyncapi
from app.generate_docs.configuration import configuration
from app.generate_docs.data_dictionary import data_dictionary
from app.generate_docs.features import features
from app.generate_docs.messages import messages
from app.generate_docs.metrics import metrics
from app.generate_docs.openapi import openapi
from app.generate_docs.schemas import schemas


def documents() -> dict[str, str]:
    """What each file has to hold."""
    return {
        **{f"docs/schemas/{name}.json": _json(schema) for name, schema in schemas().items()},
        "docs/asyncapi.json": _json(asyncapi()),
        "docs/openapi.json": _json(openapi()),
        "docs/messages.md": messages(),
        "docs/configuration.md": configuration(),
        "docs/metrics.md": metrics(),
        "docs/features-catalogue.md": features(),
        "docs/data-dictionary.md": data_dictionary(),
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
