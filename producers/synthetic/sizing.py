"""How many customers it takes for so many lines: tried on a small shop of the same plan."""

from dataclasses import replace

from producers.synthetic import Plan, truth

SAMPLE_CUSTOMERS = 500
SPARE = 1.15  # customers differ, and a shop that falls short would break its word


def with_customers_for(plan: Plan, transactions: int) -> Plan:
    """The plan that stops after so many lines, with customers enough to get there.

    >>> with_customers_for(Plan(days=90), 20_000).customers > 500
    True
    """
    sample = replace(plan, customers=SAMPLE_CUSTOMERS, transactions=0)
    lines_each = truth(sample).lines / SAMPLE_CUSTOMERS
    customers = int(SPARE * transactions / max(lines_each, 0.01)) + 20
    return replace(plan, customers=customers, transactions=transactions)
