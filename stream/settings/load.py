"""Settings from their three sources, and errors that say which source has the slip.

`SHOAL_TEST_…` variables are the tests' own and are left alone.
"""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from stream.errors import SettingsError
from stream.settings.explain import LENSES, NAMED, WEBHOOKS, Sources, explained
from stream.settings.lenses import OWN, lens_specs
from stream.settings.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    Table = dict[str, Any]

DEFAULT_FILE = Path("shoal.toml")
PREFIX = "SHOAL_"
FILE_VARIABLE = "SHOAL_CONFIG"
NOT_SETTINGS = "SHOAL_TEST_"
JSON_VARIABLES = {
    "OPTIONS": """a JSON object, such as '{"fetch_max_bytes": 1000000}'""",
    "CLUSTERER_PARAMETERS": """a JSON object, such as '{"starts": 20}'""",
    "LEARNER_PARAMETERS": """a JSON object, such as '{"clustering_threshold": 0.8}'""",
    "FEATURES": """a JSON list, such as '["orders_d90", "spend_d90"]'""",
    "NON_PRODUCTS": """a JSON list, such as '["POST", "gift_*"]'""",
}
"""By the last word of their names, those that hold more than a word."""

TABLE_DOCS = "docs/configuration.md lists them all"


def load_settings(config: Path | None, overrides: Mapping[str, object]) -> Settings:
    """The settings of one command.

    `overrides` are its flags, as `{"log": {"url": …}}`: they win over `SHOAL_*` variables,
    these over the file, and the file over the defaults. The file is `config`, else what
    `SHOAL_CONFIG` names, else `shoal.toml` where there is one.
    """
    file = _file(config)
    _refuse_unknown_variables()
    sources = Sources(
        flags=_tables("a flag", overrides),
        variables=_variables(),
        file=_tables(str(file), _read(file)) if file else {},
        file_name=str(file or DEFAULT_FILE),
    )
    _refuse_secrets_in_the_file(sources)
    try:
        settings = Settings.model_validate(sources.merged())
    except ValidationError as error:
        raise SettingsError(explained(error, sources)) from None
    lens_specs(settings, lambda lens, key: sources.name(LENSES, lens, key))
    return settings


def _file(config: Path | None) -> Path | None:
    if config is not None:
        return config
    if named := os.environ.get(FILE_VARIABLE):
        return Path(named)
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def _read(file: Path) -> Table:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is no TOML: {error}. Correct it there.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not UTF-8: save it as that.") from None
    except FileNotFoundError:
        raise SettingsError(
            f"there is no settings file {file}: make it, or take out --config or {FILE_VARIABLE}."
        ) from None
    except OSError as error:
        raise SettingsError(f"settings file {file} can't be read: {error.strerror}.") from None


def _tables(source: str, data: Mapping[str, object]) -> dict[str, Table]:
    """Every section as a table; a bare value where a table should be is refused here."""
    tables: dict[str, Table] = {}
    for section, content in data.items():
        if section not in Settings.model_fields:
            raise SettingsError(f"{source}: {_unknown(section, list(Settings.model_fields))}")
        if not isinstance(content, dict):
            raise SettingsError(
                f"{source}: {section} is a section: write [{section}] over its keys"
            )
        tables[section] = content
    return tables


def _variables() -> dict[str, Table]:
    for name, value in os.environ.items():
        form = JSON_VARIABLES.get(name.upper().rpartition("__")[2])
        if name.upper().startswith(PREFIX) and form and not _is_json(value):
            raise SettingsError(f"{name.upper()} should be {form}")
    return EnvSettingsSource(Settings)()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _refuse_unknown_variables() -> None:
    known = {variable(section, key) for section, key in every_key()} | {FILE_VARIABLE}
    for name in os.environ:
        asked = name.upper()
        if not asked.startswith(PREFIX) or asked.startswith(NOT_SETTINGS) or asked in known:
            continue
        named = _named_variables(LENSES, asked, *OWN) | _named_variables(WEBHOOKS, asked)
        if asked not in named:
            raise SettingsError(f"variable {_unknown(name, sorted(known | named))}")


def _named_variables(section: str, asked: str, *built_in: str) -> set[str]:
    """The variables of the lens or webhook that this one is about, and of those built in."""
    _, _, rest = asked.partition(variable(section, ""))
    names = {*built_in, rest.partition("__")[0]} - {""}
    return {
        variable(f"{section}__{name}", key) for name in names for key in NAMED[section].model_fields
    }


def _refuse_secrets_in_the_file(sources: Sources) -> None:
    """A settings file is copied, shown and checked in."""
    if "keys" in sources.file.get("api", {}):
        raise SettingsError(
            f"{sources.file_name}: api.keys should not be in the settings file: set "
            f"{variable('api', 'keys')}, or name the file that holds them as keys_file"
        )
    for name, said in sources.file.get(WEBHOOKS, {}).items():
        if isinstance(said, dict) and "secret" in said:
            wanted = variable(f"{WEBHOOKS}__{name}", "secret")
            raise SettingsError(
                f"{sources.file_name}: {WEBHOOKS}.{name}.secret should not be in the settings "
                f"file: set {wanted}, or name the file that holds it as secret_file"
            )


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name} is no setting: " + (f"did you mean {near[0]}?" if near else f"{TABLE_DOCS}.")


def every_key() -> list[tuple[str, str]]:
    """Each setting's section and key, in order; those of lenses apart, whose names are free."""
    return [
        (section, key)
        for section, field in Settings.model_fields.items()
        for key in getattr(field.annotation, "model_fields", ())
    ]


def variable(section: str, key: str) -> str:
    """The variable that sets it.

    >>> variable("log", "url")
    'SHOAL_LOG__URL'
    """
    return f"{PREFIX}{section}__{key}".upper()
