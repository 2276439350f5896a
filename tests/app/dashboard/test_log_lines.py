"""The newest lines of a log, and some customers of it whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from app.dashboard.given import Given
from app.dashboard.log_lines import newest_lines
from app.dashboard.some_customers import is_among, some_of, some_of_log
from app.wiring import Wiring
from producers.reading.dataset import Dataset
from stream.errors import InputError, LogUnavailable
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from app.dashboard.some_customers import Some
    from tests.app.dashboard.small_shop import SmallShop


def file_of(shop: SmallShop) -> Given:
    file = shop.folder / "shop.csv.gz"
    return Given(file.name, file.read_bytes())


def customers_in(some: Some) -> Counter[str]:
    dataset = Dataset.open(some.source.names[0], some.source.options)
    return Counter(who for batch in dataset.lines() for who in batch["customer_id"].to_pylist())


def test_all_of_a_small_log_is_what_was_sent(small_shop: SmallShop, tmp_path: Path) -> None:
    found = newest_lines(Wiring(small_shop.settings))
    sent = customers_in(some_of(file_of(small_shop), tmp_path))
    assert Counter(line.customer_id for line in found.lines) == sent
    assert not found.is_whole  # commands are records too
    assert found.records > len(found.lines)


def test_of_a_large_one_it_is_the_end(small_shop: SmallShop) -> None:
    wiring = Wiring(small_shop.settings)
    whole, end = newest_lines(wiring), newest_lines(wiring, 100)
    assert 0 < len(end.lines) <= 100
    assert end.lines == whole.lines[-len(end.lines) :]
    assert end.records == whole.records


@pytest.mark.parametrize("most", [10**6, 400])
def test_some_customers_have_all_their_lines(
    small_shop: SmallShop, tmp_path: Path, most: int
) -> None:
    (tmp_path / "file").mkdir()
    (tmp_path / "log").mkdir()
    everybody = customers_in(some_of(file_of(small_shop), tmp_path / "file"))
    some = some_of_log(Wiring(small_shop.settings), tmp_path / "log", most)
    chosen = {who: many for who, many in everybody.items() if is_among(who, some.share)}
    assert customers_in(some) == chosen
    assert sum(chosen.values()) == some.lines
    assert (some.share == 1.0) == (most == 10**6)


def test_a_file_and_a_log_choose_the_same_customers(small_shop: SmallShop, tmp_path: Path) -> None:
    some = some_of(file_of(small_shop), tmp_path, 400)
    assert 0 < some.share < 1
    assert all(is_among(who, some.share) for who in customers_in(some))
    assert sum(customers_in(some).values()) == some.lines


def test_a_log_without_transactions_says_how_to_bring_some(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shoal.db'}"
    wiring = Wiring(load_settings(None, {"log": {"url": url}}))
    with pytest.raises(LogUnavailable, match="shoal replay"):
        newest_lines(wiring)
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        log.create_topics(wiring.topics().specs())
    assert newest_lines(wiring).lines == ()
    with pytest.raises(InputError, match="shoal replay"):
        some_of_log(wiring, tmp_path)
