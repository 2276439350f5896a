"""What the libraries underneath raise for a damaged file: each has its own idea of it."""

import struct
import zipfile
import zlib

import pyarrow as pa

# Found by damaging files at random: a version nobody knows, names in no encoding, and so on.
DAMAGE: tuple[type[Exception], ...] = (
    *(OSError, EOFError, ValueError, LookupError, RuntimeError, OverflowError),
    *(zipfile.BadZipFile, zlib.error, struct.error, pa.ArrowException),
)
