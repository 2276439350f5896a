"""Who may ask what: keys with roles, from a variable or a file, compared in constant time.

Of a key only its hash is kept, so none can turn up in a log or a traceback.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from stream.settings.api import ApiSettings

SHORTEST_KEY, LONGEST_KEY = 16, 512
MOST_FILE_BYTES = 1_000_000
MOST_KEYS = 1_000
NAME = re.compile(r"[A-Za-z0-9._-]{1,60}")
KEY = re.compile(r"[!-~]+")
FORM = "NAME:ROLES:KEY, such as crm:read:… or desk:read+erase:…"


class Role(StrEnum):
    """What a key allows."""

    READ = "read"
    WRITE = "write"
    """Handing something in to be worked on, as a prediction is."""

    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the key's name, and what it allows."""

    name: str
    roles: frozenset[Role]


ANYBODY = Caller("anybody", frozenset(Role))
"""Where no keys are set."""


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys by their hashes; none at all lets anybody in."""

    callers: tuple[tuple[bytes, Caller], ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.callers)

    def caller(self, key: bytes) -> Caller | None:
        """Whose key it is. Every one is compared, so that the time taken tells nothing.

        >>> keys = keys_of(["crm:read:0123456789abcdef"])
        >>> keys.caller(b"0123456789abcdef").name, keys.caller(b"0123456789abcdeg")
        ('crm', None)
        """
        digest, found = _digest(key), None
        for known, caller in self.callers:
            if hmac.compare_digest(known, digest):
                found = caller
        return found


def load_keys(settings: ApiSettings) -> Keys:
    """From the variable or the file."""
    if settings.keys is not None and settings.keys_file is not None:
        raise SettingsError("api.keys and api.keys_file are both set: leave one of them out")
    if settings.keys is not None:
        return keys_of(settings.keys.get_secret_value().split(), "SHOAL_API__KEYS")
    if settings.keys_file is not None:
        return keys_of(_lines(settings.keys_file), f"api.keys_file {settings.keys_file}")
    return Keys()


def keys_of(entries: Iterable[str], where: str = "the keys") -> Keys:
    """Entries as `NAME:ROLES:KEY`; what is wrong with one is said by its number, never by it."""
    callers: dict[bytes, Caller] = {}
    names: set[str] = set()
    for number, entry in enumerate(entries, 1):
        name, roles, key = _parts(entry, f"{where}, entry {number}")
        digest = _digest(key.encode())
        if digest in callers or name in names:
            raise SettingsError(f"{where}, entry {number}: its name or its key is there twice")
        callers[digest] = Caller(name, roles)
        names.add(name)
    if not callers:
        raise SettingsError(f"{where}: there is no key in it: give {FORM}")
    if len(callers) > MOST_KEYS:
        raise SettingsError(f"{where}: {len(callers):,} keys are more than {MOST_KEYS:,}")
    return Keys(tuple(callers.items()))


def _parts(entry: str, where: str) -> tuple[str, frozenset[Role], str]:
    name, _, rest = entry.partition(":")
    said, _, key = rest.partition(":")
    if not (NAME.fullmatch(name) and said and key):
        raise SettingsError(f"{where}: it should be {FORM}")
    unknown = set(said.split("+")) - set(Role)
    if unknown:
        raise SettingsError(f"{where}: roles are {', '.join(Role)}, joined by +")
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY or not KEY.fullmatch(key):
        raise SettingsError(
            f"{where}: a key should have {SHORTEST_KEY} to {LONGEST_KEY} printable ASCII "
            "characters, such as `openssl rand -hex 32` gives"
        )
    return name, frozenset(Role(one) for one in said.split("+")), key


def _lines(file: Path) -> list[str]:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_FILE_BYTES + 1).decode("utf-8")
    except OSError as error:
        raise SettingsError(f"api.keys_file {file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"api.keys_file {file} is not UTF-8: save it as that") from None
    if len(content) > MOST_FILE_BYTES:
        raise SettingsError(f"api.keys_file {file} has more than {MOST_FILE_BYTES:,} bytes")
    lines = (line.strip() for line in content.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
