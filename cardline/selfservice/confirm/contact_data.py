"""Approving a change of contact data: the page shows all of the new value, so that nobody approves another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.contactdata.rules import address_of, email_of, phone_of
from cardline.members.models import ContactPoint, Member
from cardline.members.rules import masked
from cardline.selfservice.confirm.shape import Approval
from cardline.ui.shapes import Fact

Arguments = Mapping[str, Any]


def phone(actor: Actor, asked: Arguments) -> Approval:
    member = visible(Member, actor).get(pk=actor.member_id)
    number = phone_of(asked["number"], member.country)
    facts = (*_instead_of(actor, asked), Fact(_("New phone number"), number))
    return Approval(_("Change a phone number"), facts, _("change your phone number"))


def email(actor: Actor, asked: Arguments) -> Approval:
    facts = (*_instead_of(actor, asked), Fact(_("New email address"), email_of(asked["email"])))
    return Approval(_("Change an email address"), facts, _("change your email address"))


def address(actor: Actor, asked: Arguments) -> Approval:
    lines = ("country", "street", "more", "town", "state", "postal_code")
    new = address_of(**{name: asked[name] for name in lines})
    facts = (Fact(_("New address"), new.line),)
    return Approval(_("Change your postal address"), facts, _("change your postal address"))


def remove_phone(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("Phone number"), _point(actor, asked["point_id"])),)
    return Approval(_("Remove a phone number"), facts, _("remove a phone number"))


def remove_email(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("Email address"), _point(actor, asked["point_id"])),)
    return Approval(_("Remove an email address"), facts, _("remove an email address"))


def name(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("New legal name"), f"{asked['given_name']} {asked['family_name']}"),)
    return Approval(_("Ask for another legal name"), facts, _("change your legal name"))


def emboss(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("Name on your next card"), str(asked["name"]) or actor.name),)
    return Approval(_("Change the name on your next card"), facts, _("change the name on your next card"))


def prefer(actor: Actor, asked: Arguments) -> Approval:
    facts = (Fact(_("We try this first"), _point(actor, asked["point_id"])),)
    return Approval(_("Change what we try first"), facts, _("change what we try first"))


def confirm_email(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Use the new email address"), (), _("use the new email address"))


def say_safe(actor: Actor, asked: Arguments) -> Approval:
    return Approval(_("Change how you can safely be reached"), (), _("change how you can safely be reached"))


def _instead_of(actor: Actor, asked: Arguments) -> tuple[Fact, ...]:
    wanted = asked.get("point_id")
    return (Fact(_("Instead of"), _point(actor, wanted)),) if wanted else ()


def _point(actor: Actor, number: int) -> str:
    """As much of it as its owner knows it by. Raises NotThere."""
    point = visible(ContactPoint, actor).filter(pk=number).first()
    if point is None:
        raise NotThere()
    return masked(point.kind, point.value)
