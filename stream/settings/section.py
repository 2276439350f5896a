"""What all sections of the settings have in common."""

from pydantic import BaseModel, ConfigDict, JsonValue


class Section(BaseModel):
    """A table of `shoal.toml`. A key that it doesn't know is an error: it is a slip."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


def extra(*, flag: str | None = None, form: str | None = None) -> dict[str, JsonValue]:
    """The command-line flag that sets the same, and what a text has to look like, in words."""
    return {"flag": flag, "form": form}
