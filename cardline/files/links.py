"""Links that hand a file out: for one file, one signed-in person, one minute (SR-56).

The place files come from knows no cookie, so the link itself says for whom it was made: their account and the hash of
their session. Both are looked up again when it is followed: signing out, or losing a team, ends it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.core import signing

from cardline.files.models import StoredFile
from cardline.files.refusals import NoFilesOrigin
from cardline.identity.queries import signed_in_actor
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible

LASTS_SECONDS = 60
_SALT = "cardline.files.link"
PATH = "/f/"

Wish = Literal["save", "look"]  # the file as it was given; the picture drawn anew


@dataclass(frozen=True, slots=True)
class Asked:
    file: StoredFile
    wish: Wish


def link_to(token: str, wish: Wish, user_id: int, session: str, acting: str = "") -> str:
    """session: the hash of the session's key. acting: for whom, as `Actor.acting` says it. Raises NoFilesOrigin."""
    if not settings.CARDLINE_FILES_ORIGIN:
        raise NoFilesOrigin()
    said = signing.dumps([token, wish, user_id, session, acting], salt=_SALT)
    return f"{settings.CARDLINE_FILES_ORIGIN}{PATH}{said}"


def follow(said: str) -> Asked | None:
    """What a link asks for; None for one that is old, made up, or whose person may not see the file (any more)."""
    actor_and_wish = _read(said)
    if actor_and_wish is None:
        return None
    actor, token, wish = actor_and_wish
    file = visible(StoredFile, actor).filter(token=token, state=StoredFile.State.CLEAN).first()
    return Asked(file, wish) if file else None


def _read(said: str) -> tuple[Actor, str, Wish] | None:
    try:
        values: Any = signing.loads(said, salt=_SALT, max_age=LASTS_SECONDS)
        token, wish, user_id, session, acting = values
    except (signing.BadSignature, ValueError):
        return None
    actor = signed_in_actor(user_id, session, acting)
    return (actor, token, "look" if wish == "look" else "save") if actor else None
