"""Figures and their changes as people read them, in one way for every form of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.executive.report import Unit
from snapshot.naming.words import counted, number

if TYPE_CHECKING:
    from insights.reporting.executive.report import Change, Figure

UNKNOWN = "–"
MOST_RATIO = 10.0
"""Above, a percentage says less than the two numbers do."""


def money(value: float) -> str:
    """
    >>> money(1234567.8), money(41.26), money(3.2), money(-0.4), money(-0.001)
    ('1,234,568', '41.3', '3.20', '\N{MINUS SIGN}0.40', '0')
    """
    size = abs(value)
    text = f"{size:,.{0 if size >= 99.95 else 1 if size >= 9.995 else 2}f}"
    if not text.strip("0.,"):
        return "0"
    return f"−{text}" if value < 0 else text


def share(value: float) -> str:
    """To a tenth of a percent, as changes of it are small.

    >>> share(0.183), share(0.0004), share(1.0), share(0.0)
    ('18.3 %', 'under 0.1 %', '100 %', '0 %')
    """
    if 0 < value < 0.0005:
        return "under 0.1 %"
    if 0.9995 <= value < 1:
        return "over 99.9 %"
    return f"{value * 100:.1f}".removesuffix(".0") + " %"


def figure_value(figure: Figure) -> str:
    """Its value, or that it isn't known."""
    if figure.value is None:
        return UNKNOWN
    return amount(figure.value, figure.unit)


def amount(value: float, unit: Unit) -> str:
    """
    >>> amount(1200.0, Unit.COUNT), amount(12.0, Unit.MONEY), amount(0.5, Unit.SHARE)
    ('1,200', '12.0', '50 %')
    """
    if unit is Unit.SHARE:
        return share(value)
    return money(value) if unit is Unit.MONEY else number(round(value))


def signed(value: float, unit: Unit) -> str:
    """
    >>> signed(1200.0, Unit.COUNT), signed(-0.0123, Unit.SHARE), signed(-3.0, Unit.MONEY)
    ('+1,200', '\N{MINUS SIGN}1.2 points', '\N{MINUS SIGN}3.00')
    """
    if unit is Unit.SHARE:
        points = f"{abs(value) * 100:.1f}".removesuffix(".0")
        return f"{_sign(value)}{points} {'point' if points == '1' else 'points'}"
    return f"{_sign(value)}{amount(abs(value), unit)}"


def changed(figure: Figure) -> str:
    """What changed, or that nothing did; empty where there is nothing to compare with.

    >>> from insights.reporting.executive.figures import change
    >>> from insights.reporting.executive.report import Figure
    >>> def said(now, before, noise=None):
    ...     return changed(Figure("n", "n", Unit.COUNT, now, change(now, before, noise)))
    >>> said(12.0, 10.0), said(10.0, 10.0), said(3.0, 0.0)
    ('+2 (+20 %)', 'as before', '+3')
    >>> said(12.0, 10.0, 5.0)
    '+2 (+20 %), within chance (± 5)'
    """
    found = figure.change
    if found is None:
        return ""
    if is_nothing(found, figure.unit):
        return "as before"
    told = signed(found.difference, figure.unit)
    ratio = "" if figure.unit is Unit.SHARE else ratio_words(found)
    said = f"{told} ({ratio})" if ratio else told
    if found.is_clear or found.noise is None:
        return said
    return f"{said}, within chance (± {amount(found.noise, figure.unit)})"


def is_nothing(found: Change, unit: Unit) -> bool:
    """Whether at the digits shown there is no difference."""
    return not signed(found.difference, unit).strip("+−0. points%,")


def ratio_words(found: Change) -> str:
    """
    >>> from insights.reporting.executive.figures import change
    >>> [ratio_words(change(now, 100.0)) for now in (105.5, 30.0, 100.01, 5000.0)]
    ['+5.5 %', '\N{MINUS SIGN}70 %', '', '']
    """
    if found.ratio is None or abs(found.ratio) > MOST_RATIO:
        return ""
    percent = abs(found.ratio) * 100
    text = f"{percent:.1f}".removesuffix(".0") if percent < 9.95 else f"{percent:.0f}"
    return "" if text == "0" else f"{_sign(found.ratio)}{text} %"


def customers(count: int) -> str:
    """
    >>> customers(1), customers(2000)
    ('1 customer', '2,000 customers')
    """
    return counted(count, "customer")


def _sign(value: float) -> str:
    return "−" if value < 0 else "+"
