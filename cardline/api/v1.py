"""Version 1: the routers, and what becomes of everything they refuse. Imported at the first call, not at start."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

from cardline.api import cases, contacts, fraud_alerts, plans, promises
from cardline.api.problems import BadJson, FieldProblem, NoKey, Unreadable, field_problems, problem
from cardline.api.reading import JsonParser
from cardline.kit.pagination import BadCursor
from cardline.kit.refusals import Refusal


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Api(
    title="Cardline",
    version="1",
    description="Customer service of a card issuer, for the issuer's own systems.",
    docs_url=None,
    openapi_url=None,
    parser=JsonParser(),
)
for part in (plans, contacts, cases, promises, fraud_alerts):
    api.add_router("", part.router)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(request, refusal)


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, NoKey())


@api.exception_handler(HttpError)
def _bad_json(request: HttpRequest, error: Any) -> HttpResponse:
    """The one other thing the library itself refuses: a body its parser could not read."""
    return problem(request, BadJson())


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, Unreadable(field_problems(error.errors)))


@api.exception_handler(BadCursor)
def _bad_cursor(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, Unreadable([FieldProblem(place="query", field="cursor", detail=str(error))]))
