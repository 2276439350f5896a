"""What a line of the documents does, and what is then to be seen.

Shoal's own commands run in this process, for a second and a half of imports would be most of each;
the API's questions go over HTTP to the one that runs; everything else is a process.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import httpx

from app.cli.main import run

ROOT = Path(__file__).parents[2]
IN_THE_REPOSITORY = (["make"], ["python", "-m"], ["docker"])
PORTS = {"localhost:8000": "api", "localhost:8501": "dashboard"}
SECONDS = 900.0
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
"""With the commands of this environment first, as where it was activated."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in the terminal afterwards."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """The folder, and where what is asked for at usual addresses really is."""

    folder: Path
    addresses: dict[str, str]


def typed(line: str, place: Place) -> Seen:
    words = shlex.split(line)
    if words[0] == "shoal":
        return in_this_process(words, place.folder)
    if words[0] == "curl":
        return asked(words[1:], place)
    home = any(words[: len(each)] == each for each in IN_THE_REPOSITORY)
    return in_a_process(words, ROOT if home else place.folder)


def in_this_process(words: list[str], folder: Path) -> Seen:
    said = io.StringIO()
    with (
        contextlib.chdir(folder),
        patch.object(sys, "argv", words),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        code = run()
    return Seen(code, said.getvalue())


def in_a_process(words: list[str], folder: Path) -> Seen:
    command = [sys.executable, *words[1:]] if words[0] == "python" else words
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PATH": PATH},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Seen(done.returncode, done.stdout + done.stderr)


def asked(words: list[str], place: Place) -> Seen:
    """As `curl` does, with headers and something to send."""
    url, headers, content = "", {}, None
    left = iter(words)
    for word in left:
        if word == "-H":
            name, _, value = next(left).partition(": ")
            headers[name] = value
        elif word == "-d":
            content = next(left)
        else:
            url = word
    for usual, name in PORTS.items():
        url = url.replace(usual, place.addresses[name])
    method = "GET" if content is None else "POST"
    answer = httpx.request(method, f"http://{url}", headers=headers, content=content, timeout=60)
    return Seen(0 if answer.is_success else answer.status_code, answer.text)
