"""The schema at /api/v1/openapi.json: what the library derives from the routes, and every refusal that may come."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from cardline.api.auth import ON_BEHALF_OF, Bearer
from cardline.api.problems import MEDIA_TYPE, Problem
from cardline.api.v1 import api

PREFIX = "/api/v1/"
METHODS = ("get", "post")

_ALWAYS = (401, 403, 404, 422, 429, 500, 503)
_WITH_BODY = (400, 409, 413, 415)
_RETRY_AFTER = {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}
_CHALLENGE = {"description": "how to present a key", "schema": {"type": "string"}}
_HEADERS = {
    401: {"WWW-Authenticate": {**_CHALLENGE, "required": True}},
    429: {"Retry-After": {**_RETRY_AFTER, "required": True}},
    503: {"Retry-After": {**_RETRY_AFTER, "required": True}},
}


@cache
def schema() -> dict[str, Any]:
    """OpenAPI 3.1. Made once a process."""
    found = dict(api.get_openapi_schema(path_prefix=PREFIX))
    _take_in_problem(found)
    for (path, method), bearer in _bearers().items():
        _complete(found["paths"][path][method], bearer)
    return found


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """(path, method in lower case) → the operation."""
    return {
        (path, method): operation
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def _bearers() -> dict[tuple[str, str], Bearer]:
    """What each operation asks of a key."""
    found = {}
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    bearer = operation.auth_callbacks[0]
                    assert isinstance(bearer, Bearer)
                    found[PREFIX.rstrip("/") + path.replace("{int:", "{"), method.lower()] = bearer
    return found


def _take_in_problem(found: dict[str, Any]) -> None:
    shape = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    found["components"]["schemas"].update(shape.pop("$defs"))
    found["components"]["schemas"]["Problem"] = shape


def _complete(operation: dict[str, Any], bearer: Bearer) -> None:
    operation["security"] = [{"Bearer": list(bearer.scopes)}]
    operation["description"] = f"{operation['description']}\n\nScopes: {', '.join(bearer.scopes)}."
    if bearer.member != "refused":
        operation["parameters"].append(_on_behalf_of(required=bearer.member == "required"))
    statuses = _ALWAYS + (_WITH_BODY if "requestBody" in operation else ())
    for status in sorted(statuses):
        operation["responses"][str(status)] = _refusal(status)
    operation["responses"] = {str(status): told for status, told in operation["responses"].items()}


def _on_behalf_of(*, required: bool) -> dict[str, Any]:
    return {
        "in": "header",
        "name": ON_BEHALF_OF,
        "required": required,
        "description": "The member spoken for, by their number in the card core."
        + ("" if required else " Left out: the issuer's system itself."),
        "schema": {"type": "string", "minLength": 1, "maxLength": 32, "pattern": "^[!-~]+$"},
    }


def _refusal(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in _HEADERS:
        told["headers"] = _HEADERS[status]
    return told
