"""Requests to an application without a server between, as programs would make them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from fastapi import FastAPI


def ask(
    api: FastAPI, path: str, method: str = "GET", *, raises: bool = True, **more: Any
) -> httpx.Response:
    """One request from this machine. What a route raises unforeseen is raised here, or answered as
    a server would."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(api, raise_app_exceptions=raises)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())
