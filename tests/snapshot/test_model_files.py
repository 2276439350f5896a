"""A model's file is read within bounds, and refused where tasks would stumble over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from snapshot.model_files import check_model, read_model
from stream.errors import FeatureError, InputError, InvalidMessage
from tests.snapshot.logs import made_by_hand

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = ["lines_d90", "orders_d90", "spend_d90", "recency_days"]


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_bytes(made_by_hand(5).to_json())
    assert read_model(file, 1_000_000) == made_by_hand(5)


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", InvalidMessage, "is no SegmentModel"),
        (b"{}", InvalidMessage, "lenses is missing"),
        (b"\xff\xfe", InvalidMessage, "is no SegmentModel"),
        (b"[" * 5_000, InvalidMessage, "is no SegmentModel"),
        (b'{"version": 1, "lenses": NaN}', InvalidMessage, "is no SegmentModel"),
        (b" " * 10_001, InputError, "larger than the 10,000 bytes"),
    ],
)
def test_what_is_no_model_is_an_error_that_names_the_file(
    tmp_path: Path, content: bytes, error: type[Exception], says: str
) -> None:
    file = tmp_path / "model.json"
    file.write_bytes(content)
    with pytest.raises(error, match=f"model.json.*{says}"):
        read_model(file, 10_000)


def test_a_file_that_is_not_there_or_is_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_model(tmp_path / "none.json", 10_000)
    with pytest.raises(InputError, match="can't be read"):
        read_model(tmp_path, 10_000)


def test_a_model_of_known_features_gets_the_fingerprint_of_the_settings() -> None:
    assert check_model(made_by_hand(), KNOWN, "abc").fingerprint == "abc"
    assert check_model(made_by_hand(fingerprint="abc"), KNOWN, "abc").fingerprint == "abc"


def test_a_model_of_other_settings_is_refused() -> None:
    with pytest.raises(InputError, match="folded with other settings"):
        check_model(made_by_hand(fingerprint="old"), KNOWN, "abc")


def test_a_feature_that_the_catalogue_does_not_have_is_named() -> None:
    with pytest.raises(FeatureError, match="'lines_d90', which is not in the catalogue"):
        check_model(made_by_hand(), KNOWN[1:], "")


def test_a_centroid_beyond_the_space_is_refused() -> None:
    lens = made_by_hand().lenses[0]
    far = lens.centroids[0].model_copy(update={"position": (1e200, 0.0, 0.0)})
    lenses = (lens.model_copy(update={"centroids": (far,)}),)
    with pytest.raises(FeatureError, match="within the space"):
        check_model(made_by_hand(lenses=lenses), KNOWN, "")
