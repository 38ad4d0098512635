"""The way in to /api/v1. Light at start: the routes behind it, and what they need, are loaded at the first call."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, URLResolver
from django.urls.resolvers import RoutePattern
from django.views.decorators.csrf import csrf_exempt

from cardline.kit.refusals import NotThere, Refusal, Unavailable

log = logging.getLogger("cardline.api")

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@csrf_exempt  # a key in a header is no ambient right: no other site can make a browser send it
def door(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer a call, whatever happens to it, in the API's own shapes."""
    from cardline.api.problems import Broken, problem

    try:
        if rest == "openapi.json":
            return _schema(request)
        return _answer(request, rest)
    except Refusal as refusal:
        return problem(request, refusal)
    except (OperationalError, InterfaceError):
        log.exception("database.unreachable")
        return problem(request, Unavailable())
    except Exception:
        log.exception("api.broke")
        return problem(request, Broken())


def _answer(request: HttpRequest, rest: str) -> HttpResponse:
    from cardline.api.problems import NoSuchMethod

    match = _match(rest)
    methods = _operations_at(match.route)
    operation = methods.get((request.method or "").lower())
    if operation is None:
        raise NoSuchMethod([method.upper() for method in methods])
    # The key's check reads this: unknown fields are told to those who may call at all.
    request.known_query = [p["name"] for p in operation["parameters"] if p["in"] == "query"]  # type: ignore[attr-defined]
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer


def _schema(request: HttpRequest) -> HttpResponse:
    from cardline.api.openapi import schema
    from cardline.api.problems import NoSuchMethod

    if request.method != "GET":
        raise NoSuchMethod(["GET"])
    return JsonResponse(schema())


def _match(rest: str) -> ResolverMatch:
    try:
        return _resolver().resolve(rest)
    except Resolver404 as error:
        raise NotThere() from error


@cache
def _resolver() -> URLResolver:
    from cardline.api.v1 import api

    # The last pattern is the library's own root page, which we have no use for.
    return URLResolver(RoutePattern(""), api.urls[0][:-1])


def _operations_at(route: str) -> dict[str, Any]:
    from cardline.api.openapi import PREFIX, schema

    found: dict[str, Any] = schema()["paths"][PREFIX + _PARAMETER.sub(r"{\1}", route)]
    return found
