"""Everything that can go wrong, as one tree, each named for the fact.

    ShoalError
    ├── InputError            what was handed in can't be used
    │   ├── SettingsError
    │   ├── SourceError       a dataset that can't be read
    │   ├── FeatureError      a feature that can't be compared or learned from
    │   └── InvalidMessage    a record that is no message of ours
    ├── HistoryError          snapshots can't be kept there, or are not what was kept
    ├── DatabaseError         a sink's database refuses, or is not the sink's
    │   └── DatabaseUnavailable   it may answer later
    └── LogError
        ├── LogUnavailable    nobody answers there
        ├── TopicMissing
        ├── TopicsDiffer      a topic is there, but not as it has to be
        ├── PositionOutOfRange
        ├── RecordTooLarge
        ├── StateDiffers      profiles, positions and transactions are not of one story
        │   └── BlockError    what lies on customer-profiles is not what this worker wrote
        ├── GroupBusy         another worker has this place
        ├── Fenced            another took this name over
        │   └── GroupMovedOn  nobody did, but the group has another generation: restore
        └── CommitFailed      nothing of the transaction happened: restore

A message names the thing, the fact and the remedy; the command line prints it as it is.
"""


class ShoalError(Exception):
    """The root: anything Shoal raises on purpose."""

    exit_code = 1


class InputError(ShoalError):
    """What was handed in can't be used."""

    exit_code = 2


class SettingsError(InputError):
    """A setting, from a file, the environment or a flag, that makes no sense."""


class SourceError(InputError):
    """A dataset that can't be read."""


class FeatureError(InputError):
    """A feature that a lens doesn't know, misses, or that is no finite number."""


class InvalidMessage(InputError):
    """A record that is not a message of its topic; says which field and why."""


class HistoryError(ShoalError):
    """A snapshot can't be kept there, or is not what was kept."""


class DatabaseError(ShoalError):
    """A sink's database refuses what it was asked, or holds something else than this sink's."""


class DatabaseUnavailable(DatabaseError):
    """The database doesn't answer, or has no room; it may later."""


class LogError(ShoalError):
    """The log could not do what it was asked to."""


class LogUnavailable(LogError):
    """Nobody answers at the log's address."""


class TopicMissing(LogError):
    """The topic was never created."""


class TopicsDiffer(LogError):
    """A topic exists with other settings than it has to have."""


class PositionOutOfRange(LogError):
    """The position asked for lies outside what the log still has.

    `start` is where the log begins now: a reader that can start over starts there.
    """

    def __init__(self, topic: str, partition: int, position: int, *, start: int, end: int) -> None:
        self.topic, self.partition, self.position = topic, partition, position
        self.start, self.end = start, end
        super().__init__(
            f"{topic}[{partition}] has records {start} to {end}, not {position}: "
            f"what lay there was truncated, or the topic was made anew. Start over from {start}."
        )


class RecordTooLarge(LogError):
    """One record is larger than its topic takes."""


class StateDiffers(LogError):
    """Profiles, positions and transactions don't go together: to try again won't help."""

    exit_code = 4


class BlockError(StateDiffers):
    """A record of the profiles topic is no block, or not the next one of this worker's chain."""


class GroupBusy(LogError):
    """Another worker is the member that this one wants to be."""


class Fenced(LogError):
    """Another process took over this producer's name; this one has to stop."""

    exit_code = 3


class GroupMovedOn(Fenced):
    """The group has gone on to another generation without this membership.

    The name is nobody else's: what was held under the membership is dropped, and restored.
    """

    exit_code = 1


class CommitFailed(LogError):
    """The transaction did not happen. Its owner drops all it holds and restores."""
