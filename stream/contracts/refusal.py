"""Why a record on `transactions` is refused: the reasons, and a refused record as a value."""

from dataclasses import dataclass

from stream.contracts.meaning import Word
from stream.errors import InvalidMessage


class RefusalReason(Word):
    """The reasons there are, as a dead letter's headers and the metrics name them."""

    NOT_JSON = ("not_json", "The value is no JSON object.")
    UNKNOWN_TYPE = ("unknown_type", "It says a `type` that is neither a transaction nor a command.")
    MISSING_FIELD = ("missing_field", "A field that is needed isn't there.")
    INVALID_FIELD = (
        "invalid_field",
        "A field has another type than it should, or a text that is no id or no time.",
    )
    NEGATIVE_PRICE = (
        "negative_price",
        "The price of one is below zero, as said or as made of amount and quantity.",
    )
    OUT_OF_RANGE = (
        "out_of_range",
        "A number is too large, or a time lies before 1970 or after 2199.",
    )
    WRONG_KEY = ("wrong_key", "The record's key is not its customer's id.")
    WRONG_PARTITION = (
        "wrong_partition",
        "The record lies on another partition than murmur2 of its key says.",
    )
    IN_THE_FUTURE = (
        "in_the_future",
        "The event is more than a day ahead of its record's own timestamp.",
    )
    TOO_LATE = ("too_late", "The event is older than event time by more than the horizon.")


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that becomes nothing, and why: a value, because a stream goes on after it."""

    reason: RefusalReason
    detail: str

    def error(self) -> InvalidMessage:
        """For those to whom it is an error, as when somebody hands in a single transaction."""
        return InvalidMessage(f"{self.reason}: {self.detail}")
