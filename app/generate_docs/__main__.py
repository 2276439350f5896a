"""Writes every generated document; `--check` only says which of them are out of date."""

import argparse
import sys
from pathlib import Path

from app.generate_docs.documents import documents

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m app.generate_docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if out of date")
    check = parser.parse_args().check
    stale = [name for name, text in documents().items() if _read(ROOT / name) != text]
    for name in stale:
        sys.stdout.write(f"{'out of date' if check else 'written'}: {name}\n")
        if not check:
            _write(ROOT / name, documents()[name])
    return 1 if check and stale else 0


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
