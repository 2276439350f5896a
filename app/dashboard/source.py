"""What a page asks, and where: `source()` for the one lens that is chosen in the sidebar.

Answers are kept for a few seconds for all visitors together, so that ten open browsers ask the
database no more than one does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import streamlit as st

from app.dashboard.place import handed_place
from app.queries.segments import lenses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Concatenate

    from app.dashboard.lag import LagWatch
    from app.queries.database import Database
    from app.wiring import Wiring
    from stream.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

LENS = "lens"
"""Where the sidebar's choice is kept."""

FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Source:
    """The place as one visit sees it."""

    database: Database
    settings: Settings
    lenses: Sequence[str]
    wiring: Wiring | None
    """Of the log, where it is within reach."""

    lag: LagWatch | None

    @property
    def lens(self) -> str:
        """The one chosen in the sidebar."""
        chosen = st.session_state.get(LENS)
        return chosen if isinstance(chosen, str) and chosen in self.lenses else self.lenses[0]

    def ask(
        self, question: Callable[Concatenate[Database, P], T], *args: P.args, **said: P.kwargs
    ) -> T:
        """`question(database, *args, **said)`, or what it answered a moment ago.

        Arguments have to be hashable; the answer is everybody's, so leave it as it is.
        """
        asked = (question.__module__, question.__qualname__, args, tuple(sorted(said.items())))
        return self.keep(asked, lambda: question(self.database, *args, **said))

    def keep(self, name: object, make: Callable[[], T], seconds: float = FRESH_SECONDS) -> T:
        """What `make` made under this name at most so many seconds ago; the longer, the dearer."""
        return self.database.memory.kept(("dashboard", name), seconds, make)


def source() -> Source:
    """Raises `DatabaseUnavailable` where there is nothing to read."""
    place = handed_place()
    found = lenses(place.database)
    return Source(place.database, place.settings, found, place.wiring, place.lag)
