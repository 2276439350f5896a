"""A router for one kind of thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

if TYPE_CHECKING:
    from fastapi.routing import APIRoute


def router_for(tag: str) -> APIRouter:
    """What programs made from the document call a route: as its own function."""
    return APIRouter(tags=[tag], generate_unique_id_function=_name)


def _name(route: APIRoute) -> str:
    return route.name
