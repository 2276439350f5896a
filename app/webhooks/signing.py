"""The signature of a request, by which its receiver knows who sent it, and when."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "Shoal-Signature"


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """What the header says: HMAC-SHA256 of seconds since 1970, a dot and the body.

    >>> signature(b"k" * 16, 1700000000, b"{}")[:24]
    't=1700000000,v1=6d58fb78'
    """
    signed = hmac.new(secret, b"%d.%b" % (timestamp, body), hashlib.sha256)
    return f"t={timestamp},v1={signed.hexdigest()}"
