"""The playbook: a file of plays, checked when it is read, and which segment gets which."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

Sentence = Annotated[str, Field(min_length=1, max_length=300)]
Percent = Annotated[float, Field(ge=0, le=100)]


def _rising(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] > bounds[1]:
        raise PydanticCustomError("order", "should have the smaller percentage first")
    return bounds


class Play(BaseModel):
    """What to do about one kind of segment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: Sentence
    actions: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=20)]
    channels: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=20)]
    discount: Annotated[tuple[Percent, Percent], AfterValidator(_rising)]
    budget: Annotated[float, Field(ge=0)]
    response: Annotated[float, Field(ge=0, le=1)]
    returned: Annotated[float, Field(ge=0, alias="return")]


class NamedPlay(Play):
    segments: Annotated[tuple[Sentence, ...], Field(min_length=1, alias="for")]


class Playbook(BaseModel):
    """Plays by the names of segments."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default: Play
    play: tuple[NamedPlay, ...] = ()

    def of(self, *names: str) -> Play:
        """The play of the first of these names that has one: a segment's own, then its kind's.

        >>> book = playbook()
        >>> book.of("My best", "Champions").strategy
        'Keep them, and let them bring others'
        >>> book.of("Nobody knows") == book.default
        True
        """
        known = {name.casefold(): play for play in self.play for name in play.segments}
        found = (known.get(name.casefold()) for name in names)
        return next((play for play in found if play is not None), self.default)


def playbook(file: Path | None = None) -> Playbook:
    """The one in this file, or the one that Shoal comes with."""
    source = file or files("insights.playbook") / "playbook.toml"
    try:
        return Playbook.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(f"playbook {file}: it can't be read ({error.strerror or error})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"playbook {file}: it is no TOML ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"playbook {file}: {place}: {first['msg']}") from None
