"""`docs/configuration.md`: every setting, from the settings' own models."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from stream.settings import Settings
from stream.settings.explain import NAMED
from stream.settings.load import DEFAULT_FILE, FILE_VARIABLE, variable

INTRODUCTION = f"""\
# Configuration

Made by `make docs` from `stream/settings`. A flag wins over a variable, a variable over the
file, the file over the default. The file is `{DEFAULT_FILE}` in the working directory, or what
`--config FILE` or `{FILE_VARIABLE}` names. A key or variable that isn't in this table is an
error, not ignored. Passwords are never shown.

```toml
# {DEFAULT_FILE}
[log]
url = "kafka://localhost:9092"

[kafka]
security_protocol = "SASL_SSL"
sasl_mechanism = "SCRAM-SHA-512"
sasl_username = "shoal"       # and SHOAL_KAFKA__SASL_PASSWORD in the environment

[kafka.options]               # anything else kafka-python's clients know
request_timeout_ms = 20000

[topics]
prefix = "shop."

[lenses.value]                # a lens is on where it has a table; without any, value is
margin = 0.15

[lenses.habits]
```

Why each default of `profiles`, `consume` and `lenses` is what it is, and what it costs to change
it: [lenses.md](lenses.md). `NAME` is the name of a lens, or of a [webhook](webhooks.md):
`lenses.value.k` is `SHOAL_LENSES__VALUE__K`. A variable makes such a table as the file does.

| setting | variable | flag | default | meaning |
| --- | --- | --- | --- | --- |
"""


def configuration() -> str:
    return INTRODUCTION + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    for section, table in Settings.model_fields.items():
        if section in NAMED:
            yield from _section(f"{section}.NAME", NAMED[section].model_fields)
        else:
            yield from _section(section, getattr(table.annotation, "model_fields", {}))


def _section(section: str, fields: dict[str, FieldInfo]) -> Iterator[str]:
    for key, field in fields.items():
        yield (
            f"| `{section}.{key}` | `{variable(section.replace('.', '__'), key)}` | {_flag(field)} "
            f"| {_default(field)} | {_meaning(field)} |"
        )


def _flag(field: FieldInfo) -> str:
    extra: Any = field.json_schema_extra or {}
    return f"`{extra['flag']}`" if extra.get("flag") else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    value = field.get_default(call_default_factory=True, validated_data={})
    return "" if value is None or value == {} else f"`{json.dumps(value)}`"


def _meaning(field: FieldInfo) -> str:
    return (field.description or "").replace("\n", " ").replace("|", "\\|")
