"""A charge somebody asked us about and now knows: said in the case that is open about it, once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cardline.cases import timeline
from cardline.cases.commands import set_attention
from cardline.cases.models import Case, Entry
from cardline.contact.models import Contact
from cardline.kit.actors import Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible

RECOGNISED = "charge.recognised"
ABOUT_POINTS = "rewards."  # who misses the points of a charge knows the charge
_TOLD = ("merchant", "amount_minor", "currency")


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A contact of an open case in which this charge was chosen. charge: what the plan kept of it.

    recognised: the member has said since that they know it.
    """

    contact: Contact
    charge: Mapping[str, Any]
    recognised: bool


def asked_about(actor: Actor, charge: str) -> AskedAbout | None:
    """The newest contact about a charge, in a case that is still open. charge: the core's token."""
    doubting = visible(Contact, actor).exclude(case__need__startswith=ABOUT_POINTS)
    rows = doubting.filter(case__state=Case.State.OPEN, plan__contains=charge)
    for contact in rows.select_related("case", "home_case").order_by("-started_at", "-id"):
        kept = _kept(contact)
        if charge and kept.get("token") == charge:
            return AskedAbout(contact, kept, recognised=_was_recognised(actor, contact, charge))
    return None


@command("charge.recognise", by=[Kind.MEMBER], about="charge:{charge}")
def recognise_charge(*, by: Standing, now: datetime, charge: str) -> dict[str, Any]:
    """The member knows the charge after all. Whoever has the case sees it at once, and decides what becomes of it:
    nothing that was promised is dropped by this.

    Said twice is a normal result. Returns {"ref", "changed"}. Raises NotThere where no open case is about it.
    """
    asked = asked_about(by.actor, charge)
    if asked is None:
        raise NotThere()
    contact = asked.contact
    if not asked.recognised:
        told = {name: asked.charge[name] for name in _TOLD if name in asked.charge}
        timeline.append(
            contact.home_case_id, RECOGNISED, contact_id=contact.pk, data={"charge": charge, **told}
        )
        set_attention(contact.case_id, now, now)
    return {"ref": contact.case.ref, "changed": not asked.recognised}


def _kept(contact: Contact) -> Mapping[str, Any]:
    """What the plan kept of the charge. A system of the issuer's may have told no more than its token."""
    plan = json.loads(contact.plan)
    kept = plan.get("charge") if isinstance(plan, dict) else None
    return kept if isinstance(kept, dict) else {"token": kept}


def _was_recognised(actor: Actor, contact: Contact, charge: str) -> bool:
    said = visible(Entry, actor).filter(contact=contact.pk, kind=RECOGNISED)
    return any(json.loads(entry.data).get("charge") == charge for entry in said)
