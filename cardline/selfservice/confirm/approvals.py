"""What somebody approves, in words: on the page that asks them, and in the message that brings the code.

By command. What is not here cannot be confirmed on a page, and is refused with the way to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cardline.cards.programs.queries import employee_card
from cardline.cards.queries import card_of
from cardline.flows.queries import run_of, standing_of
from cardline.flows.verbs import Verify
from cardline.fraud.queries import alert_for
from cardline.identity.passkeys.queries import passkeys_of
from cardline.issuer.core import AutopayMode, BankAccountKind
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.commands import registry
from cardline.kit.dates import say_date
from cardline.kit.money import Money, format_money
from cardline.kit.refusals import Asked, NotThere
from cardline.kit.words import Reader, say
from cardline.kit.words import Words as Sentence
from cardline.payments.queries import bank_accounts_of, payment_of
from cardline.selfservice.card_words import card_name
from cardline.selfservice.confirm import contact_data
from cardline.selfservice.confirm.shape import Approval
from cardline.selfservice.payments.words import kind_name, source_with_bank
from cardline.selfservice.profile.words import place_of
from cardline.ui.points import option_name, say_points
from cardline.ui.shapes import Fact

Arguments = Mapping[str, Any]


Words = Callable[[Actor, Arguments], Approval]


def approval_of(actor: Actor, asked: Asked) -> Approval | None:
    """None for what no page confirms. Raises NotThere, CoreUnknown."""
    return _said(_WORDS.get(asked.command), actor, asked)


def asked_by_colleague(actor: Actor, asked: Asked) -> Approval | None:
    """The same for what a colleague wants to do in a conversation and asks the member about (/approve)."""
    return _said(_WORDS.get(asked.command) or _BY_COLLEAGUES.get(asked.command), actor, asked)


def _said(words: Words | None, actor: Actor, asked: Asked) -> Approval | None:
    if words is None:
        return None
    return replace(words(actor, asked.arguments), word=registry[asked.command].level.partition(":")[2])


def _add_bank(actor: Actor, asked: Arguments) -> Approval:
    last4 = asked["number"].reveal()[-4:]
    facts = (
        Fact(_("Bank"), str(asked["name"])),
        Fact(_("Kind"), kind_name(BankAccountKind(asked["kind"]))),
        Fact(_("Account number"), _("ends in %(last4)s") % {"last4": last4}),
    )
    said = _("add the bank account ending %(last4)s") % {"last4": last4}
    return Approval(_("Add a bank account"), facts, said)


def _remove_bank(actor: Actor, asked: Arguments) -> Approval:
    bank = _bank(actor, asked["source"])
    said = _("remove %(bank)s") % {"bank": bank}
    return Approval(_("Remove a bank account"), (Fact(_("Bank account"), bank),), said)


def _pay(actor: Actor, asked: Arguments) -> Approval:
    amount = _money(asked["amount_minor"])
    facts = (
        Fact(_("Amount"), amount),
        Fact(_("From"), _bank(actor, asked["source"])),
        Fact(_("On"), say_date(asked["on"], _language(), clock.now())),
    )
    return Approval(_("Make a payment"), facts, _("pay %(amount)s") % {"amount": amount})


def _cancel_payment(actor: Actor, asked: Arguments) -> Approval:
    payment = payment_of(actor, asked["payment"])
    amount = format_money(payment.amount, _language())
    facts = (
        Fact(_("Amount"), amount),
        Fact(_("On"), say_date(payment.on, _language(), clock.now())),
    )
    return Approval(_("Cancel a payment"), facts, _("cancel the payment of %(amount)s") % {"amount": amount})


def _set_autopay(actor: Actor, asked: Arguments) -> Approval:
    amounts = {
        AutopayMode.MINIMUM: _("the minimum"),
        AutopayMode.FULL: _("the whole statement"),
    }
    amount = amounts.get(asked["mode"]) or _money(asked.get("amount_minor") or 0)
    facts = (Fact(_("Amount"), amount), Fact(_("From"), _bank(actor, asked["source"])))
    return Approval(_("Set up autopay"), facts, _("set up autopay of %(amount)s") % {"amount": amount})


def _stop_autopay(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Stop autopay"), (), _("stop autopay"))


def _redeem(actor: Actor, asked: Arguments) -> Approval:
    points = say_points(asked["points"], _language())
    facts = (Fact(_("Points"), points), Fact(_("For"), option_name(asked["option"])))
    return Approval(_("Use points"), facts, _("use %(points)s") % {"points": points})


def _card(title: Callable[[], str], said: Callable[[], str]) -> Callable[[Actor, Arguments], Approval]:
    def words(actor: Actor, asked: Arguments) -> Approval:
        last4 = card_of(actor, asked["card"]).last4
        return Approval(title(), (Fact(_("Card"), card_name(last4)),), said() % {"last4": last4})

    return words


def _emergency_card(actor: Actor, asked: Arguments) -> Approval:
    last4 = card_of(actor, asked["card"]).last4
    facts = (Fact(_("Instead of"), card_name(last4)), Fact(_("Handed over at"), str(asked["place"])))
    said = _("send an emergency card for the one ending %(last4)s") % {"last4": last4}
    return Approval(_("Send an emergency card"), facts, said)


def _set_passcode(actor: Actor, asked: Arguments) -> Approval:
    """The digits themselves are shown to nobody, on no page and in no message."""
    return Approval(_("Set your telephone passcode"), (), _("set your telephone passcode"))


def _remove_passcode(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Remove your telephone passcode"), (), _("remove your telephone passcode"))


def _emergency_contact(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("Name"), str(asked["name"])), Fact(_("Phone"), str(asked["phone"])))
    return Approval(_("Name an emergency contact"), facts, _("name an emergency contact"))


def _no_emergency_contact(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Remove the emergency contact"), (), _("remove the emergency contact"))


def _employees_card(title: Callable[[], str], said: Callable[[], str]) -> Words:
    def words(actor: Actor, asked: Arguments) -> Approval:
        card = employee_card(actor, asked["card"], clock.now())
        facts = (Fact(_("Card"), card_name(card.card.last4)), Fact(_("Card member"), card.name))
        return Approval(title(), facts, said() % {"last4": card.card.last4})

    return words


def _set_limit(actor: Actor, asked: Arguments) -> Approval:
    card = employee_card(actor, asked["card"], clock.now())
    limit = _money(asked["limit_minor"])
    facts = (
        Fact(_("Card"), card_name(card.card.last4)),
        Fact(_("Card member"), card.name),
        Fact(_("At most, in a cycle"), limit),
    )
    said = _("limit the card ending %(last4)s to %(amount)s") % {"last4": card.card.last4, "amount": limit}
    return Approval(_("Change the limit of a card"), facts, said)


def _replace_to_company(actor: Actor, asked: Arguments) -> Approval:
    card = employee_card(actor, asked["card"], clock.now())
    facts = (
        Fact(_("Card"), card_name(card.card.last4)),
        Fact(_("Card member"), card.name),
        Fact(_("To"), card.program.address),
    )
    said = _("send a new card for the one ending %(last4)s to the company") % {"last4": card.card.last4}
    return Approval(_("Send a card to the company"), facts, said)


def _prefer_name(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("Name"), str(asked["name"]) or _("your given name")),)
    return Approval(_("Change how we call you"), facts, _("change how we call you"))


def _choose_zone(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("Time zone"), place_of(asked["zone"], _language())),)
    return Approval(_("Change your time zone"), facts, _("change your time zone"))


def _say_needs(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Change what we mind when we speak with you"), (), _("change what we mind"))


def _begin_passkey(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("From then on"), _("whoever has that device and its PIN signs in as you")),)
    return Approval(_("Add a passkey"), facts, _("add a passkey"))


def _remove_passkey(actor: Actor, asked: Arguments) -> Approval:
    name = next((one.name for one in passkeys_of(actor) if one.id == asked["passkey_id"]), None)
    if name is None:
        raise NotThere()
    return Approval(_("Remove a passkey"), (Fact(_("Passkey"), name),), _("remove a passkey"))


def _choose_password(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("Besides"), _("you are signed out everywhere else")),)
    return Approval(_("Change your password"), facts, _("change your password"))


def _remove_password(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Remove your password"), (), _("remove your password"))


def _choose_alerts(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Change what we tell you about"), (), _("change your alerts"))


def _paperless(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Letters on your pages"), (), _("get letters on your pages instead of on paper"))


def _address_right(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Your address is right"), (), _("say that your address on file is right"))


def _go_on(actor: Actor, asked: Arguments) -> Approval:
    """Of a guided conversation: what it is about says the question that stands there."""
    run = run_of(actor, str(asked["token"]))
    standing = standing_of(actor, run, clock.now())
    if standing.flow is None or not isinstance(standing.step, Verify):
        raise NotThere()
    title = say(Sentence(standing.flow.title), Reader(_language(), current_profile().zone, clock.now()))
    return Approval(_("Go on"), (Fact(_("With"), title),), _("go on with “%(title)s”") % {"title": title})


def _phone_back(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("From then on"), _("codes go to that phone again, and prove that it is you")),)
    return Approval(_("Trust your phone again"), facts, _("trust your phone again"))


def _allow_merchant(actor: Actor, asked: Arguments) -> Approval:
    merchant = str(asked["merchant"])
    said = _("let %(merchant)s charge again") % {"merchant": merchant}
    return Approval(_("Let a merchant charge again"), (Fact(_("Merchant"), merchant),), said)


def _suspected(title: Callable[[], str], words: Callable[[], str]) -> Words:
    def approval(actor: Actor, asked: Arguments) -> Approval:
        alert = alert_for(actor, asked["alert"])
        amount = format_money(Money(alert.amount_minor, alert.currency), _language())
        facts = (Fact(_("Merchant"), alert.merchant), Fact(_("Amount"), amount))
        return Approval(title(), facts, words() % {"charge": f"{alert.merchant}, {amount}"})

    return approval


def _false_alarm(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Use your card again"), (), _("use the card again that somebody else reported as gone"))


_WORDS: dict[str, Words] = {
    "card.say_false_alarm": _false_alarm,
    "card.review_charges": _card(
        lambda: _("Say which charges are not yours"),
        lambda: _("say which charges of card %(last4)s are not yours"),
    ),
    "letter.consent": _paperless,
    "letter.address_right": _address_right,
    "bank_account.add": _add_bank,
    "bank_account.remove": _remove_bank,
    "payment.make": _pay,
    "payment.cancel": _cancel_payment,
    "autopay.set": _set_autopay,
    "autopay.stop": _stop_autopay,
    "points.redeem": _redeem,
    "member.set_passcode": _set_passcode,
    "member.remove_passcode": _remove_passcode,
    "member.name_emergency_contact": _emergency_contact,
    "member.forget_emergency_contact": _no_emergency_contact,
    "program.unfreeze": _employees_card(
        lambda: _("Unfreeze an employee’s card"), lambda: _("unfreeze the card ending %(last4)s")
    ),
    "program.replace": _employees_card(
        lambda: _("Replace an employee’s card"), lambda: _("replace the card ending %(last4)s")
    ),
    "program.set_limit": _set_limit,
    "program.leaver": _employees_card(
        lambda: _("Close the card of somebody who left"),
        lambda: _("close the card ending %(last4)s for good"),
    ),
    "card.unfreeze": _card(lambda: _("Unfreeze a card"), lambda: _("unfreeze the card ending %(last4)s")),
    "card.replace": _card(
        lambda: _("Replace a damaged card"), lambda: _("replace the card ending %(last4)s")
    ),
    "card.report": _card(
        lambda: _("Close a lost card and send another"),
        lambda: _("close and replace the card ending %(last4)s"),
    ),
    "card.activate": _card(lambda: _("Activate a card"), lambda: _("activate the card ending %(last4)s")),
    "card.renew": _card(
        lambda: _("A new card for one that runs out"), lambda: _("replace the card ending %(last4)s")
    ),
    "merchant.allow": _allow_merchant,
    "fraud.confirm": _suspected(lambda: _("Say that a purchase was yours"), lambda: _("confirm %(charge)s")),
    "fraud.deny": _suspected(lambda: _("Say that a purchase was not yours"), lambda: _("deny %(charge)s")),
    "program.replace_to_company": _replace_to_company,
    "member.prefer_name": _prefer_name,
    "member.choose_zone": _choose_zone,
    "member.say_access_needs": _say_needs,
    "alerts.choose": _choose_alerts,
    "flow.go_on": _go_on,
    "card.say_phone_back": _phone_back,
    "contact_data.phone": contact_data.phone,
    "contact_data.phone_by_document": contact_data.phone,
    "contact_data.email": contact_data.email,
    "contact_data.email_by_document": contact_data.email,
    "contact_data.address": contact_data.address,
    "contact_data.address_by_document": contact_data.address,
    "contact_data.remove_phone": contact_data.remove_phone,
    "contact_data.remove_email": contact_data.remove_email,
    "contact_data.name": contact_data.name,
    "contact_data.name_by_document": contact_data.name,
    "contact_data.emboss": contact_data.emboss,
    "contact_data.prefer": contact_data.prefer,
    "contact_data.confirm_email": contact_data.confirm_email,
    "contact_data.say_safe": contact_data.say_safe,
    "passkey.begin": _begin_passkey,
    "passkey.remove": _remove_passkey,
    "identity.choose_password": _choose_password,
    "identity.remove_password": _remove_password,
}


_BY_COLLEAGUES: dict[str, Words] = {
    "card.freeze": _card(lambda: _("Freeze a card"), lambda: _("freeze the card ending %(last4)s")),
    "card.order_emergency": _emergency_card,
}


def _bank(actor: Actor, token: str) -> str:
    for bank in bank_accounts_of(actor):
        if bank.token == token:
            return source_with_bank(bank)
    raise NotThere()


def _money(minor: int) -> str:
    return format_money(Money(minor, current_profile().currency), _language())


def _language() -> str:
    return get_language() or "en"
