"""Settings from their three sources, and errors that say which source has the slip.

`SHOAL_TEST_…` variables are the tests' own and are left alone.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource
from pydantic_settings.exceptions import SettingsError as UnreadableVariable

from stream.errors import SettingsError
from stream.settings.explain import Sources, explained
from stream.settings.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    Table = dict[str, Any]

DEFAULT_FILE = Path("shoal.toml")
PREFIX = "SHOAL_"
FILE_VARIABLE = "SHOAL_CONFIG"
NOT_SETTINGS = "SHOAL_TEST_"
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
    try:
        return Settings.model_validate(sources.merged())
    except ValidationError as error:
        raise SettingsError(explained(error, sources)) from None


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
    try:
        return EnvSettingsSource(Settings)()
    except (UnreadableVariable, ValueError):
        raise SettingsError(
            f"{PREFIX}KAFKA__OPTIONS should be a JSON object, such as "
            """'{"fetch_max_bytes": 1000000}'"""
        ) from None


def _refuse_unknown_variables() -> None:
    known = {variable(section, key) for section, key in every_key()} | {FILE_VARIABLE}
    for name in os.environ:
        asked = name.upper()
        if asked.startswith(PREFIX) and not asked.startswith(NOT_SETTINGS) and asked not in known:
            raise SettingsError(f"variable {_unknown(name, sorted(known))}")


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name} is no setting: " + (f"did you mean {near[0]}?" if near else f"{TABLE_DOCS}.")


def every_key() -> list[tuple[str, str]]:
    """Each setting's section and key, in order."""
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
