"""Who may act for a member, as the desk shows it: beside the member, in a conversation, and on a page with all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cardline.cards.visibility import member_seen_by
from cardline.cases.models import Case
from cardline.files.models import StoredFile
from cardline.kit.actors import Actor
from cardline.kit.reference import show_reference
from cardline.kit.visibility import visible
from cardline.members.authorities.queries import authorities_over, state_of
from cardline.members.authorities.rules import State, scopes_of
from cardline.members.authorities.table import TABLE, AuthorityKind, Scope
from cardline.members.authorities.words import SCOPES, STATES, may
from cardline.members.models import Authority, Member
from cardline.ui.capacities import capacity_name

NO_MORE = (State.REVOKED, State.OVER, State.ENDED_BY_DEATH)


@dataclass(frozen=True, slots=True)
class SpeaksFor:
    """Somebody who may speak for a member now. value: what a form sends to say that it is they, "12:executor"."""

    value: str
    name: str
    capacity: str
    may: str


@dataclass(frozen=True, slots=True)
class ShownAuthority:
    """An authority in words. instead_of: whose it replaces, "" for none. files: that could be its document. can_…: by
    whoever looks, now.
    """

    row: Authority
    capacity: str
    may: str
    state: State
    state_words: str
    file_name: str
    instead_of: str
    files: list[StoredFile]
    can_add_papers: bool
    can_confirm: bool
    can_revoke: bool


@dataclass(frozen=True, slots=True)
class AuthoritiesPage:
    """case: the member's newest that the reader sees, to go back to; takes_files: it is open, so that papers can be
    added to it. files: that could be a new one's document; checking: how many more are still being checked.
    """

    member: Member
    case_id: int
    reference: str
    current: list[ShownAuthority]
    earlier: list[ShownAuthority]
    takes_files: bool
    checking: int
    files: list[StoredFile]
    kinds: list[tuple[str, str, str]]
    scopes: list[tuple[str, str]]


def speakers_for(actor: Actor, member_id: int, now: datetime) -> list[SpeaksFor]:
    """Who may speak for a member now, in one statement."""
    rows = [row for row in authorities_over(actor, member_id, now) if state_of(row, now) is State.VALID]
    return [
        SpeaksFor(
            f"{row.person_id}:{row.kind}",
            row.person.name,
            capacity_name(row.kind),
            may(scopes_of([row.facts(None)])),
        )
        for row in rows
    ]


def authorities_page(actor: Actor, member_id: int, now: datetime) -> AuthoritiesPage:
    """The page of a member of whom the actor sees a case. Raises NotThere."""
    member = member_seen_by(actor, member_id)
    # "open" before "closed": in the order of the words, backwards.
    case = visible(Case, actor).filter(member=member).order_by("-state", "-opened_at", "-pk")[0]
    rows = authorities_over(actor, member_id, now)
    files = _papers(actor, {member_id, *(row.person_id for row in rows)})
    shown = [_shown(actor, row, files, now) for row in rows]
    return AuthoritiesPage(
        member=member,
        case_id=case.pk,
        reference=show_reference(case.ref),
        current=[one for one in shown if one.state not in NO_MORE],
        earlier=[one for one in shown if one.state in NO_MORE],
        takes_files=case.state == Case.State.OPEN,
        checking=_given(actor, {member_id}).filter(state=StoredFile.State.WAITING).count(),
        files=[file for file in files if file.member_id == member_id],
        kinds=[(kind.value, capacity_name(kind), may(TABLE.kinds[kind].may)) for kind in AuthorityKind],
        scopes=[(scope.value, str(SCOPES[scope])) for scope in Scope],
    )


def _papers(actor: Actor, people: set[int]) -> list[StoredFile]:
    """Checked files these people gave us, as far as the reader sees them."""
    clean = _given(actor, people).filter(state=StoredFile.State.CLEAN)
    return list(clean.order_by("-given_at", "-pk"))


def _given(actor: Actor, people: set[int]) -> QuerySet[StoredFile]:
    return visible(StoredFile, actor).filter(member__in=people)


def _named(row: Authority) -> str:
    return f"{row.person.name} · {capacity_name(row.kind)}"


def _shown(actor: Actor, row: Authority, files: list[StoredFile], now: datetime) -> ShownAuthority:
    state, rule = state_of(row, now), TABLE.kinds[AuthorityKind(row.kind)]
    is_open = state not in NO_MORE
    needs_confirming = is_open and rule.confirmed and row.confirmed_at is None
    has_what_it_needs = row.has_papers or not rule.papers
    is_another = actor.is_supervisor and row.recorded_by != actor.key
    document = next((file for file in files if file.pk == row.file), None)
    return ShownAuthority(
        row=row,
        capacity=capacity_name(row.kind),
        may=may(row.facts(None).scopes),
        state=state,
        state_words=str(STATES[state]),
        file_name=document.name if document else "",
        instead_of=_named(row.instead_of) if row.instead_of else "",
        files=[file for file in files if file.member_id in (row.member_id, row.person_id)],
        can_add_papers=is_open and not row.has_papers,
        can_confirm=needs_confirming and has_what_it_needs and is_another,
        can_revoke=is_open,
    )
