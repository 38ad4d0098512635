"""What is pressed at the link of a notice: it was not me, or it was me (SR-32, DOMAIN 8).

Whoever holds the link presses: that is its point, because the member may have nothing else left. So "not me" only
protects: it freezes, takes back and calls a person; it ends no right of anybody's for good, and what it took back a
person can put in its place again. "Me" counts from a phone or an address that we had before, and from no mailbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.cards.commands import freeze_card
from cardline.cards.queries import cards_of
from cardline.cases.commands import open_case, set_attention
from cardline.contactdata.changes.commands import finish
from cardline.contactdata.changes.filing import DISPUTED, TAKEN_BACK, enter, settle
from cardline.contactdata.changes.writing import take_back
from cardline.contactdata.decisions.writing import be_sure
from cardline.contactdata.notices.rules import counts_as_me
from cardline.contactdata.people import system_for
from cardline.contactdata.tokens import NOT_ME, number_in
from cardline.contactdata.words import CHECK_WITH_YOU, in_their_language
from cardline.contactdata.words import NOT_ME as NOT_ME_CASE
from cardline.identity.commands import end_all_sessions
from cardline.issuer.core import CoreError
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import Limit
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere, Refusal
from cardline.kit.secret import Secret
from cardline.members.contactdata.rules import NOT_ME_LASTS
from cardline.members.models import ChangeNotice, ContactChange, Member
from cardline.notify.outgoing import tell
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise

NOT_ME_LOOKS = Limit("not_me_looks", 60, 600)
NEED = "lost_stolen.account_not_mine"  # its queue is the urgent one

Answer, State, Why = ChangeNotice.Answer, ContactChange.State, ContactChange.Why


class NotFromThere(Refusal):
    code = "not_from_there"
    sentence = _("That can’t be said from this message. Sign in, or call us, and say it there.")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a link is about, as far as its page may say. can_say_me: "this was me" counts from there."""

    kind: str
    is_done: bool
    is_over: bool
    can_say_me: bool
    answer: str


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
    )


@command("contact_data.not_me", by=[Kind.SYSTEM], about="contact_data")
def was_not_me(*, by: Standing, now: datetime, token: Secret) -> bool:
    """Somebody with the link says that the member did not want this change.

    Their cards are frozen, the change and every later one is taken back, they are signed out everywhere, and an urgent
    case says what a person will do by when. Pressed again, by this link or another one of the change, it is the same
    case. False: it was pressed before. Raises NotThere.
    """
    notice = _notice(token.reveal(), now)
    if notice is None:
        raise NotThere()
    change = notice.change
    _answer(notice, Answer.NOT_ME, now)
    if change.state not in (State.WAITING, State.DONE):
        return False
    frozen = _freeze_all(change.member_id, now)
    taken_back = [one for one in _since(change) if take_back(one, now)]
    if not taken_back:
        return False
    end_all_sessions(by=SYSTEM, now=now, member_id=change.member_id)
    case_id = _call_a_person(change, now, frozen=frozen, taken_back=len(taken_back))
    for one in taken_back:
        if one.case:
            settle(one, TAKEN_BACK, "Taken back: somebody said it was not the member", now)
        ContactChange.objects.filter(pk=one.pk).update(case=case_id)
    tell(change.member_id, "news", {"link": "/contacts"}, now=now, urgent=True)
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


def _since(change: ContactChange) -> list[ContactChange]:
    """This change and what came after it that nobody was sure of, the newest first: so each finds what it made."""
    later = ContactChange.objects.filter(
        member=change.member_id, state__in=(State.WAITING, State.DONE), asked_at__gte=change.asked_at
    )
    return [
        one for one in later.order_by("-asked_at", "-pk") if one.pk == change.pk or one.validated_at is None
    ]


def _freeze_all(member_id: int, now: datetime) -> int:
    """Every card of theirs that can be. While the core tells no cards, the person who is called freezes them."""
    actor = system_for(member_id)
    try:
        cards = [card for card in cards_of(actor, member_id) if card.mine and card.can_freeze]
    except CoreError:
        return 0
    return sum(_freeze(actor, card.token, now) for card in cards)


def _freeze(actor: Actor, card: str, now: datetime) -> bool:
    try:
        return bool(freeze_card(by=actor, now=now, card=card)["case_id"])
    except Refusal:  # the core said no, or nothing: the rest must happen all the same (SR-39)
        return False


def _call_a_person(change: ContactChange, now: datetime, *, frozen: int, taken_back: int) -> int:
    member = Member.objects.get(pk=change.member_id)
    actor = system_for(member.pk)
    opened = open_case(by=actor, now=now, need=NEED, subject=in_their_language(NOT_ME_CASE, member))
    case_id = int(opened["case_id"])
    enter(DISPUTED, change, case_id, frozen=frozen, taken_back=taken_back)
    profile = current_profile()
    made = make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=in_their_language(CHECK_WITH_YOU, member),
        due_at=profile.answer_by(profile.need_family(NEED).queue, now),
        due_zone=profile.time_zone,
        source=Promise.Source.FLOW,
        rule="contact_data.not_me",
    )
    ContactChange.objects.filter(pk=change.pk).update(promise=made["promise_id"])
    set_attention(case_id, now, now)
    return case_id
