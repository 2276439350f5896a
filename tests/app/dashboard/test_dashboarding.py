"""`shoal dashboard` starts where it can, says why where it can't, and ends when it is told to."""

from __future__ import annotations

import socket
import urllib.request
from typing import TYPE_CHECKING

import pytest

from app.dashboarding import Wanted, run, streamlit_options
from stream.errors import InputError, LogUnavailable, SettingsError
from stream.settings import load_settings
from tests.app.dashboard.serving import free_port, served

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.dashboard.small_shop import SmallShop


def test_beside_an_embedded_log_it_writes_the_tables_itself(
    small_shop: SmallShop, tmp_path: Path
) -> None:
    with (
        served(None, small_shop.log, tmp_path / "said.txt") as address,
        urllib.request.urlopen(address, timeout=10) as answer,
    ):
        assert answer.status == 200
    assert (small_shop.folder / "shoal.tables.db").exists()


def test_a_port_that_is_taken_is_said(small_shop: SmallShop) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"can't listen on 127.0.0.1:{port}.*--port"):
            run(Wanted(db=small_shop.database, port=port))


def test_a_log_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="there is no log"):
        run(Wanted(log=f"sqlite:///{tmp_path / 'nothing.db'}", port=free_port()))


def test_a_broker_without_a_database_needs_a_sink() -> None:
    with pytest.raises(SettingsError, match="shoal sink"):
        run(Wanted(log="kafka://127.0.0.1:1", port=free_port()))


def test_a_demonstration_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make demo"):
        run(Wanted(demo=tmp_path))


def test_nobody_beyond_this_machine_is_let_in_or_told_anything() -> None:
    options = streamlit_options(load_settings(None, {}))
    assert options["server_address"] == "127.0.0.1"
    assert options["browser_gatherUsageStats"] is False
    assert options["client_showErrorDetails"] == "none"
