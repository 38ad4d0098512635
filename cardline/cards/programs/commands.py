"""A program's administrator acts for the company. Each act is one line in a case of the card's holder, signed by whom
and for which company, so that an employee reads in their own timeline what was done with their card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cardline.cards.commands import REFUSALS, freeze_for, replace_for, unfreeze_for
from cardline.cards.models import Freeze
from cardline.cards.programs.promising import LAST_CHARGES, promise_to
from cardline.cards.writing import called, enter, new_case
from cardline.cases.commands import close_case
from cardline.cases.models import Case
from cardline.issuer.asking import CoreSilent, ask
from cardline.issuer.core import (
    Card,
    CardSpending,
    CardState,
    CloseReason,
    Delivery,
    Part,
    current_core,
)
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import CARD_CHANGES, count
from cardline.kit.money import Money, format_money
from cardline.kit.refusals import Malformed, NotThere, Refusal
from cardline.members.models import Member, Program, ProgramMember
from cardline.members.programs.commands import end_membership
from cardline.notify.outgoing import tell

LIMIT_NEED, LEAVER_NEED = "payment.credit_line", "info.authorised_user"
LIMIT_CHANGED, LEFT = "card.limit_changed", "card.program_left"
REASONS = (CloseReason.LOST, CloseReason.STOLEN, CloseReason.DAMAGED)

CARD_LIMIT = {
    "en": "Limit of the card ending {last4}",
    "es": "Límite de la tarjeta terminada en {last4}",
}
CARD_CLOSED = {
    "en": "Company card ending {last4} closed",
    "es": "Tarjeta de empresa terminada en {last4} cerrada",
}


class NotTheCompanysFreeze(Refusal):
    code = "not_the_companys_freeze"
    sentence = _("The card’s holder froze this card, or we did. Only they can unfreeze it; ask them, or us.")


class YourOwnCard(Refusal):
    code = "your_own_card"
    sentence = _("This is your own card. Another administrator of the program has to do this.")


class NoLimit(Malformed):
    code = "no_limit"
    sentence = _("A limit has to be more than nothing. To stop a card altogether, freeze it.")


class AboveTheAccount(Malformed):
    """asked, most: the two sums that were compared."""

    code = "above_the_account"

    def __init__(self, asked: Money, most: Money, field: str = "limit") -> None:
        super().__init__(field=field)
        self.asked, self.most = asked, most

    def __str__(self) -> str:
        language = get_language() or "en"
        named = {"asked": format_money(self.asked, language), "most": format_money(self.most, language)}
        return (
            _t(
                "You asked for %(asked)s, and the company’s account has %(most)s. A card’s limit can’t be more."
            )
            % named
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A card of a program, for whoever speaks for its company."""

    program: Program
    row: ProgramMember
    card: Card

    @property
    def company(self) -> Member:
        return self.program.company

    @property
    def holder(self) -> Member:
        return self.row.member


@command("program.freeze", by=[Kind.MEMBER], level="lost_stolen:freeze", about="card:{card}")
def freeze_employees_card(*, by: Standing, now: datetime, card: str) -> dict[str, Any]:
    """Freeze the card of an employee, which only the company undoes. As `freeze_card` in all else.

    Raises NotThere, YourOwnCard, CardClosed, TooMany, CoreSilent.
    """
    held = _held(by, card)
    return freeze_for(by, now, held.company, card, told=held.holder)


@command("program.unfreeze", by=[Kind.MEMBER], level="lost_stolen:unfreeze", about="card:{card}")
def unfreeze_employees_card(*, by: Standing, now: datetime, card: str) -> dict[str, Any]:
    """Undo the company's own freeze. A card that is not frozen is a normal result.

    Raises NotThere, NotTheCompanysFreeze for one of the holder's or of ours, YourOwnCard, TooMany, CoreSilent.
    """
    held = _held(by, card)
    theirs = Freeze.objects.filter(card=card, unfrozen_at=None, member=held.company)
    if held.card.state == CardState.FROZEN and not theirs.exists():
        raise NotTheCompanysFreeze()
    return unfreeze_for(by, now, held.company, card, told=held.holder)


