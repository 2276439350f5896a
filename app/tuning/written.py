"""What was chosen, in the settings file that the next fit reads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.tuning.settings_file import write_lens
from stream.errors import InputError
from stream.settings import load_settings
from stream.settings.lenses import lens_specs
from stream.settings.load import DEFAULT_FILE, FILE_VARIABLE

if TYPE_CHECKING:
    from app.tuning.tuned import Tuned


def write_settings(tuned: Tuned, config: Path | None) -> list[str]:
    """Into the file that settings are read from; returns what there is to say of it."""
    if not (tuned.searched or tuned.table.within):
        raise InputError(
            f"{tuned.table.way.clusterer} finds {tuned.table.chosen}, which is not among the "
            "numbers of segments asked for: nothing was written"
        )
    file = config or Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)
    lens, values = tuned.population.spec.name, tuned.settings()
    write_lens(file, lens, values)
    told = [f"written to {file}"]
    (spec,) = (spec for spec in lens_specs(load_settings(config, {})) if spec.name == lens)
    for key, value in values.items():
        if (getattr(spec, key) or None) != value:
            told.append(
                f"but a variable (SHOAL_LENSES__{lens.upper()}__{key.upper()}) says otherwise, and "
                "wins over the file"
            )
    return told
