"""One file from an address, streamed to disk, bounded, and resumed where it broke off.

What has come is kept under the file's name with `.part`, next to the server's own mark of the
version it belongs to (`.part.etag`): a file that changed in between starts over.
"""

from __future__ import annotations

import re
import urllib.request
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, TYPE_CHECKING, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BLOCK_BYTES = 1 << 18
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class Broken(SourceError):
    """The file could not be had; what has come of it is kept for another try."""


def fetch(
    address: str,
    part: Path,
    *,
    limit_bytes: int,
    timeout_s: float = 30.0,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> None:
    """Bring all of the address to `part`; `progress` is told bytes and, if known, their sum."""
    scheme = urlsplit(address).scheme
    if scheme not in {"https", "http"}:
        raise Broken(f"{address} is no https address")
    try:
        _fetch(address, part, limit_bytes, timeout_s, progress)
    except HTTPError as error:
        error.close()
        raise Broken(f"{address} answered {error.code} {error.reason}") from error
    except URLError as error:
        raise Broken(f"{address} can't be reached: {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise Broken(f"{address} broke off: {error or type(error).__name__}") from error


def discard(part: Path) -> None:
    """Forget what has come."""
    part.unlink(missing_ok=True)
    _mark(part).unlink(missing_ok=True)


def _fetch(
    address: str,
    part: Path,
    limit_bytes: int,
    timeout_s: float,
    progress: Callable[[int, int | None], None],
) -> None:
    with _ask(address, part, timeout_s) as answer:
        start, total = _extent(answer, part)
        if (total or 0) > limit_bytes:
            raise Broken(
                f"{address} is {total:,} bytes long, and at most {limit_bytes:,} are taken"
            )
        if not start:
            discard(part)
            _mark(part).write_text(_version(answer.headers), "utf-8")
        done = start
        with part.open("ab") as file:
            while block := answer.read(BLOCK_BYTES):
                done += len(block)
                if done > limit_bytes:
                    raise Broken(
                        f"{address} goes on beyond the {limit_bytes:,} bytes that are taken"
                    )
                file.write(block)
                progress(done, total)
    if total is not None and done != total:
        raise Broken(f"{address} broke off after {done:,} of {total:,} bytes: try again to go on")


def _ask(address: str, part: Path, timeout_s: float) -> HTTPResponse:
    """The answer, from where the part ends if the server can; whole, if it knows it no more."""
    have = part.stat().st_size if part.exists() else 0
    version = _mark(part).read_text("utf-8") if have and _mark(part).exists() else ""
    request = urllib.request.Request(address, headers={"User-Agent": "shoal"})  # noqa: S310  # checked by `fetch`
    if version:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", version)
    try:
        return cast("HTTPResponse", _opener().open(request, timeout=timeout_s))
    except HTTPError as error:
        if (
            error.code != 416 or not version
        ):  # Range Not Satisfiable: the part is no beginning of that file
            raise
        error.close()
        discard(part)
        return _ask(address, part, timeout_s)


def _extent(answer: HTTPResponse, part: Path) -> tuple[int, int | None]:
    """Where what comes begins, and how long the whole is."""
    have = part.stat().st_size if part.exists() else 0
    asked = CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if answer.status == 206 and asked and int(asked[1]) == have:
        return have, int(asked[2])
    if answer.status != 200:
        raise Broken(f"{answer.url} answered {answer.status}, which is no file")
    length = answer.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _version(headers: HTTPMessage) -> str:
    """What If-Range takes: a strong ETag, else the time of the last change."""
    etag = str(headers.get("ETag", ""))
    return etag if etag.startswith('"') else str(headers.get("Last-Modified", ""))


def _mark(part: Path) -> Path:
    return part.with_name(part.name + ".etag")


class SameOrSafer(urllib.request.HTTPRedirectHandler):
    """Follows redirects to https, and to http only from http: never to a file or to less."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        scheme = urlsplit(newurl).scheme
        if scheme != "https" and not (scheme == req.type == "http"):
            raise URLError(f"it sends on to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Only http and https, so that nothing can lead to a local file."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        SameOrSafer(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
