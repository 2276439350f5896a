"""What every Log passes: the proof of `stream.log.seam`'s docstrings.

A subclass says only how its log is opened; see `OpenedLog`. Nothing here assumes which
log it is: offsets may have holes, groups may take seconds, other tests may run beside.
"""

from tests.stream.log.contract_groups import GroupsContract
from tests.stream.log.contract_reading import ReadingContract
from tests.stream.log.contract_topics import TopicsContract
from tests.stream.log.contract_transactions import TransactionsContract
from tests.stream.log.contract_writing import WritingContract


class LogContract(
    TopicsContract, WritingContract, ReadingContract, TransactionsContract, GroupsContract
):
    """Every Log passes this; subclasses only say how to open one."""
