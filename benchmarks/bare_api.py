"""A program: the floor of looking a customer up, a FastAPI route that looks nothing up.

python -m benchmarks.bare_api PORT
"""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/customers/{customer_id}")
async def customer(customer_id: str) -> dict[str, str]:
    return {"customer_id": customer_id}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]))  # with its access log, as ours has one
