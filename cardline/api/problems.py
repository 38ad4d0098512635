"""Every "no" of the API in one shape: problem details, RFC 9457, as application/problem+json.

`code` is the constant word for machines, `detail` the sentence for people, `request_id` what to quote to us. Nothing
of our insides is in it (SR-49).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from cardline.kit.refusals import Malformed, NotPermitted, Refusal
from cardline.kit.safe_text import one_line

MEDIA_TYPE = "application/problem+json"
REALM = 'Bearer realm="cardline"'
_LONGEST_FIELD = 80


class FieldProblem(BaseModel):
    """One input that could not be taken. It names the input and never repeats what was in it."""

    model_config = ConfigDict(extra="forbid")

    place: Literal["body", "query", "path", "header"]
    field: str
    detail: str


class Problem(BaseModel):
    """An answer that is not what was asked for."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldProblem] = []


class NoKey(Refusal):
    status = 401
    code = "no_key"
    sentence = _("Send a valid key: Authorization: Bearer KEY. `cardline api-key create` makes one.")


class MissingScope(NotPermitted):
    code = "missing_scope"
    sentence = _("This key has not all scopes this needs. Make one that has.")

    def __init__(self, needed: tuple[str, ...]) -> None:
        super().__init__()
        self.needed = needed


class ForTheIssuerOnly(NotPermitted):
    code = "for_the_issuer_only"
    sentence = _("This is the issuer's own to do, for no member. Leave out Cardline-On-Behalf-Of.")


class NoSuchMethod(Refusal):
    """allowed: the methods this address has."""

    status = 405
    code = "method_not_allowed"
    sentence = _("This address does not take that method. The Allow header has those it takes.")

    def __init__(self, allowed: list[str]) -> None:
        super().__init__()
        self.allowed = allowed


class BadJson(Refusal):
    status = 400
    code = "bad_json"
    sentence = _("The body can't be read as JSON (RFC 8259).")


class TooLarge(Refusal):
    status = 413
    code = "too_large"
    sentence = _("A request can have 64 KiB. Send less at once.")


class NotJson(Refusal):
    status = 415
    code = "not_json"
    sentence = _("Send the body as application/json.")


class Broken(Refusal):
    status = 500
    code = "broken"
    sentence = _("Something broke on our side. Quote the request id when you tell us.")


class Unreadable(Malformed):
    """Several inputs at once that cannot be taken."""

    def __init__(self, errors: list[FieldProblem]) -> None:
        super().__init__()
        self.errors = errors


def problem(request: HttpRequest, refusal: Refusal) -> JsonResponse:
    """The answer to a refusal, with the headers its status calls for."""
    answer = JsonResponse(_body(request, refusal), status=refusal.status, content_type=MEDIA_TYPE)
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, NoKey):
        answer.headers["WWW-Authenticate"] = REALM
    if isinstance(refusal, MissingScope):
        answer.headers["WWW-Authenticate"] = (
            f'{REALM}, error="insufficient_scope", scope="{" ".join(refusal.needed)}"'
        )
    if isinstance(refusal, NoSuchMethod):
        answer.headers["Allow"] = ", ".join(refusal.allowed)
    return answer


def _body(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    return Problem(
        type="about:blank",
        title=HTTPStatus(refusal.status).phrase,
        status=refusal.status,
        detail=str(refusal),
        code=refusal.code,
        request_id=getattr(request, "id", ""),
        errors=_errors(refusal),
    ).model_dump()


def _errors(refusal: Refusal) -> list[FieldProblem]:
    if isinstance(refusal, Unreadable):
        return refusal.errors
    if isinstance(refusal, Malformed) and refusal.field:
        return [FieldProblem(place="body", field=refusal.field, detail=str(refusal))]
    return []


def field_problems(errors: list[dict[str, Any]]) -> list[FieldProblem]:
    """What the validator found, without what was sent. A name the caller made up is shown short and on one line."""
    return [
        FieldProblem(place=_place(error), field=_field(error), detail=_sentence(error)) for error in errors
    ]


def _place(error: dict[str, Any]) -> Any:
    place = error["loc"][0]
    return place if place in ("query", "path", "header") else "body"


def _field(error: dict[str, Any]) -> str:
    # The second part is the name of a parameter of ours where the body is concerned: nothing the caller knows.
    parts = error["loc"][2:] if _place(error) == "body" else error["loc"][1:]
    return one_line(".".join(str(part) for part in parts))[:_LONGEST_FIELD]


def _sentence(error: dict[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")
