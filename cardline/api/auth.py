"""Who calls: a key of one of the issuer's systems, which may speak for one member."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from cardline.api.commands import mark_used
from cardline.api.models import ApiKey
from cardline.api.problems import FieldProblem, ForTheIssuerOnly, MissingScope, NoKey, Unreadable
from cardline.api.queries import key_of
from cardline.api.reading import refuse_unfit_body, refuse_unknown_query
from cardline.kit import clock, limits
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.refusals import NotThere
from cardline.members.queries import member_by_number

ON_BEHALF_OF = "Cardline-On-Behalf-Of"
_MEMBER_NUMBER = re.compile(r"[!-~]{1,32}")
# Ours begin so and are 52 long; a longer thing is not worth a hash.
_LONGEST_KEY = 100


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor of a call. `number`: the member spoken for, as the issuer's core knows them; "" for none."""

    actor: Actor
    number: str = ""

    def once(self, key: str) -> str:
        """The idempotency key of a call, apart for each member it speaks for: what was answered for one member is
        never the answer for another.
        """
        return sha256(f"{self.actor.on_behalf_of}\n{key}".encode()).hexdigest()


class Bearer(HttpBearer):
    """Authorization: Bearer KEY, with the scopes an operation needs.

    member: "required" where something is said or begun in a member's name, "refused" where it is the issuer's alone.
    """

    openapi_description = "A key made by `cardline api-key create`."

    def __init__(self, *scopes: str, member: str = "allowed") -> None:
        self.scopes, self.member = scopes, member
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        key = key_of(token) if len(token) <= _LONGEST_KEY else None
        if key is None:
            # By address alone: counted with everybody's, wrong keys could shut out the right ones.
            limits.count(limits.API_CALLS, f"address:{request.META.get('REMOTE_ADDR', '')}")
            raise NoKey()
        limits.count(limits.API_CALLS, f"{Kind.API}:{key.pk}")
        limits.count(limits.API_CALLS_IN_ALL, "all")
        if not set(self.scopes) <= set(key.scopes):
            raise MissingScope(self.scopes)
        caller = self._caller(request, key)
        request.caller = caller  # type: ignore[attr-defined]
        refuse_unknown_query(request, getattr(request, "known_query", ()))
        refuse_unfit_body(request)
        if key.last_used_on != clock.machine_now().date():
            mark_used(by=SYSTEM, now=clock.now(), key_id=key.pk)
        return caller.actor

    def _caller(self, request: HttpRequest, key: ApiKey) -> Caller:
        number = request.headers.get(ON_BEHALF_OF)
        if number is None:
            if self.member == "required":
                raise _header("name the member this is for")
            return Caller(_actor(key))
        if self.member == "refused":
            raise ForTheIssuerOnly()
        if not _MEMBER_NUMBER.fullmatch(number):
            raise _header("a member's number in the card core has 1 to 32 visible characters")
        member = member_by_number(number)
        if member is None:
            raise NotThere()
        return Caller(_actor(key, name=member.name, on_behalf_of=member.pk), number)


def caller_of(request: HttpRequest) -> Caller:
    """Who calls, once Bearer has let them in."""
    caller: Caller = request.caller  # type: ignore[attr-defined]
    return caller


def _actor(key: ApiKey, **spoken_for: Any) -> Actor:
    named = {"name": key.name, **spoken_for}
    return Actor(Kind.API, str(key.pk), scopes=frozenset(key.scopes), **named)


def _header(detail: str) -> Unreadable:
    return Unreadable([FieldProblem(place="header", field=ON_BEHALF_OF, detail=detail)])
