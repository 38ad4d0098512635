"""A restriction is placed, and lifted; nothing else ever changes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.utils.translation import gettext_lazy as _

from cardline.issuer.asking import ask
from cardline.issuer.core import current_core
from cardline.kit import actors, plugs
from cardline.kit.actors import Actor, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean, is_blank
from cardline.kit.refusals import Malformed, NotPermitted, NotThere
from cardline.kit.visibility import visible
from cardline.members.authorities.commands import close_screens_of_all_who_act_for
from cardline.members.models import Member
from cardline.members.restrictions.models import HeldMessage, Restriction
from cardline.members.restrictions.rules import Allow, Decision, Redirect
from cardline.members.restrictions.table import TABLE, Hand, RestrictionKind

RESTRICTIONS = Limit("restrictions", 30, 3_600)
PLACED, LIFTED = "restriction.placed", "restriction.lifted"
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PHONE, LONGEST_WHY = 120, 200, 40, 500


class NothingSaid(Malformed):
    code = "nothing_said"
    sentence = _("Something is missing here: who said it, and why. Write it down, and send it again.")


class SaidTooMuch(Malformed):
    code = "said_too_much"
    sentence = _("This is too long. Shorten it to what somebody else needs.")


class EndsBeforeItBegins(Malformed):
    code = "ends_before_it_begins"
    sentence = _("The end has to come after the beginning, and after now.")


class SaidInTheFuture(Malformed):
    code = "said_in_the_future"
    sentence = _("The date of the source can’t lie in the future.")


class NoRepresentative(Malformed):
    code = "no_representative"
    sentence = _(
        "This kind of restriction has no representative. Leave the name empty, or choose another kind."
    )


class NameTheRepresentative(Malformed):
    code = "name_the_representative"
    sentence = _("Write down the name of the representative, too.")


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it (1 to 120 characters), the reference of their paper ("" for none), and its date."""

    said_by: Clean
    document: Clean
    said_on: date


@dataclass(frozen=True, slots=True)
class Speaker:
    """The representative as typed; all "" for nobody. Up to 120 characters each, address 200, phone 40."""

    name: Clean
    firm: Clean
    address: Clean
    phone: Clean


