"""A slash in a customer's id, sent as `%2F`, is none of the path: for reading and for erasing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
from msgspec.structs import replace

from app.api.assembling import create_api
from app.api.erasing import Eraser
from app.api.paths import OF_A_CUSTOMER
from app.queries.database import open_database
from app.wiring import Wiring
from consumers.sink.open import open_store
from stream.contracts.commands import Erasure
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from tests.app.api.asking import ask
from tests.app.api.made import made_state, served
from tests.consumers.sink.shop import Shop
from tests.snapshot.logs import values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from app.queries.database import Database
    from stream.contracts.fast import Line

IDS = ["a", *(f"a{end}" for end in OF_A_CUSTOMER), "a/history/b", "/history", "a/history/history"]


class Odd(NamedTuple):
    shop: Shop
    database: Database


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Odd]:
    """A shop with customers of these ids."""
    url = f"sqlite:///{tmp_path / 'sink.db'}"
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log, open_store(url) as store:
        store.migrate()
        shop = Shop(log)
        bought = [one for one in shop.lines if one.customer_id == "c17"]
        shop.tasks.sell(_of(name, one) for name in IDS for one in bought)
        shop.promote()
        shop.write_all(store)
        with open_database(url) as database:
            yield Odd(shop, database)


def _of(name: str, line: Line) -> Line:
    return replace(line, customer_id=name, event_id=f"{name}: {line.event_id}")


@pytest.mark.parametrize("name", IDS)
def test_each_is_found_with_what_is_behind_it(odd: Odd, name: str) -> None:
    written = name.replace("/", "%2F")
    with served(lambda ending: made_state(odd.database, is_ending=ending)) as url:
        assert httpx.get(f"{url}/customers/{written}").json()["customer_id"] == name
        history = httpx.get(f"{url}/customers/{written}/history").json()["items"]
        assert {one["customer_id"] for one in history} == {name}


def test_who_is_meant_is_erased_and_what_is_behind_a_customer_is_not(odd: Odd) -> None:
    said = {"log": {"url": odd.shop.log.name}, "topics": {"partitions": 2}}
    wiring = Wiring(load_settings(None, said))
    api = create_api(made_state(odd.database, eraser=Eraser(wiring)))
    for end in OF_A_CUSTOMER:
        assert ask(api, f"/customers/a{end}", "DELETE").status_code == 405
        assert ask(api, f"/customers/a{end.replace('/', '%2f')}", "DELETE").status_code == 202
    topic = wiring.topics().transactions
    told = [one for part in range(2) for one in values(odd.shop.log, topic, part) if one]
    erased = {Erasure.from_json(one).customer_id for one in told if b'"erasure"' in one}
    assert erased == {f"a{end}" for end in OF_A_CUSTOMER}


@pytest.mark.parametrize("name", ["a%00history", "a%01history", "%00", "a%00b%2Fhistory"])
def test_the_mark_itself_is_refused(api: FastAPI, name: str) -> None:
    assert ask(api, f"/customers/{name}").status_code == 422