@command(
    "program.replace", by=[Kind.MEMBER], level="card_access:replace_to_address_on_file", about="card:{card}"
)
def replace_employees_card(*, by: Standing, now: datetime, card: str, why: str) -> dict[str, Any]:
    """Another card for an employee, to their own address on file, and the promise that it arrives. why: "lost",
    "stolen" or "damaged".

    As `replace_card` and `replace_lost_card`. Raises NotThere, YourOwnCard, Malformed, NothingToReplace, CardClosed,
    TooMany, CoreSilent.
    """
    return _replace(by, now, card, why, Delivery.CARDHOLDER)


@command(
    "program.replace_to_company",
    by=[Kind.MEMBER],
    level="card_access:replace_elsewhere",
    about="card:{card}",
)
def replace_to_company(*, by: Standing, now: datetime, card: str, why: str) -> dict[str, Any]:
    """The same to the company's address on file: not where the card's holder gets their post, so it takes more."""
    return _replace(by, now, card, why, Delivery.ACCOUNT_HOLDER)


@command("program.set_limit", by=[Kind.MEMBER], level="card_access:change_limit", about="card:{card}")
def set_limit(*, by: Standing, now: datetime, card: str, limit_minor: int) -> dict[str, Any]:
    """How much an employee may spend with the card in a cycle, in minor units of the account's currency.

    The limit it has already is a normal result. Returns {"card", "last4", "before", "after", "case_id", "ref",
    "changed"}: before and after in minor units, before None where it had none. Raises NotThere, YourOwnCard, NoLimit,
    AboveTheAccount, NotOffered, CardClosed, TooMany, CoreSilent.
    """
    held = _held(by, card)
    was = _spending(held)
    limit = Money(limit_minor, was.spent.currency)
    _check_limit(held, limit)
    if was.limit == limit:
        return _limited(held, was.limit, limit, None)
    count(CARD_CHANGES, f"member:{held.holder.pk}")
    before = "none" if was.limit is None else str(was.limit.amount_minor)
    nth = Case.objects.filter(member=held.holder, need=LIMIT_NEED).count()
    key = f"limit:{card}:{before}:{limit.amount_minor}:{nth}"
    said = ask(partial(current_core().set_card_limit, card, limit=limit, at=now, key=key), REFUSALS)
    if said.limit != limit:
        raise CoreSilent()  # it answered, but not that it was done
    case_id = new_case(by, now, LIMIT_NEED, called(CARD_LIMIT, held.holder, held.card.last4), held.holder)
    sums = {"after": limit.amount_minor, "currency": limit.currency}
    if was.limit is not None:
        sums["before"] = was.limit.amount_minor
    enter(LIMIT_CHANGED, None, case_id, card, held.card.last4, **sums)
    close_case(by=SYSTEM, now=now, case_id=case_id)
    _tell_of(held.holder, case_id, now)
    return _limited(held, was.limit, limit, Case.objects.get(pk=case_id))


@command("program.leaver", by=[Kind.MEMBER], level="card_access:leaver", about="card:{card}")
def end_for_leaver(*, by: Standing, now: datetime, card: str) -> dict[str, Any]:
    """An employee left: their card of the program is closed for good, what charges it by itself is declined from now
    on, they administer the program no longer, and they and whoever did it are told. What was charged before is looked
    after by a promise.

    Their sign-in and what they bought stay theirs. Returns {"departure", "last4", "ref"}; pressed twice, the second
    finds no such card any more. Raises NotThere, YourOwnCard, CardClosed, TooMany, CoreSilent.
    """
    held = _held(by, card)
    count(CARD_CHANGES, f"member:{held.holder.pk}")
    merchants = _charging(held)
    theirs = [one for one in _cards_of(held.program) if one.customer == held.holder.core_customer]
    for one in theirs:
        _close(one, now)
    case_id = new_case(by, now, LEAVER_NEED, called(CARD_CLOSED, held.holder, held.card.last4), held.holder)
    case = Case.objects.get(pk=case_id)
    enter(LEFT, None, case_id, card, held.card.last4, company=held.company.name, merchants=merchants)
    Freeze.objects.filter(card__in=[one.token for one in theirs], unfrozen_at=None).update(
        unfrozen_at=now, unfrozen_by=by.actor.key
    )
    promise_to(held.holder, case_id, LAST_CHARGES, now)
    end_membership(held.row, last4=held.card.last4, ref=case.ref, merchants=merchants)
    _tell_of(held.holder, case_id, now)
    tell(by.actor.person_id, "receipt", {"reference": case.ref, "link": _departure(held.row)}, now=now)
    return {"departure": held.row.pk, "last4": held.card.last4, "ref": case.ref}