@command("restriction.place", by=[actors.Kind.AGENT, actors.Kind.SYSTEM], about="member:{member_id}")
def place_restriction(
    *,
    by: Standing,
    now: datetime,
    member_id: int,
    kind: RestrictionKind,
    source: Source,
    why: Clean,
    speaker: Speaker | None = None,
    account: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Restrict what is done with a member, or with one of their accounts, from `since` (now where None) up to `until`.

    It counts at the next command, and before the next message leaves. account: the core's token; it then touches
    everybody who has a card on it. Pressed twice it stands twice, unless both carry one key. Returns its id.

    Raises NotThere, NotPermitted (the table says whose hand it takes), NothingSaid, SaidTooMuch, SaidInTheFuture,
    EndsBeforeItBegins, NoRepresentative, NameTheRepresentative, TooMany, CoreSilent.
    """
    member = _member(by.actor, member_id)
    rule = TABLE.kinds[kind]
    _check_hand(by.actor, rule.place)
    begins = since or now
    _check_source(source, why, now)
    _check_time(begins, until, now)
    _check_speaker(speaker, allowed=rule.represented)
    count(RESTRICTIONS, by.actor.key)
    people = _people_on(member, account) if account else {member.pk}
    row = Restriction.objects.create(
        member=member,
        kind=kind,
        account=account,
        since=begins,
        until=until,
        said_by=source.said_by,
        document=source.document,
        said_on=source.said_on,
        why=why,
        **_named(speaker),
        placed_at=now,
        placed_by=by.actor.key,
        placed_by_name=by.actor.name,
    )
    row.people.set(people)
    if kind is RestrictionKind.DECEASED:
        close_screens_of_all_who_act_for(member.pk)
    happened(PLACED, member_id=member.pk, kind=kind, why=why, by=by, now=now)
    return row.pk


@command("restriction.lift", by=[actors.Kind.AGENT, actors.Kind.SYSTEM], about="restriction:{restriction_id}")
def lift_restriction(*, by: Standing, now: datetime, restriction_id: int, why: Clean) -> bool:
    """End a restriction now; its row stays as the history of it. False: it was lifted already, or is over.

    Raises NotThere, NotPermitted (the table says whose hand it takes), NothingSaid, SaidTooMuch, TooMany.
    """
    if not any(may_use_hand(by.actor, rule.lift) for rule in TABLE.kinds.values()):
        raise NotPermitted()  # the same answer whether there is such a row or not (SR-22)
    row = visible(Restriction, by.actor).filter(pk=restriction_id).first()
    if row is None:
        raise NotThere()
    _check_hand(by.actor, TABLE.kinds[RestrictionKind(row.kind)].lift)
    _check_text(why, LONGEST_WHY, "why", needed=True)
    count(RESTRICTIONS, by.actor.key)
    if row.until is not None and row.until <= now:
        return False
    won = Restriction.objects.filter(pk=row.pk, lifted_at=None).update(
        lifted_at=now, lifted_by=by.actor.key, lifted_by_name=by.actor.name, lifted_why=why
    )
    if won:
        happened(LIFTED, member_id=row.member_id, kind=RestrictionKind(row.kind), why=why, by=by, now=now)
    return bool(won)


def hold_message(member_id: int, kind: str, subject: str, decision: Decision, now: datetime) -> bool:
    """Keep a message that may not leave, with its reason, in the running command. False: it was kept before.

    kind, subject: see HeldMessage. Colleagues see it on the member's record. Whether it goes when the restriction is
    over its sender says (notify/sending/held.py).
    """
    if isinstance(decision, Allow):
        raise ValueError(f"{kind} to {member_id} may leave; there is nothing to hold")
    answer = "redirect" if isinstance(decision, Redirect) else "refuse"
    _row, is_new = HeldMessage.objects.get_or_create(
        member_id=member_id,
        kind=kind,
        subject=subject,
        defaults={"restriction_id": decision.by.id, "answer": answer, "at": now},
    )
    return is_new


def may_use_hand(actor: Actor, hand: Hand) -> bool:
    """Whether this colleague may place, or lift, what takes such a hand."""
    return actor.kind == actors.Kind.SYSTEM or actor.is_supervisor or (actor.is_staff and hand is Hand.AGENT)


def _check_hand(actor: Actor, hand: Hand) -> None:
    if not may_use_hand(actor, hand):
        raise NotPermitted()


def _member(actor: Actor, member_id: int) -> Member:
    member = Member.objects.filter(pk=member_id).first() if plugs.sight.may_open(actor, member_id) else None
    if member is None:
        raise NotThere()
    return member


def _people_on(member: Member, account: str) -> set[int]:
    """The member and everybody with a card on their account. Raises NotThere for an account that is not theirs."""
    core = current_core()
    if account not in {one.token for one in ask(partial(core.accounts, member.core_customer))}:
        raise NotThere()
    cards = ask(partial(core.cards, member.core_customer))
    customers = {card.customer for card in cards if card.account == account}
    others = Member.objects.filter(core_customer__in=customers).values_list("pk", flat=True)
    return {member.pk, *others}


def _check_source(source: Source, why: Clean, now: datetime) -> None:
    _check_text(source.said_by, LONGEST_NAME, "said_by", needed=True)
    _check_text(source.document, LONGEST_NAME, "document")
    _check_text(why, LONGEST_WHY, "why", needed=True)
    # A day further than ours may already have begun where the source is.
    if (source.said_on - now.date()).days > 1:
        raise SaidInTheFuture(field="said_on")


def _check_time(since: datetime, until: datetime | None, now: datetime) -> None:
    if until is not None and (until <= since or until <= now):
        raise EndsBeforeItBegins(field="until")


def _check_speaker(speaker: Speaker | None, *, allowed: bool) -> None:
    if speaker is None:
        return
    if not allowed:
        raise NoRepresentative(field="representative")
    _check_text(speaker.name, LONGEST_NAME, "representative")
    _check_text(speaker.firm, LONGEST_NAME, "firm")
    _check_text(speaker.address, LONGEST_ADDRESS, "address")
    _check_text(speaker.phone, LONGEST_PHONE, "phone")
    if is_blank(speaker.name):
        raise NameTheRepresentative(field="representative")


def _check_text(text: Clean, longest: int, field: str, *, needed: bool = False) -> None:
    if needed and is_blank(text):
        raise NothingSaid(field=field)
    if len(text) > longest:
        raise SaidTooMuch(field=field)


def _named(speaker: Speaker | None) -> dict[str, str]:
    if speaker is None:
        return {}
    return {
        "representative": speaker.name,
        "firm": speaker.firm,
        "address": speaker.address,
        "phone": speaker.phone,
    }
