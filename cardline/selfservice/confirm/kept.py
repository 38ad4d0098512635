"""The form that waits until its sender is known surely enough: sealed in their session, for ten minutes at most.

What was typed may hold the number of a bank account, which is to stand in no table of ours. So it is encrypted under
the installation's key, and the session has only that.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.selfservice.confirm.approvals import Approval
from cardline.ui.shapes import Fact

WHERE = "confirm"
WAITS = timedelta(minutes=10)
LONGEST = 16 << 10  # characters of a form; what is longer is refused as before


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent and not carried out.

    path: where it went; page: where it stood; body: all of it but its token. action: what the code is bound to.
    title, facts, said, word: what is approved (approvals.py). until: machine time, ISO. sent_to: the phone a code went
    to, 0 for none yet. is_confirmed: it may be sent again.
    """

    id: str
    actor: str
    path: str
    page: str
    body: str
    action: str
    title: str
    facts: tuple[tuple[str, str], ...]
    said: str
    word: str
    until: str
    sent_to: int = 0
    is_confirmed: bool = False

    @property
    def shown(self) -> tuple[Fact, ...]:
        return tuple(Fact(name, value) for name, value in self.facts)

    @property
    def form(self) -> QueryDict:
        return QueryDict(self.body)


def keep_form(request: HttpRequest, actor: Actor, page: str, action: str, approval: Approval) -> bool:
    """Keep the form of this request. One waits at a time. False: with files, or too long."""
    form = request.POST.copy()
    form.pop("csrfmiddlewaretoken", None)
    body = form.urlencode()
    if request.FILES or len(body) > LONGEST:
        return False
    kept = Kept(
        id=secrets.token_hex(8),
        actor=_whose(actor),
        path=request.get_full_path(),
        page=page,
        body=body,
        action=action,
        title=approval.title,
        facts=tuple((fact.name, fact.value) for fact in approval.facts),
        said=approval.said,
        word=approval.word,
        until=(clock.machine_now() + WAITS).isoformat(),
    )
    _put(request, kept)
    return True


def kept_form(request: HttpRequest, actor: Actor) -> Kept | None:
    """The form that waits in this session; None when there is none, it waited too long or is somebody else's."""
    sealed = request.session.get(WHERE)
    if not sealed:
        return None
    try:
        fields = json.loads(_seal().decrypt(sealed.encode()))
    except InvalidToken:  # sealed under a key this installation no longer has
        return None
    kept = Kept(**{**fields, "facts": tuple(tuple(fact) for fact in fields["facts"])})
    is_late = clock.machine_now() >= datetime.fromisoformat(kept.until)
    return None if is_late or kept.actor != _whose(actor) else kept


def _whose(actor: Actor) -> str:
    """Whoever sits there, and for whom: what waited for one member is not sent on for another."""
    return f"{actor.key} {actor.acting}"


def note_sent(request: HttpRequest, kept: Kept, point_id: int) -> None:
    _put(request, replace(kept, sent_to=point_id))


def note_confirmed(request: HttpRequest, kept: Kept) -> None:
    _put(request, replace(kept, is_confirmed=True))


def drop_form(request: HttpRequest) -> None:
    request.session.pop(WHERE, None)


def _put(request: HttpRequest, kept: Kept) -> None:
    request.session[WHERE] = _seal().encrypt(json.dumps(asdict(kept)).encode()).decode()


def _seal() -> Fernet:
    key = salted_hmac("cardline.confirm", "a form that waits", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
