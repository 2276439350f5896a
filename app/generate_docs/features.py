"""`docs/features-catalogue.md`: every feature of a profile, from the catalogue's own table."""

from collections.abc import Iterator

from stream.profile.catalogue import LABELS, catalogue

INTRODUCTION = """\
# Features

Made by `make docs` from `stream/profile`. A feature is a number read off a customer's profile
at an instant; some grow or fade without any event. Each is always a finite number: a ratio
without anything to divide by is 0. *Transform* is what a lens does to it before scaling, where
the lens doesn't say otherwise. Money is in the one currency of the log.

A *purchase line* is a line of a product with a quantity above 0, a *return line* one with a
quantity below 0. Postage, bank charges and the like are no products: their money counts, in
`spend`, and they are among `lines`; nothing else sees them. A return within 7 days comes off the
order that it undoes, and its money is booked at that order's time; a later one where it happens.

| feature | formula | transform | unit | meaning |
| --- | --- | --- | --- | --- |
"""

LABELLED = """\

Labels are known of a customer too, but are no numbers: they are shown and compared, not
clustered.

| label | formula | meaning |
| --- | --- | --- |
"""

EXACTNESS = """\

## How exact they are

Counts, sums and windows are exact in any order of arrival; what is decayed is so to a billionth.
Not so, by their nature:

- `distinct_products` is nine times in ten within a fifth of the truth (or 2) up to 300, and stays
  at 621; `distinct_categories` likewise up to 100, and stays at 266.
- `preferred_category` is never one that a quarter of the purchase lines would have to be added
  to for it to be the most bought, up to 254 lines. Beyond that its four counters, a byte each,
  are halved whenever one is full: the late lines weigh more.
- `interpurchase_days` and `regularity` leave out orders that arrive after a later one, and keep
  those that were brought back.
- Which order a return comes off can depend on the order of arrival; so `orders`, and what is
  counted by orders, can too, where returns and purchases overtake each other.
- `night_ratio`, `weekend_ratio` and `discount_ratio` are those of a customer's first 65,535
  purchase lines, `interpurchase_days` and `regularity` of the first 65,535 gaps between orders.
- More than 255 orders of a customer in one week or in one month of the year stay at that, and a
  week's money at 880 million either way.
"""


def features() -> str:
    rows = (
        f"| `{each.name}` | {each.formula} | {each.transform.value} | {each.unit} | {each.says} |"
        for each in catalogue()
    )
    return INTRODUCTION + "\n".join(rows) + "\n" + LABELLED + "\n".join(_labels()) + EXACTNESS


def _labels() -> Iterator[str]:
    for label in LABELS:
        yield f"| `{label.name}` | {label.formula} | {label.says} |"
    yield ""
