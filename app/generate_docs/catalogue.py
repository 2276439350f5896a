"""The messages there are, each with its topic's name in `Topics` and what its key is."""

from dataclasses import dataclass

from stream.contracts.alert import AlertKind, Outcome
from stream.contracts.base import Message
from stream.contracts.change import Cause, SegmentChange
from stream.contracts.commands import Erasure, Promote, Tick
from stream.contracts.dead_letter import DeadLetter
from stream.contracts.drift import DriftReport
from stream.contracts.experiment import ExperimentAssignment, ExperimentPlan
from stream.contracts.insight_report import InsightReport
from stream.contracts.lens import NamedBy, Rule, Transform
from stream.contracts.meaning import Word
from stream.contracts.model import SegmentModel
from stream.contracts.refusal import RefusalReason
from stream.contracts.scores import CustomerScores
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.contracts.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """A message; `key` is null where its records have none."""

    model: type[Message]
    topic: str
    key: str | None = None

    @property
    def name(self) -> str:
        return self.model.__name__

    @property
    def file(self) -> str:
        """Its name in lower case, with hyphens.

        >>> Entry(SegmentChange, "changes").file
        'segment-change'
        """
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in self.name).lstrip("-")


CATALOGUE = (
    Entry(Transaction, "transactions", "the customer's id"),
    Entry(Erasure, "transactions", "the customer's id"),
    Entry(Tick, "transactions"),
    Entry(Promote, "transactions"),
    Entry(SegmentChange, "changes", "the customer's id"),
    Entry(SegmentEvent, "changes", "the segment's id"),
    Entry(SegmentModel, "models"),
    Entry(DriftReport, "drift"),
    Entry(CustomerScores, "insights"),
    Entry(InsightReport, "insights"),
    Entry(ExperimentPlan, "experiments", "the experiment's name"),
    Entry(ExperimentAssignment, "experiments", "the experiment's name"),
)
"""The messages that are JSON."""

DEAD_LETTER = Entry(DeadLetter, "dead_letters", "as it came")
"""A message whose fields are headers, and whose value is what came."""

VOCABULARIES: dict[str, type[Word]] = {
    words.__name__: words
    for words in (Cause, Happened, Transform, NamedBy, Rule, AlertKind, Outcome, RefusalReason)
}
"""The fields' vocabularies, by their names in the schemas."""
