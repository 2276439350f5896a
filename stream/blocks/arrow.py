"""One record batch as an Arrow IPC stream of its own: written, measured before, read with care.

Apart from blocks because it knows Arrow and nothing of profiles. Buffers are not compressed, and
a stream whose buffers are is refused: reading one takes no more memory than its bytes.
"""

from __future__ import annotations

import struct

import pyarrow as pa

END_OF_STREAM_BYTES = 8
# Where a flatbuffer's table has a field is in its vtable, which begins with two lengths.
HEADER_FIELD, COMPRESSION_FIELD = 2, 3


class NotOurs(ValueError):
    """The bytes are no Arrow stream as it is written here."""


def stream_bytes(batch: pa.RecordBatch) -> int:
    """How many bytes `written` makes of it."""
    schema = int(batch.schema.serialize().size)
    return schema + int(pa.ipc.get_record_batch_size(batch)) + END_OF_STREAM_BYTES


def written(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    value: bytes = sink.getvalue().to_pybytes()
    return value


def read(value: bytes) -> pa.RecordBatch:
    """The batch, over the same bytes, once it is known to be sound; `NotOurs` else."""
    try:
        messages = pa.ipc.MessageReader.open_stream(pa.py_buffer(value))
        schema, rows = messages.read_next_message(), messages.read_next_message()
        if (schema.type, rows.type) != ("schema", "record batch") or _is_compressed(rows):
            raise NotOurs("an Arrow stream of another kind")
        batch = pa.ipc.read_record_batch(rows, pa.ipc.read_schema(schema))
        batch.validate(full=True)
    except StopIteration:
        raise NotOurs("an Arrow stream without rows") from None
    except (pa.ArrowException, OSError, struct.error) as error:
        raise NotOurs(str(error).partition("\n")[0][:200]) from error
    return batch


def _is_compressed(message: pa.ipc.Message) -> bool:
    """Whether a record batch says that its buffers are. Arrow would make room for whatever size
    they claim to have, and doesn't show this field."""
    metadata = message.metadata.to_pybytes()
    root = struct.unpack_from("<I", metadata)[0]
    header = _field(metadata, root, HEADER_FIELD)
    if not header:
        return True
    table = header + struct.unpack_from("<I", metadata, header)[0]
    return bool(_field(metadata, table, COMPRESSION_FIELD))


def _field(metadata: bytes, table: int, field: int) -> int:
    """Where a field of a flatbuffer's table lies; 0 where it is left out."""
    vtable = table - struct.unpack_from("<i", metadata, table)[0]
    place = 4 + 2 * field
    if place >= struct.unpack_from("<H", metadata, vtable)[0]:
        return 0
    offset: int = struct.unpack_from("<H", metadata, vtable + place)[0]
    return table + offset if offset else 0
