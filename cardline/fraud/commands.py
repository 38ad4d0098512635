"""A charge is suspected, its member is asked, and answers: it was theirs, or it was not.

Purchases with the card stay declined until somebody answers. Yes lets them go on; no freezes the card and begins the
report; silence leaves both as they are and a promise that a person calls.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from cardline.cards.commands import REFUSALS, CardClosed, for_whom
from cardline.cards.models import Report
from cardline.cards.reports.commands import report_of
from cardline.cards.writing import called, close_what_is_done
from cardline.cases.commands import begin_case, reopen_case, set_attention
from cardline.fraud.asking import ask_next
from cardline.fraud.models import FraudAlert
from cardline.fraud.promising import keep, promise_a_report
from cardline.fraud.queries import open_alerts_of
from cardline.fraud.rules import Effect, effect_of
from cardline.fraud.visibility import source_of
from cardline.fraud.writing import CONFIRMED, DENIED, NEED, STOPPED, SUSPECTED, enter, facts_of
from cardline.issuer.asking import CoreSilent, ask
from cardline.issuer.core import Card, CardState, Part, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import CARD_CHANGES, count
from cardline.kit.redact import Clean
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Member

State = FraudAlert.State
ANSWERERS = (Kind.MEMBER, Kind.AGENT, Kind.SYSTEM)
IDENTIFIED = 1  # whoever answers by text: their phone, and nothing more


@command("fraud.raise", by=[Kind.API, Kind.SYSTEM], about="card:{card}", scope="fraud_alerts:write")
def raise_alert(
    *,
    by: Standing,
    now: datetime,
    outside: str,
    customer: str,
    card: str,
    merchant: Clean,
    place: Clean,
    amount_minor: int,
    currency: str,
    charged_at: datetime,
) -> dict[str, Any]:
    """Somebody who watches charges thinks this one is not the member's. outside: their reference, up to 80 characters.
    customer, card: as the core knows them. charged_at: when it was tried.

    The card is blocked where our core can do that, a case begins and whoever the card is made out to is asked. Told
    again it is the same alert. Returns {"alert", "state", "case_id", "ref", "changed"}. Raises NotThere (customer or
    card, alike), CardClosed, CoreSilent.
    """
    source = source_of(by.actor)
    if known := FraudAlert.objects.filter(source=source, outside=outside).select_related("case").first():
        return _told(known, changed=False)
    found = ask(partial(current_core().card, customer, card))
    if found.state == CardState.CLOSED:
        raise CardClosed()
    blocked = _block(found, outside, now)
    member = _whom_to_ask(found, customer)
    try:
        with transaction.atomic():
            opened = begin_case(
                by, now, need=NEED, subject=called(STOPPED, member, found.last4), member_id=member.pk
            )
            alert = FraudAlert.objects.create(
                token=secrets.token_hex(12), source=source, outside=outside, member=member,
                case_id=opened["case_id"], card=card, last4=found.last4, merchant=merchant[:80], place=place[:80],
                amount_minor=amount_minor, currency=currency, charged_at=charged_at, blocked=blocked, raised_at=now,
            )  # fmt: skip
    except IntegrityError:  # told twice at the same moment
        return _told(FraudAlert.objects.get(source=source, outside=outside), changed=False)
    set_attention(alert.case_id, None, now)
    enter(alert, SUSPECTED, **facts_of(alert))
    ask_next(alert, now)
    alert.refresh_from_db()
    return _told(alert, changed=True)


@command("fraud.confirm", by=ANSWERERS, level="lost_stolen:unfreeze", about="fraud_alert:{alert}")
def confirm_charge(
    *, by: Standing, now: datetime, alert: str, way: str = "page", contact_id: int | None = None
) -> dict[str, Any]:
    """It was theirs: purchases go on, unless another charge of the card still waits for an answer.

    After a no it lifts the block, never the freeze: that they undo by themselves. By text (way) it does not even that.
    Said again it is the same. Returns {"alert", "card", "last4", "effect", "blocked", "frozen", "closed", "more",
    "case_id", "ref"}: how the card is now, and how many charges of theirs still wait. Raises NotThere, TooMany,
    CoreSilent.
    """
    row, effect, before = _settled(by, now, alert, contact_id, way, mine=True)
    if effect != Effect.LIFT:
        return _answered(row, effect, _card_now(row))
    count(CARD_CHANGES, f"member:{row.member_id}")
    card = ask(partial(current_core().card, row.member.core_customer, row.card))
    if _may_lift(row, card):
        lift = partial(current_core().lift_block, row.card, at=now, key=f"lift:{row.token}:{before}")
        card = ask(lift, REFUSALS)
    enter(row, CONFIRMED, contact_id, way=way, blocked=card.blocked_at is not None, **facts_of(row))
    keep(row, now)
    close_what_is_done(row.case_id, now)
    return _answered(row, effect, card)


@command("fraud.deny", by=ANSWERERS, level="lost_stolen:freeze", about="fraud_alert:{alert}")
def deny_charge(
    *, by: Standing, now: datetime, alert: str, way: str = "page", contact_id: int | None = None
) -> dict[str, Any]:
    """It was not theirs: the card is frozen, and the report of a card somebody else uses begins.

    It counts whenever it comes, after a yes too. Said again it is the same. Returns what `confirm_charge` returns.
    Raises NotThere, TooMany, CoreSilent.
    """
    row, effect, before = _settled(by, now, alert, contact_id, way, mine=False)
    if effect != Effect.FREEZE:
        return _answered(row, effect, _card_now(row))
    keep(row, now)
    reopen_case(by=by, now=now, case_id=row.case_id)
    enter(row, DENIED, contact_id, way=way, after_yes=before == State.YES, **facts_of(row))
    return {**_answered(row, effect, None), **_begin_report(by, row, now, contact_id)}


@command("fraud.step", by=[Kind.SYSTEM], about="fraud_alert:{alert_id}")
def step_alert(*, by: Standing, now: datetime, alert_id: int) -> bool:
    """Nobody answered where we asked: the next way, or silence after the last. False: answered or stepped meanwhile."""
    due = FraudAlert.objects.filter(pk=alert_id, state=State.ASKED, next_step_at__lte=now)
    row = due.select_related("member", "case").first()
    if row is None or not due.update(next_step_at=None):
        return False
    ask_next(row, now)
    return True


# ------------------------------------------------------------------------------------------------ inside a command


def _begin_report(by: Standing, row: FraudAlert, now: datetime, contact_id: int | None) -> dict[str, bool]:
    """Their card is used by somebody else: the report of it begins with the freeze, and a person goes on from there.

    The one place that begins it. It waits for no core: a freeze that is not confirmed is asked until it is (SR-77).
    A text proves a phone and no more, so that whoever sent it is reached before the number is closed for good.
    Returns how the card is: {"frozen", "closed"}.
    """
    how = {"frozen": False, "closed": False}
    source = Report.Source.AGENT if by.actor.is_staff else Report.Source.MEMBER
    try:
        with transaction.atomic():
            frozen = report_of(
                by,
                now,
                row.member,
                row.card,
                source=source,
                level=IDENTIFIED if by.actor.kind == Kind.SYSTEM else by.level,
                case_id=row.case_id,
                first_word_at=now,
            )
        how["frozen"] = frozen["frozen_at"] is not None
    except (CardClosed, NotThere):
        how["closed"] = True  # meanwhile: nobody can use it
    promise_a_report(row, now)
    set_attention(row.case_id, now, now)
    return how


def _block(card: Card, outside: str, now: datetime) -> bool:
    """False where our core has no such thing: whoever told us has stopped it themselves, and reads the answer here."""
    core = current_core()
    if Part.BLOCKS not in core.offers:
        return False
    block = partial(core.block, card.token, at=now, key=f"block:{card.token}:{outside}"[:120])
    return ask(block, REFUSALS).blocked_at is not None


def _may_lift(row: FraudAlert, card: Card) -> bool:
    """Not while another charge of the card waits for an answer, or was somebody else's."""
    others = FraudAlert.objects.filter(card=row.card, state__in=(*FraudAlert.OPEN, State.NO))
    if others.exclude(pk=row.pk).exists() or card.state == CardState.CLOSED:
        return False
    return Part.BLOCKS in current_core().offers


