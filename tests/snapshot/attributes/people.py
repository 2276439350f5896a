"""A table of customers with planted groups, for tests."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

CENTRES = {"age": (28, 45, 62), "income": (30_000, 70_000, 45_000), "score": (80, 30, 50)}
FAVOURITES = ("fashion", "electronics", "books")


def people(count: int = 300, seed: int = 0) -> tuple[pa.Table, list[int]]:
    """The table, and to which group each customer was made to belong."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, count)
    columns = {"customer_id": [f"C{number:04}" for number in range(count)]}
    table = {
        name: (np.array(middles)[group] * rng.normal(1.0, 0.08, count)).round()
        for name, middles in CENTRES.items()
    }
    likes = [FAVOURITES[one if rng.random() < 0.8 else rng.integers(3)] for one in group]
    days = np.datetime64("2024-06-01") - (group * 400 + rng.integers(0, 90, count))
    made = {
        **columns,
        **{name: pa.array(values) for name, values in table.items()},
        "gender": pa.array(rng.choice(["Female", "Male"], count).tolist()),
        "favourite": pa.array(likes),
        "signup_date": pa.array(days.astype("datetime64[D]")),
    }
    return pa.table(made), group.tolist()
