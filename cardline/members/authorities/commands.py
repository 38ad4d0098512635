"""An authority is recorded, gets its papers, is confirmed, and revoked; somebody begins to act on one, and stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from cardline.issuer.profile import current_profile
from cardline.kit import actors, plugs
from cardline.kit.actors import Actor, Standing
from cardline.kit.commands import command, executing
from cardline.kit.events import happened
from cardline.kit.limits import Limit, count
from cardline.kit.news import tell
from cardline.kit.redact import Clean, clean, is_blank
from cardline.kit.refusals import Malformed, NotPermitted, NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.members.authorities.models import Authority, Speaker
from cardline.members.authorities.queries import scopes_to_act, with_death
from cardline.members.authorities.rules import can_follow, lacks_nothing, too_much
from cardline.members.authorities.table import TABLE, AuthorityKind
from cardline.members.models import Member
from cardline.members.rules import is_their_name

AUTHORITIES = Limit("authorities", 30, 3_600)
RECORDED, CONFIRMED, REVOKED = "authority.recorded", "authority.confirmed", "authority.revoked"
LONGEST_PAPER, LONGEST_NAMES, LONGEST_WHY = 120, 200, 500


class NobodyOfThatName(Malformed):
    code = "nobody_of_that_name"
    sentence = _("No member has this number and this name. Check both, and send it again.")


class TooFar(Malformed):
    code = "too_far"
    sentence = _("This kind of authority can’t go so far. Take away what it may not have.")


class EndsBeforeItBegins(Malformed):
    code = "ends_before_it_begins"
    sentence = _("The end has to come after the beginning, and after now.")


class PaperUnknown(Malformed):
    code = "paper_unknown"
    sentence = _("Say what the paper is, or choose a file that was checked, and write down the names on it.")


class WrongPersonsPaper(Malformed):
    code = "wrong_persons_paper"
    sentence = _(
        "This paper is about somebody else: the names of both have to be on it, and the file has to be theirs."
    )


class WhyMissing(Malformed):
    code = "why_missing"
    sentence = _("Write down why, in at most 500 characters, and send it again.")


class CannotFollow(Malformed):
    code = "cannot_follow"
    sentence = _(
        "Choose one that is not over. An executor follows another executor alone; everything else ends with the death "
        "by itself."
    )


class BeginsLater(Malformed):
    code = "begins_later"
    sentence = _("What stands instead of another begins at once. Leave the beginning empty.")


class AnotherHas(Refusal):
    status = 403
    code = "another_has_to"
    sentence = _("Whoever recorded this can’t confirm it, too. Ask another supervisor.")


class PapersFirst(Refusal):
    code = "papers_first"
    sentence = _("The papers are missing. Add them first; then it can be confirmed.")


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: a file's number, or what it is and its cover sheet (1 to 120 characters); and the names on it."""

    names: Clean
    words: Clean
    file: int | None = None


@command("authority.record", by=[actors.Kind.AGENT, actors.Kind.SYSTEM], about="member:{member_id}")
def record_authority(
    *,
    by: Standing,
    now: datetime,
    member_id: int,
    number: str,
    name: Clean,
    kind: AuthorityKind,
    scopes: Sequence[str],
    paper: Paper | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    instead_of: int = 0,
) -> int:
    """Write down that another member may act for this one, from `since` (now where None) up to `until`.

    number, name: of whoever is to act, as the card core knows them; one that fits no member and one whose name is
    another look alike. What it is worth before its papers and its confirmation, `rules.state_at` says. instead_of: the
    authority over this member that ends as soon as this one lacks neither. Returns its id.

    Raises NotThere, NobodyOfThatName, TooFar, EndsBeforeItBegins, CannotFollow, BeginsLater, PaperUnknown,
    WrongPersonsPaper, TooMany.
    """
    member = _member(by.actor, member_id)
    count(AUTHORITIES, by.actor.key)
    person = _named(number, name, member)
    if too_much(kind, scopes):
        raise TooFar(field="scopes")
    begins = since or now
    if until is not None and (until <= begins or until <= now):
        raise EndsBeforeItBegins(field="until")
    old = _followed(member, instead_of, kind, begins, now) if instead_of else None
    row = Authority.objects.create(
        person=person,
        member=member,
        kind=kind,
        scopes=sorted(set(scopes)),
        instead_of=old,
        since=begins,
        until=until,
        recorded_at=now,
        recorded_by=by.actor.key,
        recorded_by_name=by.actor.name,
        **(_checked(by.actor, paper, person, member) if paper is not None else {}),
    )
    _happened(RECORDED, row, by, now)
    _end_the_old_one(row, by, now)
    return row.pk