def _whom_to_ask(card: Card, customer: str) -> Member:
    """Whoever the card is made out to, where we know them; else whose account it is. Raises NotThere."""
    known = Member.objects.filter(core_customer__in=(card.customer, customer))
    found = {member.core_customer: member for member in known}
    member = found.get(card.customer) or found.get(customer)
    if member is None:
        raise NotThere()
    return member


def _seen(by: Standing, alert: str, contact_id: int | None) -> FraudAlert:
    """Through a colleague only in a conversation with that member."""
    row = visible(FraudAlert, by.actor).select_related("member", "case").filter(token=alert).first()
    if row is None:
        raise NotThere()
    if by.actor.is_staff and for_whom(by, contact_id)[0].pk != row.member_id:
        raise NotThere()
    return row


def _settled(
    by: Standing, now: datetime, alert: str, contact_id: int | None, way: str, *, mine: bool
) -> tuple[FraudAlert, Effect, str]:
    """The alert with its answer kept, what that does, and the state it was in.

    Two who answer at once meet in the update: whoever comes second is weighed against what the first said, so that a
    no is never lost to a yes.
    """
    while True:
        row = _seen(by, alert, contact_id)
        before = str(row.state)
        is_fresh = (now - row.raised_at).days < current_profile().fraud_alerts.answer_days
        effect = effect_of(before, mine=mine, by_text=way == "text", is_fresh=is_fresh)
        if effect not in (Effect.LIFT, Effect.FREEZE):
            return row, effect, before
        row.state, row.answered_at, row.answered_by = State.YES if mine else State.NO, now, way
        kept = {"answered_at": now, "answered_by": way, "next_step_at": None}
        if FraudAlert.objects.filter(pk=row.pk, state=before).update(state=row.state, **kept):
            return row, effect, before


def _card_now(row: FraudAlert) -> Card | None:
    """None while the core is silent: what was said before is told all the same."""
    try:
        return ask(partial(current_core().card, row.member.core_customer, row.card))
    except CoreSilent:
        return None


def _told(row: FraudAlert, *, changed: bool) -> dict[str, Any]:
    return {
        "alert": row.token,
        "state": str(row.state),
        "case_id": row.case_id,
        "ref": row.case.ref,
        "changed": changed,
    }


def _answered(row: FraudAlert, effect: Effect, card: Card | None) -> dict[str, Any]:
    """card: None where nobody knows how it is."""
    return {
        "alert": row.token,
        "card": row.card,
        "last4": row.last4,
        "effect": str(effect),
        "blocked": card is None or card.blocked_at is not None,
        "frozen": card is not None and card.state == CardState.FROZEN,
        "closed": card is not None and card.state == CardState.CLOSED,
        "more": open_alerts_of(row.member_id).count(),
        "case_id": row.case_id,
        "ref": row.case.ref,
    }
