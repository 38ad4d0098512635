"""Every address the product answers: of its pages, and of its API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_CONVERTER = re.compile(r"<\w+:")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """A page's route, as "contacts/<reference>"."""

    route: str

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"<(\w+)>", self.route)

    def filled(self, values: dict[str, Any]) -> str:
        # A conversation's reference names a contact; elsewhere a reference names a case.
        if self.route.startswith("chat/"):
            values = {**values, "reference": values["contact_reference"]}
        return "/" + re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), self.route)


def pages() -> list[Address]:
    """What Django's resolver knows, but for the door of the API, whose operations are in the API's own schema."""
    routes = sorted(set(_routes(get_resolver().url_patterns, "")))
    assert any("api/v1" in route for route in routes)
    return [Address(route) for route in routes if "api/v1" not in route]


def _routes(patterns: list[Any], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + _CONVERTER.sub("<", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route