@command("authority.add_papers", by=[actors.Kind.AGENT, actors.Kind.SYSTEM], about="authority:{authority_id}")
def add_papers(*, by: Standing, now: datetime, authority_id: int, paper: Paper) -> bool:
    """The document came. False: it has one already, or was revoked.

    Raises NotThere, PaperUnknown, WrongPersonsPaper, TooMany.
    """
    row = _row(by.actor, authority_id)
    count(AUTHORITIES, by.actor.key)
    checked = _checked(by.actor, paper, row.person, row.member)
    won = _open(row).filter(file=None, paper="").update(**checked)
    if won:
        _end_the_old_one(row, by, now)
    return bool(won)


@command("authority.confirm", by=[actors.Kind.AGENT, actors.Kind.SYSTEM], about="authority:{authority_id}")
def confirm_authority(*, by: Standing, now: datetime, authority_id: int) -> bool:
    """A supervisor has looked at it: it counts from now on (SR-26). False: it was confirmed already, or revoked.

    Raises NotPermitted, NotThere, AnotherHas for whoever recorded it, PapersFirst.
    """
    if not (by.actor.is_supervisor or by.actor.kind == actors.Kind.SYSTEM):
        raise NotPermitted()
    row = _row(by.actor, authority_id)
    if row.recorded_by == by.actor.key:
        raise AnotherHas()
    if TABLE.kinds[AuthorityKind(row.kind)].papers and not row.has_papers:
        raise PapersFirst()
    won = _open(row).filter(confirmed_at=None).update(
        confirmed_at=now, confirmed_by=by.actor.key, confirmed_by_name=by.actor.name
    )  # fmt: skip
    if won:
        _happened(CONFIRMED, row, by, now)
        _end_the_old_one(row, by, now)
    return bool(won)


@command("authority.revoke", by=[actors.Kind.AGENT, actors.Kind.SYSTEM], about="authority:{authority_id}")
def revoke_authority(*, by: Standing, now: datetime, authority_id: int, why: Clean) -> bool:
    """End it now: at the next command, on the next page, and open screens close at once (SR-24). It protects, so that
    every agent may. False: it was revoked already. Raises NotThere, WhyMissing, TooMany.
    """
    row = _row(by.actor, authority_id)
    if is_blank(why) or len(why) > LONGEST_WHY:
        raise WhyMissing(field="why")
    count(AUTHORITIES, by.actor.key)
    return _revoke(row, by, now, why)


@command("authority.act", by=[actors.Kind.MEMBER], about="member:{member_id}")
def begin_acting(*, by: Standing, now: datetime, member_id: int, kind: str) -> str:
    """Somebody goes on for a member they may act for now. Returns the word for their session (`Actor.acting`).

    Raises NotThere: no such member, or none they may act for now, in that capacity.
    """
    if scopes_to_act(by.actor.person_id, member_id, kind, now) is None:
        raise NotThere()
    close_screens_of(by.actor.person_id)
    return f"{member_id}:{kind}"


@command("authority.stop_acting", by=[actors.Kind.MEMBER], about="member")
def stop_acting(*, by: Standing, now: datetime) -> None:
    """Somebody speaks for themselves again."""
    close_screens_of(by.actor.person_id)


