"""A program of somebody's own: it subscribes to changes and prints each of them."""

from __future__ import annotations

import sys

from consumers.subscribe import subscribe


def main(url: str, prefix: str) -> None:
    for change in subscribe(url, group=f"{prefix}subscriber", prefix=prefix):
        sys.stdout.write(change.to_json().decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
