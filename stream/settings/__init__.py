"""What can be set: by flags, `SHOAL_*` variables or `shoal.toml`, in that order of precedence."""

from stream.settings.load import load_settings
from stream.settings.settings import Settings

__all__ = ["Settings", "load_settings"]
