"""Datasets fetched from a real HTTP server on this machine, with everything that can go wrong."""

from __future__ import annotations

import hashlib
import http.server
import io
import socket
import threading
import urllib.request
import zipfile
from dataclasses import dataclass, field, replace
from http.client import HTTPMessage
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

from producers.datasets import Dataset, catalogue, find, get
from producers.fetching import SameOrSafer
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CDNOW_LIKE = "00004 0001 19970101  2   29.33\n00004 0001 19970118  2   29.73\n"


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_txt", ".txt"), text)
    return out.getvalue()


@dataclass
class Shelf:
    """What the server has, how it behaves, and what it was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    version: str = '"v1"'
    breaks_after: int | None = None
    redirects: dict[str, str] = field(default_factory=dict)
    says_length: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    address: str = ""


class Handler(http.server.BaseHTTPRequestHandler):
    shelf: Shelf

    def log_message(self, *_: object) -> None:
        """The tests' output is for the tests."""

    def do_GET(self) -> None:
        shelf, asked = self.shelf, self.headers.get("Range")
        shelf.asked.append((self.path, asked))
        if self.path in shelf.redirects:
            self.send_response(302)
            self.send_header("Location", shelf.redirects[self.path])
            self.end_headers()
            return
        if self.path not in shelf.files:
            self.send_error(404)
            return
        whole = shelf.files[self.path]
        start = 0
        if asked and self.headers.get("If-Range") == shelf.version:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        if start >= len(whole):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        if shelf.says_length:
            self.send_header("Content-Length", str(len(whole) - start))
        self.send_header("ETag", shelf.version)
        self.end_headers()
        self.wfile.write(whole[start:][: shelf.breaks_after])


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()
    handler = type("HandlerOfThisTest", (Handler,), {"shelf": shelf})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        shelf.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield shelf
        server.shutdown()
        thread.join()


@pytest.fixture
def dataset(shelf: Shelf) -> Dataset:
    shelf.files["/music.zip"] = zipped(music_txt=CDNOW_LIKE)
    return Dataset(
        name="music",
        title="a music shop",
        page="http://example.org/music",
        address=shelf.address + "/music.zip",
        file="music.zip",
        bytes=200,
        limit_bytes=10_000,
        licence="none",
        attribution="nobody",
        replay=("music.csv",),
        member="music.txt",
        columns=("master_id", "customer_id", "occurred_at", "quantity", "amount"),
        csv="music.csv",
    )


def leftovers(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir() if "part" in path.name}


def test_a_dataset_is_fetched_checked_and_made_ready(
    shelf: Shelf, dataset: Dataset, tmp_path: Path
) -> None:
    told: list[tuple[int, int | None]] = []

    fetched = get(dataset, tmp_path, progress=lambda done, total: told.append((done, total)))

    content = shelf.files["/music.zip"]
    assert (tmp_path / "music.zip").read_bytes() == content
    assert told[-1] == (len(content), len(content))
    assert fetched.path == tmp_path / "music.csv"
    assert fetched.path.read_text("utf-8") == (
        "master_id,customer_id,occurred_at,quantity,amount\n"
        "00004,0001,19970101,2,29.33\n"
        "00004,0001,19970118,2,29.73\n"
    )
    assert not leftovers(tmp_path)


def test_the_first_download_is_trusted_and_says_so(dataset: Dataset, tmp_path: Path) -> None:
    fetched = get(dataset, tmp_path)

    assert "this first download alone" in fetched.trusted
    recorded = (tmp_path / "music.zip.sha256").read_text("utf-8")
    assert recorded == f"{fetched.sha256}  music.zip\n"


def test_what_is_there_is_checked_and_not_fetched_again(
    shelf: Shelf, dataset: Dataset, tmp_path: Path
) -> None:
    get(dataset, tmp_path)
    get(dataset, tmp_path)
    assert len(shelf.asked) == 1

    with (tmp_path / "music.zip").open("ab") as file:
        file.write(b"more")
    with pytest.raises(SourceError, match="was expected"):
        get(dataset, tmp_path)
    assert (tmp_path / "music.zip").exists()


