"""Where compiled code is kept: one folder for each state of the sources that it is made from.

numba looks at a function's own file only; but functions it calls and constants it reads, from
other files, are compiled into it. So the key is of the file and of all that it imports from us.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
"""The folder that our packages lie in."""

IMPORTS = re.compile(
    r"^(?:from ([\w.]+) import (?:\(([^)]*)\)|([^\n]*))|import ([\w.]+))", re.MULTILINE
)
"""Those of a module as a whole: what is imported for type checkers only is indented."""

UNUSED_SECONDS = 7 * 24 * 3600.0


class Source(NamedTuple):
    """A module of ours as it lies on the disk."""

    name: str
    digest: bytes
    imports: tuple[Path, ...]


def folder_for(file: str, home: Path | None = None) -> Path | None:
    """Where code compiled from this file is kept; None: nowhere, there is no place to write."""
    home = home or _home()
    path = Path(file).resolve()
    if home is None or not path.is_file():
        return None
    folder = home / _source(path).name / key_of(path)
    if not _is_writable(folder):
        return None
    with suppress(OSError):
        os.utime(folder)
    _forget_unused(folder)
    return folder


def key_of(file: Path) -> str:
    """Another one when anything that is compiled into this file's functions is another."""
    key = hashlib.blake2b(digest_size=8)
    for source in sorted(_with_imports(file)):
        key.update(source.name.encode() + b"\0" + source.digest)
    return key.hexdigest()


def _with_imports(file: Path) -> Iterator[Source]:
    seen, waiting = {file}, [file]
    while waiting:
        source = _source(waiting.pop())
        yield source
        fresh = set(source.imports) - seen
        seen |= fresh
        waiting += fresh


@cache
def _source(file: Path) -> Source:
    content = file.read_bytes()
    place = file.relative_to(ROOT) if file.is_relative_to(ROOT) else Path(file.name)
    imports = _imports(content.decode(), {"stream", place.parts[0]})
    digest = hashlib.blake2b(content, digest_size=16).digest()
    return Source(".".join(place.with_suffix("").parts), digest, tuple(imports))


def _imports(code: str, packages: set[str]) -> Iterator[Path]:
    for module, in_brackets, on_line, plain in IMPORTS.findall(code):
        if (module or plain).partition(".")[0] in packages:
            names = [name.split() for name in (in_brackets or on_line).split(",")]
            for name in (module or plain, *(f"{module}.{each[0]}" for each in names if each)):
                yield from _files(name)


@cache
def _files(name: str) -> tuple[Path, ...]:
    place = ROOT.joinpath(*name.split("."))
    return tuple(filter(Path.is_file, (place.with_suffix(".py"), place / "__init__.py")))


@cache
def _home() -> Path | None:
    """What NUMBA_CACHE_DIR says, else beside the code, else with the user's other caches."""
    said = os.environ.get("NUMBA_CACHE_DIR")
    places = [Path(said)] if said else [ROOT / "stream" / "__pycache__" / "compiled", *_caches()]
    return next(filter(_is_writable, places), None)


def _caches() -> Iterator[Path]:
    said = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    if said:
        yield Path(said) / "shoal" / "compiled"
    with suppress(RuntimeError):  # nobody's home
        yield Path.home() / ".cache" / "shoal" / "compiled"


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _forget_unused(folder: Path) -> None:
    """Code of other sources, after a week without a start; the folder stays for who still runs."""
    before = time.time() - UNUSED_SECONDS
    for other in folder.parent.iterdir():
        if other != folder and other.stat().st_mtime < before:
            for file in other.rglob("*.nb[ic]"):
                with suppress(OSError):  # somebody else was quicker
                    file.unlink()
