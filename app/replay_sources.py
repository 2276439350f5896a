"""What `shoal replay` can be given: files and addresses, and the synthetic shop by its plan."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from producers.reading.dataset import Dataset
from producers.reading.rejects import RejectsFile
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    import pyarrow as pa

    from producers.reading.dataset import ReadOptions

SYNTHETIC = "synthetic:"


class ReplaySource(Protocol):
    """Lines, once, and what became of the rows that are none."""

    @property
    def told(self) -> Sequence[str]:
        """What it is and what it lacks, for people."""
        ...

    def lines(self) -> Iterator[pa.RecordBatch]: ...

    def rejected(self) -> Mapping[str, int]:
        """By reason, once all lines were read."""
        ...


class FileSource(NamedTuple):
    """A dataset, and where its rejects go."""

    dataset: Dataset
    rejects: RejectsFile | None
    strict: bool

    @property
    def told(self) -> Sequence[str]:
        first = f"{self.dataset.name}: {self.dataset.described()}"
        return [first, *(f"  {lack}" for lack in self.dataset.lacks)]

    def lines(self) -> Iterator[pa.RecordBatch]:
        return self.dataset.lines(rejects=self.rejects, strict=self.strict)

    def rejected(self) -> Mapping[str, int]:
        return self.dataset.rejects.counts()


class SyntheticSource(NamedTuple):
    """A shop of the generator, played as it is read."""

    text: str

    @property
    def told(self) -> Sequence[str]:
        return [self.text]

    def lines(self) -> Iterator[pa.RecordBatch]:
        from producers.synthetic import Plan, lines
        from producers.synthetic.plan import changed

        return lines(changed(Plan(), plan_values(self.text.removeprefix(SYNTHETIC))))

    def rejected(self) -> Mapping[str, int]:
        return {}


def open_sources(
    names: Sequence[str],
    options: ReadOptions,
    closing: ExitStack,
    rejects: Path | None = None,
    *,
    strict: bool = False,
) -> list[ReplaySource]:
    """Every source, understood; a mistake in any of them is raised before anything is sent."""
    files = [
        None if path is None else closing.enter_context(RejectsFile(path))
        for path in rejects_paths(rejects, len(names))
    ]
    return [
        SyntheticSource(name)
        if name.startswith(SYNTHETIC)
        else FileSource(Dataset.open(name, options), file, strict)
        for name, file in zip(names, files, strict=True)
    ]


def rejects_paths(path: Path | None, sources: int) -> list[Path | None]:
    """One file a source, because each has columns of its own; numbered where there are several.

    >>> from pathlib import Path
    >>> [str(path) for path in rejects_paths(Path("bad.csv"), 2)]
    ['bad-1.csv', 'bad-2.csv']
    """
    if path is None or sources == 1:
        return [path] * sources
    return [path.with_stem(f"{path.stem}-{number}") for number in range(1, sources + 1)]


def all_rejected(sources: Sequence[ReplaySource]) -> dict[str, int]:
    """By reason, the most frequent first."""
    together: Counter[str] = Counter()
    for source in sources:
        together.update(source.rejected())
    return dict(together.most_common())


def plan_values(text: str) -> dict[str, object]:
    """A plan's values as they are written after `synthetic:`.

    >>> plan_values("customers=50,season=0.2,timezone=Europe/London")
    {'customers': 50, 'season': 0.2, 'timezone': 'Europe/London'}
    """
    values: dict[str, object] = {}
    for pair in filter(None, text.split(",")):
        name, equals, value = pair.partition("=")
        if not equals:
            raise SettingsError(f"{SYNTHETIC}{text}: write NAME=VALUE,… such as customers=500")
        values[name.strip()] = _value(value.strip())
    return values


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