def test_another_file_at_the_same_address_is_refused_after_the_first(
    shelf: Shelf, dataset: Dataset, tmp_path: Path
) -> None:
    first = get(dataset, tmp_path)
    shelf.files["/music.zip"] = zipped(music_txt=CDNOW_LIKE * 2)
    another = hashlib.sha256(shelf.files["/music.zip"]).hexdigest()

    with pytest.raises(SourceError, match=f"--force --sha256 {another}"):
        get(dataset, tmp_path, force=True)

    assert hashlib.sha256((tmp_path / "music.zip").read_bytes()).hexdigest() == first.sha256
    assert get(dataset, tmp_path, force=True, sha256=another).sha256 == another


def test_a_pinned_checksum_that_differs_leaves_nothing_behind(
    dataset: Dataset, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=f"{'0' * 64} was expected"):
        get(replace(dataset, sha256="0" * 64), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_checksum_given_by_hand_wins(shelf: Shelf, dataset: Dataset, tmp_path: Path) -> None:
    right = hashlib.sha256(shelf.files["/music.zip"]).hexdigest()
    with pytest.raises(SourceError, match="was expected"):
        get(dataset, tmp_path, sha256="f" * 64)
    assert get(replace(dataset, sha256="0" * 64), tmp_path, sha256=right.upper()).sha256 == right


def test_a_broken_download_is_kept_and_gone_on_with(
    shelf: Shelf, dataset: Dataset, tmp_path: Path
) -> None:
    shelf.breaks_after = 50
    with pytest.raises(SourceError, match="broke off after 50 of"):
        get(dataset, tmp_path)
    assert leftovers(tmp_path) == {"music.zip.part", "music.zip.part.etag"}
    assert not (tmp_path / "music.zip").exists()

    shelf.breaks_after = None
    get(dataset, tmp_path)
    assert shelf.asked[-1] == ("/music.zip", "bytes=50-")
    assert (tmp_path / "music.zip").read_bytes() == shelf.files["/music.zip"]
    assert not leftovers(tmp_path)


def test_a_file_that_changed_in_between_starts_over(
    shelf: Shelf, dataset: Dataset, tmp_path: Path
) -> None:
    shelf.breaks_after = 50
    with pytest.raises(SourceError, match="broke off"):
        get(dataset, tmp_path)
    shelf.breaks_after, shelf.version = None, '"v2"'
    shelf.files["/music.zip"] = zipped(music_txt=CDNOW_LIKE * 3)

    get(dataset, tmp_path)

    assert (tmp_path / "music.zip").read_bytes() == shelf.files["/music.zip"]


def test_a_part_beyond_the_end_starts_over(shelf: Shelf, dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "music.zip.part").write_bytes(b"x" * 9_000)
    (tmp_path / "music.zip.part.etag").write_text('"v1"', "utf-8")
    get(dataset, tmp_path)
    assert (tmp_path / "music.zip").read_bytes() == shelf.files["/music.zip"]


def test_what_the_server_lacks_is_named_with_the_way_by_hand(
    shelf: Shelf, dataset: Dataset, tmp_path: Path
) -> None:
    del shelf.files["/music.zip"]
    with pytest.raises(SourceError) as error:
        get(dataset, tmp_path)
    assert f"{dataset.address} answered 404" in str(error.value)
    assert f"see {dataset.page}" in str(error.value)
    assert f"save it as {tmp_path / 'music.zip'}" in str(error.value)


def test_a_file_downloaded_by_hand_is_taken(shelf: Shelf, dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "music.zip").write_bytes(shelf.files["/music.zip"])
    assert get(dataset, tmp_path).path.exists()
    assert shelf.asked == []


def test_an_unreachable_server_is_one_clear_error(dataset: Dataset, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/music.zip"
        with pytest.raises(SourceError, match="can't be reached"):
            get(replace(dataset, address=address), tmp_path)


def test_a_silent_server_is_given_up(dataset: Dataset, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/music.zip"
        with pytest.raises(SourceError, match="timed out"):
            get(replace(dataset, address=address), tmp_path, timeout_s=0.2)


@pytest.mark.parametrize("says_length", [True, False])
def test_more_than_the_limit_is_not_taken(
    shelf: Shelf, dataset: Dataset, tmp_path: Path, says_length: bool
) -> None:
    shelf.says_length = says_length
    shelf.files["/music.zip"] = b"x" * 20_000
    with pytest.raises(SourceError, match="10,000"):
        get(dataset, tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10_100


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/music.zip"])
def test_a_redirect_to_another_scheme_is_refused(
    shelf: Shelf, dataset: Dataset, tmp_path: Path, to: str
) -> None:
    shelf.redirects["/music.zip"] = to
    with pytest.raises(SourceError, match=r"not https|not allowed"):
        get(dataset, tmp_path)


def test_a_redirect_from_https_to_http_is_refused() -> None:
    asked = urllib.request.Request("https://example.org/music.zip")
    with pytest.raises(URLError, match="not https"):
        SameOrSafer().redirect_request(
            asked, io.BytesIO(), 302, "Found", HTTPMessage(), "http://example.org/music.zip"
        )


def test_a_redirect_on_the_same_scheme_is_followed(
    shelf: Shelf, dataset: Dataset, tmp_path: Path
) -> None:
    shelf.redirects["/old.zip"] = shelf.address + "/music.zip"
    fetched = get(replace(dataset, address=shelf.address + "/old.zip"), tmp_path)
    assert fetched.path.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html>please log in</html>", "no whole ZIP"),
        (zipped(other_txt="x"), "without 'music.txt'"),
        (zipped(music_txt="1 2 3\n"), "line 1 of music.txt has 3 fields, not 5"),
    ],
)
def test_content_that_is_something_else_is_refused(
    shelf: Shelf, dataset: Dataset, tmp_path: Path, content: bytes, says: str
) -> None:
    shelf.files["/music.zip"] = content
    with pytest.raises(SourceError, match=says):
        get(dataset, tmp_path)
    assert not (tmp_path / "music.csv").exists()
    assert not leftovers(tmp_path)


def test_a_csv_with_other_columns_is_refused(
    shelf: Shelf, dataset: Dataset, tmp_path: Path
) -> None:
    shelf.files["/music.zip"] = b"a,b\n1,2\n"
    plain = replace(dataset, member=None, csv=None, columns=(), header="a,b,c")
    with pytest.raises(SourceError, match="begins with 'a,b'"):
        get(plain, tmp_path)
    assert get(replace(plain, header="a,b"), tmp_path).path == tmp_path / "music.zip"


def test_a_member_is_unpacked_where_the_archive_can_not_be_replayed(
    dataset: Dataset, tmp_path: Path
) -> None:
    fetched = get(replace(dataset, csv=None, columns=(), unpack=True), tmp_path)
    assert fetched.path == tmp_path / "music.txt"
    assert fetched.path.read_text("utf-8") == CDNOW_LIKE


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(SourceError, match="there are online-retail, online-retail-ii"):
        find("nothing")


def test_a_missing_directory_is_named(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="make it first"):
        get(dataset, tmp_path / "nowhere")


@pytest.mark.parametrize("dataset", catalogue().values(), ids=lambda each: each.name)
def test_the_catalogue_is_complete(dataset: Dataset) -> None:
    assert dataset.address.startswith("https://")
    assert dataset.page.startswith("https://")
    assert dataset.limit_bytes > dataset.bytes
    assert dataset.licence
    assert dataset.attribution
    assert dataset.sha256 is None or len(bytes.fromhex(dataset.sha256)) == 32
    assert bool(dataset.columns) == bool(dataset.csv)
    ready = dataset.csv or (dataset.member if dataset.unpack else dataset.file)
    assert dataset.replay[0].split("::")[0] == ready
