"""What is pressed at the link of a notice: it was not me, or it was me (SR-32, DOMAIN 8).

Whoever holds the link presses: that is its point, because the member may have nothing else left. So "not me" only
protects: it freezes, takes back and calls a person; it ends no right of anybody's for good, and what it took back a
person can put in its place again. "Me" counts from a phone or an address that we had before, and from no mailbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.contactdata.changes.commands import finish
from cardline.contactdata.decisions.writing import be_sure
from cardline.contactdata.notices.rules import counts_as_me
from cardline.contactdata.protecting.calling import protect, take_back_all, unsure_since
from cardline.contactdata.protecting.freezing import cards_wait_in
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere, Refusal
from cardline.kit.secret import Secret
from cardline.members.contactdata.rules import NOT_ME_LASTS
from cardline.members.contactdata.tokens import NOT_ME, number_in
from cardline.members.models import ChangeNotice, ContactChange

NOT_ME_LOOKS = Limit("not_me_looks", 60, 600)

Answer, State, Why = ChangeNotice.Answer, ContactChange.State, ContactChange.Why


class NotFromThere(Refusal):
    code = "not_from_there"
    sentence = _("That can’t be said from this message. Sign in, or call us, and say it there.")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a link is about, as far as its page may say. can_say_me: "this was me" counts from there. cards_wait: they
    are not frozen yet, the core being silent.
    """

    kind: str
    is_done: bool
    is_over: bool
    can_say_me: bool
    answer: str
    cards_wait: bool


def notice_behind(token: str, now: datetime) -> Pressed | None:
    """None for a link that we did not make, that is too old, or whose change is none any more: all alike (SR-34)."""
    notice = _notice(token, now)
    if notice is None:
        return None
    change = notice.change
    return Pressed(
        kind=change.kind,
        is_done=change.state == State.DONE,
        is_over=change.state not in (State.WAITING, State.DONE),
        can_say_me=counts_as_me(notice.channel, to_old=notice.to_old) and change.validated_at is None,
        answer=notice.answer,
        cards_wait=change.state == State.TAKEN_BACK and cards_wait_in(change.case),
    )


@command("contact_data.not_me", by=[Kind.SYSTEM], about="contact_data")
def was_not_me(*, by: Standing, now: datetime, token: Secret) -> bool:
    """Somebody with the link says that the member did not want this change.

    Their cards are frozen, the change and every later one is taken back, ways to sign in that came since then are gone,
    they are signed out everywhere, and an urgent case says what a person will do by when. Pressed again, by this link
    or another one of the change, it is the same case. False: it was pressed before. Raises NotThere.
    """
    notice = _notice(token.reveal(), now)
    if notice is None:
        raise NotThere()
    change = notice.change
    _answer(notice, Answer.NOT_ME, now)
    if change.state not in (State.WAITING, State.DONE):
        return False
    later = unsure_since(change.member_id, change.asked_at)
    taken_back = take_back_all(later if change.validated_at is None else [*later, change], now)
    if not taken_back:
        return False
    about = {"change": change.pk, "about": change.kind, "what": change.what}
    called = protect(change.member_id, change.asked_at, taken_back, about, now)
    ContactChange.objects.filter(pk=change.pk).update(promise=called["promise"])
    return True


@command("contact_data.me", by=[Kind.SYSTEM], about="contact_data")
def was_me(*, by: Standing, now: datetime, token: Secret) -> bool:
    """Somebody at a phone or an address that we had before says that the member wanted it: then we are sure.

    What waited for that goes on, a held card with it. False: it was said before. Raises NotThere, NotFromThere,
    CoreSilent.
    """
    notice = _notice(token.reveal(), now)
    if notice is None or notice.change.state not in (State.WAITING, State.DONE):
        raise NotThere()
    if not counts_as_me(notice.channel, to_old=notice.to_old):
        raise NotFromThere()
    _answer(notice, Answer.ME, now)
    change = notice.change
    if change.state == State.WAITING and change.why_waits not in (Why.DELAY, Why.CARD):
        return True  # a person decides it, and sees the answer
    if change.state == State.WAITING and not finish(change, now):
        return False
    return be_sure(change, f"notice:{notice.pk}", clean(_HOW[notice.channel]), now)


_HOW = {"text": "Answered from a phone we had before", "letter": "Answered from the address we had before"}


def _notice(token: str, now: datetime) -> ChangeNotice | None:
    number = number_in(NOT_ME, token)
    if number is None:
        return None
    fresh = ChangeNotice.objects.filter(pk=number, sent_at__gt=now - NOT_ME_LASTS)
    return fresh.select_related("change").first()


def _answer(notice: ChangeNotice, answer: str, now: datetime) -> None:
    ChangeNotice.objects.filter(pk=notice.pk, answer="").update(answer=answer, answered_at=now)
