"""What to do about each segment, from the playbook: a line in a table, a card in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from insights.playbook.budget import split
from insights.reporting.html import listing, paragraph, tag, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.playbook.plays import Play, Playbook


class Advised(NamedTuple):
    """A segment and its play."""

    segment_id: str
    name: str
    play: Play

    @property
    def action(self) -> str:
        """What stands in a table: the first thing to do."""
        return self.play.actions[0]


def advised(book: Playbook, segments: Sequence[tuple[str, str, str]]) -> list[Advised]:
    """By id, name, and the kind of customer that is meant where the name itself has no play."""
    return [
        Advised(segment_id, name, book.of(*(one for one in (name, kind) if one)))
        for segment_id, name, kind in segments
    ]


def action_cards(segments: Sequence[Advised]) -> str:
    """A card a segment, with its part of a budget for all of them."""
    budgets = split({one.segment_id: one.play.budget for one in segments})
    cards = [_card(one, budgets[one.segment_id]) for one in segments]
    note = (
        "Discounts, budget shares and returns are where to start, not what was measured: replace "
        "them by what your own experiments say (--playbook FILE)."
    )
    return tag("div", "".join(cards), "cards") + paragraph(note, "note")


def _card(one: Advised, budget: float) -> str:
    play = one.play
    low, high = play.discount
    discount = f"{low:g}–{high:g} % off" if high else "no discount"
    how = f"By {', '.join(play.channels)}; {discount}; {budget:g} % of a budget."
    inside = (
        tag("h4", words(one.name))
        + tag("div", words(one.segment_id), "id")
        + paragraph(f"{play.strategy}.".replace("..", "."))
        + listing(play.actions)
        + paragraph(how, "note")
    )
    return tag("article", inside, "card")