def _replace(by: Standing, now: datetime, card: str, why: str, to: Delivery) -> dict[str, Any]:
    if why not in REASONS:
        raise Malformed(
            _t("Say whether the card is lost, stolen or damaged, and send it again."), field="why"
        )
    held = _held(by, card)
    return replace_for(by, now, held.company, card, CloseReason(why), to=to, told=held.holder)


def _held(by: Standing, token: str) -> Held:
    """The card, on the account of the company that is spoken for, of somebody in its program."""
    program = Program.objects.select_related("company").filter(company=by.party).first()
    card = next((one for one in _cards_of(program) if one.token == token), None) if program else None
    if program is None or card is None:
        raise NotThere()
    inside = ProgramMember.objects.select_related("member", "program")
    row = inside.filter(program=program, until=None, member__core_customer=card.customer).first()
    if row is None:
        raise NotThere()
    if row.member_id == by.actor.person_id:
        raise YourOwnCard()
    return Held(program, row, card)


def _cards_of(program: Program) -> list[Card]:
    found = ask(partial(current_core().cards, program.company.core_customer))
    return [card for card in found if card.state != CardState.CLOSED]


def _spending(held: Held) -> CardSpending:
    found = ask(partial(current_core().spending, held.company.core_customer))
    return next(one for one in found if one.card == held.card.token)


def _check_limit(held: Held, limit: Money) -> None:
    """The company's account bounds each of its cards. The core says so, too; here both sums are said back."""
    if limit.amount_minor <= 0:
        raise NoLimit(field="limit")
    accounts = ask(partial(current_core().accounts, held.company.core_customer))
    most = next(account.credit_limit for account in accounts if account.token == held.card.account)
    if most is not None and limit.amount_minor > most.amount_minor:
        raise AboveTheAccount(limit, most)


def _limited(held: Held, before: Money | None, after: Money, case: Case | None) -> dict[str, Any]:
    return {
        "card": held.card.token,
        "last4": held.card.last4,
        "before": before.amount_minor if before else None,
        "after": after.amount_minor,
        "case_id": case.pk if case else None,
        "ref": case.ref if case else None,
        "changed": case is not None,
    }


def _charging(held: Held) -> int:
    """How many merchants charge the card by themselves. Which ones is the employee's own business."""
    if Part.SUBSCRIPTIONS not in current_core().offers:
        return 0
    found = ask(partial(current_core().subscriptions, held.holder.core_customer))
    return sum(
        one.card == held.card.token and one.stopped_at is None and one.next_on is not None for one in found
    )


def _close(card: Card, now: datetime) -> None:
    close = partial(current_core().close_card, card.token, reason=CloseReason.BY_REQUEST, at=now)
    closed = ask(partial(close, key=f"leaver:{card.token}"), REFUSALS)
    if closed.state != CardState.CLOSED:
        raise CoreSilent()  # it answered, but not that it was done


def _tell_of(member: Member, case_id: int, now: datetime) -> None:
    ref = Case.objects.values_list("ref", flat=True).get(pk=case_id)
    tell(member.pk, "news", {"link": f"/contacts/{ref}"}, now=now)


def _departure(row: ProgramMember) -> str:
    return f"/program/leavers/{row.pk}"
