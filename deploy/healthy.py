"""Ends with 0 where the address answers with 200: the health check of Shoal's containers.

The image has neither curl nor wget.
"""

import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

SECONDS = 4.0


def status(address: str) -> int:
    asked = urlsplit(address)
    connection = HTTPConnection(asked.hostname or "localhost", asked.port, timeout=SECONDS)
    try:
        connection.request("GET", asked.path or "/")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(status(sys.argv[1]) != 200)
