"""A lens' settings change, the rest of the file doesn't; what can't be done safely isn't."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tuning.settings_file import with_lens, write_lens
from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
# ours
[log]
url = "sqlite:///shop.db"   # the till's

[lenses.value]  # money
  k = 4 # as agreed
margin = 0.15
clusterer_parameters = { starts = [
  3,  # quick
] }

[lenses.habits]
k = 3
"""


def test_only_what_is_meant_changes() -> None:
    values = {"k": 5, "clusterer": "gmm", "clusterer_parameters": {"covariance": "diag"}}
    assert with_lens(FILE, "value", values) == FILE.replace("k = 4 #", "k = 5 #").replace(
        "{ starts = [\n  3,  # quick\n] }", '{ covariance = "diag" }'
    ).replace("# money\n", '# money\nclusterer = "gmm"\n')


def test_what_has_no_place_is_taken_out() -> None:
    changed = with_lens(FILE, "value", {"k": None, "clusterer_parameters": None})
    assert tomllib.loads(changed)["lenses"]["value"] == {"margin": 0.15}
    assert with_lens(FILE, "value", {"learner": None}) == FILE


@pytest.mark.parametrize("text", ["", '[log]\nurl = "sqlite:///x.db"', "[lenses.habits]\n"])
def test_a_table_that_is_not_there_is_made_at_the_end(text: str) -> None:
    changed = with_lens(text, "value", {"k": 5, "clusterer": "kmeans"})
    assert changed.startswith(text)
    assert changed.endswith('[lenses.value]\nk = 5\nclusterer = "kmeans"\n')


def test_a_file_with_other_line_ends_keeps_them() -> None:
    text = FILE.replace("\n", "\r\n")
    changed = with_lens(text, "value", {"k": 6, "clusterer": "kmeans"})
    assert changed.count("\n") == changed.count("\r\n")
    assert changed.replace("\r\n", "\n") == with_lens(
        FILE, "value", {"k": 6, "clusterer": "kmeans"}
    )


@pytest.mark.parametrize(
    "text",
    [
        "lenses = { value = { k = 4 } }\n",
        "[lenses]\nvalue.k = 4\n",
        "[lenses.value]\n[lenses.value.clusterer_parameters]\nstarts = 3\n",
        '[log]\nurl = """\n[lenses.value]\n"""\n',
    ],
)
def test_another_form_is_left_to_its_owner(text: str) -> None:
    values = {"k": 5, "clusterer_parameters": {"starts": 2}}
    with pytest.raises(InputError, match=r"put there yourself, in the table lenses\.value:\nk = 5"):
        with_lens(text, "value", values)


def test_what_is_no_toml_is_said() -> None:
    with pytest.raises(InputError, match=r"shoal\.toml is no TOML: "):
        with_lens("[lenses.value\n", "value", {"k": 5})


lines = st.sampled_from(
    [
        "[lenses.value]",
        "[lenses.habits]",
        "[log]",
        "k = 4",
        "k=4#",
        'clusterer = "gmm" # so',
        "features = [",
        '  "orders_d90",',
        "]",
        "# [lenses.value]",
        'url = "#[lenses.value]"',
        "",
    ]
)


@given(st.lists(lines, max_size=12).map("\n".join), st.sampled_from([7, None]))
def test_whatever_is_written_says_what_was_meant_and_keeps_the_rest(
    text: str, k: int | None
) -> None:
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    try:
        changed = with_lens(text, "value", {"k": k, "clusterer": "kmeans"})
    except InputError:
        return
    after = tomllib.loads(changed)
    value = before.setdefault("lenses", {}).setdefault("value", {})
    value["clusterer"] = "kmeans"
    value["k"] = k
    assert after["lenses"]["value"].get("k") == k
    if k is None:
        del value["k"]
    assert after == before


def test_the_file_is_replaced_in_one_step_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "shoal.toml"
    file.write_text(FILE, encoding="utf-8")
    file.chmod(0o640)
    write_lens(file, "value", {"k": 5})
    assert file.read_text(encoding="utf-8") == with_lens(FILE, "value", {"k": 5})
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_one_and_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(tmp_path / "real.toml")
    write_lens(tmp_path / "link.toml", "value", {"k": 5})
    assert (tmp_path / "link.toml").is_symlink()
    assert (tmp_path / "real.toml").read_text(encoding="utf-8") == "[lenses.value]\nk = 5\n"


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be written: No such file or directory"):
        write_lens(tmp_path / "nowhere" / "shoal.toml", "value", {"k": 5})
    with pytest.raises(InputError, match="can't be read"):
        write_lens(tmp_path, "value", {"k": 5})