def speaks_in(contact_id: int, person_id: int, member_id: int, capacity: str) -> None:
    """In the running command: from now on this person speaks in a conversation, for its member."""
    at = executing().now
    Speaker.objects.create(
        contact=contact_id, person_id=person_id, member_id=member_id, capacity=capacity, at=at
    )


def close_screens_of(person_id: int) -> None:
    """Their open screens come back by themselves, as whoever they are then."""
    tell(f"revoked:member:{person_id}", None, {})


def close_screens_of_all_who_act_for(member_id: int) -> None:
    """Something changed for the principal: each screen of somebody who acts for them asks anew."""
    acting = Authority.objects.filter(member=member_id, revoked_at=None)
    for person_id in acting.values_list("person", flat=True).distinct():
        close_screens_of(person_id)


def _followed(
    member: Member, authority_id: int, kind: AuthorityKind, begins: datetime, now: datetime
) -> Authority:
    old = with_death(Authority.objects.filter(pk=authority_id, member=member), now).first()
    if old is None or not can_follow(kind, old.facts(old.died_at), now):  # type: ignore[attr-defined]
        raise CannotFollow(field="instead_of")
    if begins > now:
        raise BeginsLater(field="since")
    return old


def _end_the_old_one(row: Authority, by: Standing, now: datetime) -> None:
    """There is always one of the two, and never both: the old one ends in the moment the new one lacks nothing."""
    row.refresh_from_db()
    if row.instead_of is None or not lacks_nothing(row.facts(None)):
        return
    with override(current_profile().languages[0]):
        why = gettext("Another authority stands instead of it: number %(id)d.") % {"id": row.pk}
    _revoke(row.instead_of, by, now, clean(why))


def _revoke(row: Authority, by: Standing, now: datetime, why: Clean) -> bool:
    won = _open(row).update(
        revoked_at=now, revoked_by=by.actor.key, revoked_by_name=by.actor.name, revoked_why=why
    )
    if won:
        _happened(REVOKED, row, by, now)
        close_screens_of(row.person_id)
    return bool(won)


def _happened(event: str, row: Authority, by: Standing, now: datetime) -> None:
    happened(event, member_id=row.member_id, person=row.person.name, kind=row.kind, by=by, now=now)


def _member(actor: Actor, member_id: int) -> Member:
    member = Member.objects.filter(pk=member_id).first() if plugs.sight.may_open(actor, member_id) else None
    if member is None:
        raise NotThere()
    return member


def _row(actor: Actor, authority_id: int) -> Authority:
    row = visible(Authority, actor).select_related("person", "member").filter(pk=authority_id).first()
    if row is None:
        raise NotThere()
    return row


def _open(row: Authority) -> QuerySet[Authority]:
    return Authority.objects.filter(pk=row.pk, revoked_at=None)


def _named(number: str, name: Clean, member: Member) -> Member:
    person = Member.objects.filter(core_customer=number.strip()[:32]).exclude(pk=member.pk).first()
    if person is None or not _is_of(name, person):
        raise NobodyOfThatName(field="number")
    return person


def _checked(actor: Actor, paper: Paper, person: Member, member: Member) -> dict[str, object]:
    """A document about these two, and nobody's else."""
    if len(paper.words) > LONGEST_PAPER or len(paper.names) > LONGEST_NAMES or is_blank(paper.names):
        raise PaperUnknown(field="paper")
    if paper.file is None and is_blank(paper.words):
        raise PaperUnknown(field="paper")
    if not (_is_of(paper.names, person) and _is_of(paper.names, member)):
        raise WrongPersonsPaper(field="names")
    if paper.file is not None and plugs.papers.owner_of(actor, paper.file) not in (person.pk, member.pk):
        raise WrongPersonsPaper(field="file")
    return {"file": paper.file, "paper": paper.words, "names": paper.names}


def _is_of(names: Clean, member: Member) -> bool:
    return is_their_name(str(names), member.given_name, member.family_name)
