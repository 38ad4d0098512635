"""Who sees which case, and so which member's record: a colleague comes to it through a case (SR-25)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from cardline.cases.models import Case, Entry
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import NOTHING, sees, visible
from cardline.members.authorities.table import AuthorityKind
from cardline.members.models import Authority, HeldMessage, Program, ProgramMember, Restriction
from cardline.notify.letters.access import may_print
from cardline.notify.letters.table import NOTICE
from cardline.notify.models import BadAddress, Letter, PaperConsent


def queues_of(actor: Actor) -> list[str]:
    """The queues an agent works: those of their team. A supervisor's team has the queue escalations go to."""
    return [queue.id for queue in current_profile().queues.values() if queue.team == actor.team]


@sees(Case, without_sight=True)
def _cases(actor: Actor) -> Q | None:
    return case_rule(actor, "")


@sees(Entry, without_sight=True)
def _entries(actor: Actor) -> Q | None:
    rule = case_rule(actor, "case__")
    return rule if rule is None or actor.is_staff or _is_issuers_system(actor) else rule & Q(visible=True)


@sees(Restriction)
def _restrictions(actor: Actor) -> Q | None:
    """Colleagues only, by a case of anybody it touches. Who it is about learns of it by what a refusal says."""
    return _through_cases(actor, member__restricted_by=OuterRef("pk"))


@sees(HeldMessage)
def _held_messages(actor: Actor) -> Q | None:
    return _through_cases(actor, member=OuterRef("member"))


@sees(Letter)
def _letters(actor: Actor) -> Q | None:
    """The member; the issuer's own system; colleagues by the case it belongs to; and whoever prints, what goes or went
    on paper.

    A notice is for whoever opens its envelope: not for somebody who is signed in as the member, and may be a thief.
    """
    if _is_issuers_system(actor):
        return Q()
    if actor.kind != Kind.AGENT:
        own = _own_or_all(actor)
        return own if own is None or actor.kind == Kind.SYSTEM else own & ~Q(kind__startswith=NOTICE)
    in_sight = Q(Exists(visible(Case, actor).filter(pk=OuterRef("case"))))
    return in_sight | Q(way=Letter.Way.PAPER) if may_print(actor) else in_sight


@sees(PaperConsent)
def _paper_consents(actor: Actor) -> Q | None:
    of_member = _through_cases(actor, member=OuterRef("member"))
    return of_member if actor.is_staff else _own_or_all(actor)


@sees(BadAddress)
def _bad_addresses(actor: Actor) -> Q | None:
    of_member = _through_cases(actor, member=OuterRef("member"))
    return of_member if actor.is_staff else _own_or_all(actor)


def _own_or_all(actor: Actor) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    return Q(member=actor.member_id) if actor.member_id else NOTHING


@sees(Authority, without_sight=True)
def _authorities(actor: Actor) -> Q | None:
    """Whoever acts, whom they act for, and colleagues by a case of the one acted for, or of a company's employee."""
    if actor.kind == Kind.MEMBER:
        return Q(person=actor.person_id) | Q(member=actor.person_id)
    of_member = _through_cases(actor, member=OuterRef("member"))
    of_employee = _through_cases(actor, member__programs__program__company=OuterRef("member"))
    return None if of_member is None or of_employee is None else of_member | of_employee


@sees(Program, without_sight=True)
def _programs(actor: Actor) -> Q | None:
    """Whoever is or was to administer it, who is in it, and colleagues by a case of somebody in it."""
    if actor.kind == Kind.MEMBER:
        is_in = ProgramMember.objects.filter(program=OuterRef("pk"), member=actor.person_id, until=None)
        return Q(_administered_by(actor, "company")) | Q(Exists(is_in))
    if actor.kind == Kind.SYSTEM:
        return Q()
    seen = visible(Case, actor).filter(member__programs__program=OuterRef("pk"))
    return Q(Exists(seen)) if actor.is_staff else NOTHING


@sees(ProgramMember, without_sight=True)
def _program_members(actor: Actor) -> Q | None:
    if actor.kind == Kind.MEMBER:
        return Q(member=actor.person_id) | Q(_administered_by(actor, "program__company"))
    return _through_cases(actor, member=OuterRef("member"))


def _administered_by(actor: Actor, company: str) -> Exists:
    kind = AuthorityKind.PROGRAM_ADMINISTRATOR
    return Exists(Authority.objects.filter(person=actor.person_id, member=OuterRef(company), kind=kind))


def _through_cases(actor: Actor, **theirs: OuterRef) -> Q | None:
    if actor.kind == Kind.SYSTEM:
        return Q()
    return Q(Exists(visible(Case, actor).filter(**theirs))) if actor.is_staff else NOTHING


class CaseSight:
    """The `Sight` plug: a colleague opens the record of a member of whom they see a case."""

    def may_open(self, actor: Actor, member_id: int) -> bool:
        if actor.kind == Kind.SYSTEM:
            return True
        return actor.is_staff and visible(Case, actor).filter(member=member_id).exists()


def _begun_by(actor: Actor, path: str) -> Exists:
    """The cases somebody began for a member of whom they may see nothing else: what they wrote, and our answers."""
    return Exists(Entry.objects.filter(case=OuterRef(f"{path}pk"), n=1, author=actor.key))


def _is_issuers_system(actor: Actor) -> bool:
    """A key of the issuer's that speaks for no member. It sees every entry; notes it can never reach."""
    return actor.kind == Kind.API and not actor.on_behalf_of


def case_rule(actor: Actor, path: str) -> Q | None:
    """Members see their own, a guest the ones of their token, an agent those of their team's queues or in their hands,
    a supervisor all; the issuer's own system all, or one member's when it acts for one.
    """
    if actor.kind == Kind.SYSTEM or actor.is_supervisor:
        return Q()
    if actor.kind == Kind.AGENT:
        return Q(**{f"{path}queue__in": queues_of(actor)}) | Q(**{f"{path}owner": actor.agent_id})
    if actor.member_id:
        theirs = Q(**{f"{path}member": actor.member_id})
        return theirs if actor.may_see else theirs & Q(_begun_by(actor, path))
    if actor.kind == Kind.API:
        return Q()
    if actor.kind == Kind.GUEST and actor.id != "nobody":
        return Q(**{f"{path}guest_key": actor.id})
    return NOTHING
