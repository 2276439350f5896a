"""Where an embedded log lives and how it is opened: the part of the address after `sqlite:///`.

Kept apart from the database so that a wrong address is told before any file is touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from stream.errors import LogUnavailable, SettingsError

SYNCHRONOUS = ("normal", "full")


@dataclass(frozen=True, slots=True)
class Place:
    """A file and how it is treated.

    `synchronous` says what an acknowledged write survives: `normal` the end of any
    process, `full` a power cut too. `busy_seconds` bounds the wait for other processes.

    >>> Place.parse("shoal.db?synchronous=full", busy_seconds=10)
    Place(address='shoal.db', synchronous='full', busy_seconds=10)
    """

    address: str
    synchronous: str
    busy_seconds: float

    @classmethod
    def parse(cls, address: str, *, busy_seconds: float) -> Place:
        file, _, query = address.partition("?")
        options = dict(parse_qsl(query, keep_blank_values=True))
        synchronous = options.pop("synchronous", "normal").lower()
        if options or synchronous not in SYNCHRONOUS:
            raise SettingsError(
                f"sqlite:///{address}: the only option is synchronous={'|'.join(SYNCHRONOUS)}"
            )
        if file in {"", ":memory:"}:
            raise SettingsError(f"sqlite:///{address} names no file: use sqlite:///FILE")
        return cls(file, synchronous, busy_seconds)

    @property
    def name(self) -> str:
        return f"sqlite:///{self.address}"

    def file(self) -> Path:
        """The file, absolute, in a folder that is there."""
        file = Path(self.address).expanduser().absolute()
        if not file.parent.is_dir():
            raise LogUnavailable(
                f"{self.name}: there is no folder {file.parent}: "
                "create it, or name another file with --log sqlite:///FILE"
            )
        if file.is_dir():
            raise LogUnavailable(f"{self.name} is a folder: name a file in it")
        return file
