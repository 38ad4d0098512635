"""Reading what a caller sends: bodies that are JSON and nothing else, fields that are what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from cardline.api.problems import FieldProblem, NotJson, TooLarge, Unreadable
from cardline.kit.safe_text import one_line

LARGEST_BODY = 64 << 10
BIGGEST_ID = 2**63 - 1
BIGGEST_NUMBER = 2**31 - 1

_DIGITS = re.compile(r"[0-9]{1,19}")
# RFC 3339 with a zone. Without this the validator would take a number for seconds since 1970.
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


class Input(BaseModel):
    """A body. Fields we do not know are refused, and nothing is guessed: "5" is no number (SR-23)."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("write a whole number in digits")
    return value


def _instant(value: Any) -> Any:
    if not (isinstance(value, str) and _INSTANT.fullmatch(value)):
        raise ValueError("write a time with its zone, as 2026-11-23T17:00:00Z (RFC 3339)")
    return datetime.fromisoformat(value.upper())


RowId = Annotated[int, Field(ge=1, le=BIGGEST_ID), BeforeValidator(_digits)]
EntryNumber = Annotated[int, Field(ge=0, le=BIGGEST_NUMBER), BeforeValidator(_digits)]
PageSize = Annotated[int, Field(ge=1, le=200), BeforeValidator(_digits)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]


class JsonParser(Parser):
    """Called after the key was checked. What it raises is answered with 400 (BadJson)."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_constant=_refuse, object_pairs_hook=_object)


def refuse_unfit_body(request: HttpRequest) -> None:
    """Raises TooLarge or NotJson before anything of the body is read as a value."""
    if request.method not in ("POST", "PUT", "PATCH"):
        return
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise TooLarge() from error
    if len(body) > LARGEST_BODY:
        raise TooLarge()
    if request.content_type != "application/json":
        raise NotJson()


def refuse_unknown_query(request: HttpRequest, known: Iterable[str]) -> None:
    """A misspelt filter must not look like one that found everything."""
    unknown = sorted(set(request.GET) - set(known))
    if unknown:
        raise Unreadable(
            [
                FieldProblem(place="query", field=one_line(name)[:80], detail="this address does not know it")
                for name in unknown[:20]
            ]
        )


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two fields with one name, who could say which was meant?"""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is there twice")
    return found
