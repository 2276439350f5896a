"""Public retail datasets by name: fetched from their publishers, checked, made ready to replay.

The catalogue beside this file says where each comes from and under which licence. A file is
renamed into place only when its checksum and its content are what they have to be.
"""

from __future__ import annotations

import csv
import hashlib
import os
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from producers.fetching import Broken, discard, fetch
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNPACKED_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One entry of the catalogue."""

    name: str
    title: str
    page: str
    address: str
    file: str
    bytes: int  # about
    limit_bytes: int
    licence: str
    attribution: str
    replay: tuple[str, ...]
    sha256: str | None = None
    member: str | None = None  # what the ZIP has to hold
    unpack: bool = False  # the member is replayed, not the ZIP
    columns: tuple[str, ...] = ()  # of a member with blanks between fields and no names
    csv: str | None = None  # what such a member becomes
    header: str | None = None  # the first line a CSV has to have
    rows: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A dataset on disk. `trusted` says on whose word its checksum is believed."""

    path: Path
    sha256: str
    trusted: str


def catalogue() -> dict[str, Dataset]:
    """
    >>> catalogue()["online-retail"].rows
    541909
    """
    entries = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {name: _dataset(name, entry) for name, entry in entries.items()}


def find(name: str) -> Dataset:
    known = catalogue()
    if name not in known:
        raise SourceError(f"there is no dataset {name!r}; there are {', '.join(known)}")
    return known[name]


def get(
    dataset: Dataset,
    directory: Path,
    *,
    sha256: str | None = None,
    force: bool = False,
    timeout_s: float = 30.0,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> Fetched:
    """The dataset in the directory: fetched if it is not there, checked if it is.

    1. What is not there yet comes to a `.part`, which a later try goes on with.
    2. Its checksum has to be the one insisted on, pinned, or recorded at the first download,
       and its content what the catalogue says; only then does it get its name.
    3. Its checksum is recorded beside it.
    4. What can't be replayed as it came is unpacked or made a CSV.
    """
    if not directory.is_dir():
        raise SourceError(f"there is no directory {directory}: make it first")
    file = directory / dataset.file
    expected, trusted = _expected(dataset, file, sha256)
    if file.exists() and not force:
        found = _checked(dataset, file, expected)
    else:
        part = file.with_name(file.name + ".part")
        _bring(dataset, file, part, timeout_s, progress)  # 1
        found = _accepted(dataset, part, file, expected)  # 2
    _recorded(file).write_text(f"{found}  {file.name}\n", "utf-8")  # 3
    return Fetched(_ready(dataset, file), found, trusted)  # 4


def _bring(
    dataset: Dataset,
    file: Path,
    part: Path,
    timeout_s: float,
    progress: Callable[[int, int | None], None],
) -> None:
    limit = dataset.limit_bytes
    try:
        fetch(dataset.address, part, limit_bytes=limit, timeout_s=timeout_s, progress=progress)
    except Broken as error:
        raise SourceError(
            f"{error}\nTry again later, or download it in a browser (see {dataset.page}), save it "
            f"as {file}, and give the same command again: it is then checked and not fetched."
        ) from error


def _accepted(dataset: Dataset, part: Path, file: Path, expected: str | None) -> str:
    """Renamed into place, or thrown away: going on with the wrong bytes helps nobody."""
    try:
        found = _checked(dataset, part, expected)
        part.replace(file)
    finally:
        discard(part)
    return found


def _dataset(name: str, entry: dict[str, object]) -> Dataset:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Dataset(name=name, **(entry | lists))  # type: ignore[arg-type]  # our own file, see its test


def _expected(dataset: Dataset, file: Path, insisted: str | None) -> tuple[str | None, str]:
    """The checksum to find, and whose word that is; None: whatever comes first is believed."""
    if insisted:
        return insisted.strip().lower(), "the checksum you gave"
    if dataset.sha256:
        return dataset.sha256, "the checksum in Shoal's catalogue"
    if _recorded(file).exists():
        return _recorded(file).read_text("utf-8").split(" ")[
            0
        ], f"the first download, {_recorded(file)}"
    return None, "this first download alone: the publisher gives no checksum"


def _checked(dataset: Dataset, path: Path, expected: str | None) -> str:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if expected and found != expected:
        raise SourceError(
            f"{path} has SHA-256 {found}, and {expected} was expected. What came is not what it "
            f"was: compare with {dataset.page}, and if you trust the new file, get it with "
            f"--force --sha256 {found}"
        )
    if dataset.member:
        _check_archive(path, dataset.member)
    if dataset.header:
        _check_header(path, dataset.header)
    return found


def _check_archive(path: Path, member: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if member not in archive.namelist():
                raise SourceError(f"{path} is a ZIP without {member!r}: it is another dataset")
            if archive.getinfo(member).file_size > UNPACKED_LIMIT:
                raise SourceError(
                    f"{member} in {path} unpacks to more than {UNPACKED_LIMIT:,} bytes"
                )
            if (damaged := archive.testzip()) is not None:
                raise SourceError(f"{path} is damaged at {damaged!r}: delete it and get it again")
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise SourceError(
            f"{path} is no whole ZIP file ({error}): delete it, get it again"
        ) from error


def _check_header(path: Path, header: str) -> None:
    with path.open("rb") as file:
        first = file.readline(10_000).decode("utf-8-sig", "replace").strip()
    if first != header:
        raise SourceError(f"{path} begins with {first[:80]!r}, not with {header!r}")


def _ready(dataset: Dataset, file: Path) -> Path:
    """The file to replay."""
    if not (dataset.member and (dataset.unpack or dataset.csv)):
        return file
    ready = file.with_name(dataset.csv or Path(dataset.member).name)
    temporary = ready.with_name(f".{ready.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(file) as archive, archive.open(dataset.member) as packed:
            if dataset.csv:
                _write_csv(dataset, (line.decode("ascii") for line in packed), temporary)
            else:
                with temporary.open("wb") as out:
                    while block := packed.read(1 << 20):
                        out.write(block)
        temporary.replace(ready)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{ready} can't be made from {file}: {error}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return ready


def _write_csv(dataset: Dataset, lines: Iterator[str], out: Path) -> None:
    count = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(dataset.columns)
        for fields in filter(None, map(str.split, lines)):
            count += 1
            if len(fields) != len(dataset.columns):
                raise SourceError(
                    f"line {count} of {dataset.member} has {len(fields)} fields, not "
                    f"{len(dataset.columns)}: {' '.join(fields)[:80]!r}"
                )
            write(fields)
    if dataset.rows is not None and count != dataset.rows:
        raise SourceError(f"{dataset.member} has {count:,} rows, not {dataset.rows:,}")


def _recorded(file: Path) -> Path:
    """As `sha256sum -c` reads it."""
    return file.with_name(file.name + ".sha256")
