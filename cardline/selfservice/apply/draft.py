"""What somebody has typed so far, kept in their own browser and nowhere else until it is sent.

A cookie that only we can write and no script can read, for half an hour: so each question has an address of its own,
the browser's "back" works without script, and a name that was never sent is in no table of ours.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from cardline.kit.actors import Actor

COOKIE = f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}cardline_application"
SALT = "cardline.application"
KEPT_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class Draft:
    """who: a member's key, or "guest"; nobody else is shown it. seed: of the wish this becomes. born: as an ISO day,
    "" for not yet. sent, ref: the references of the application and of its case once it was sent; the names are gone
    then.
    """

    who: str
    seed: str
    given_name: str = ""
    family_name: str = ""
    born: str = ""
    sent: str = ""
    ref: str = ""

    @property
    def has_name(self) -> bool:
        return bool(self.family_name)

    @property
    def day_of_birth(self) -> date | None:
        return date.fromisoformat(self.born) if self.born else None

    def wish(self, product: str) -> str:
        """The same for the same answers, another one as soon as one of them changes."""
        said = repr((self.seed, product, self.given_name, self.family_name, self.born))
        return hashlib.sha256(said.encode()).hexdigest()[:40]

    def after_sending(self, application: str, ref: str) -> Draft:
        """What the receipt needs. The seed is another one, so that what is typed next is another wish."""
        return replace(_empty(self.who), born=self.born, sent=application, ref=ref)

    def without_receipt(self) -> Draft:
        return replace(self, sent="", ref="", born="") if self.sent else self


def draft_of(request: HttpRequest) -> Draft:
    """The reader's own; an empty one where there is none, it is too old, or somebody else typed it."""
    who = _who(request.actor)  # type: ignore[attr-defined]
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS)
        draft = Draft(**kept)
    except (signing.BadSignature, TypeError):  # forged, too old, or written by an earlier release
        return _empty(who)
    return draft if draft.who == who else _empty(who)


def keep(response: HttpResponse, draft: Draft) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        signing.dumps(asdict(draft), salt=SALT, compress=True),
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _empty(who: str) -> Draft:
    return Draft(who=who, seed=secrets.token_hex(12))


def _who(actor: Actor) -> str:
    return actor.key if actor.member_id else "guest"
