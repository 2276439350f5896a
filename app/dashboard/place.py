"""Where the dashboard reads: handed over by the command that serves it, before any page is drawn.

Streamlit runs the pages as a script of its own, once a visit, and gives it nothing but arguments,
which anybody on the machine could read a password from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.queries.database import open_database
from app.wiring import Wiring
from stream.errors import SettingsError
from stream.settings import load_settings

if TYPE_CHECKING:
    from app.dashboard.lag import LagWatch
    from app.queries.database import Database
    from stream.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """The database that is read, and the log behind it. Whoever opened them closes them."""

    database: Database
    settings: Settings
    has_log: bool = False
    """Whether the log of the settings is within reach, for what no table has."""

    lag: LagWatch | None = None
    """Who looks how far the workers are behind."""

    @property
    def wiring(self) -> Wiring | None:
        return Wiring(self.settings) if self.has_log else None


_handed: list[Place] = []


def hand_over(place: Place) -> None:
    """Every page that is drawn from now on reads there."""
    _handed[:] = [place]


def handed_place() -> Place:
    """What was handed over. Else, where Streamlit runs the script itself, what settings and
    environment say."""
    if not _handed:
        settings = load_settings(None, {})
        if settings.sink.db is None:
            raise SettingsError("which database? Start with `shoal dashboard`, or set sink.db")
        hand_over(Place(open_database(settings.sink.db.get_secret_value()), settings))
    return _handed[0]
