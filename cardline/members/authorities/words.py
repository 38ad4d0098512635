"""Capacities in words: as what somebody acts, what that lets them do, and why a row is worth nothing now."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cardline.members.authorities.rules import State
from cardline.members.authorities.table import AuthorityKind, Scope

NAMES: dict[AuthorityKind, LazyText] = {
    AuthorityKind.JOINT_OWNER: pgettext_lazy("acts as", "joint owner"),
    AuthorityKind.ADDITIONAL_CARD_MEMBER: pgettext_lazy("acts as", "additional card member"),
    AuthorityKind.MANAGER_LIMITED: pgettext_lazy("acts as", "account manager, limited"),
    AuthorityKind.MANAGER_FULL: pgettext_lazy("acts as", "account manager, full"),
    AuthorityKind.POWER_OF_ATTORNEY: pgettext_lazy("acts as", "power of attorney"),
    AuthorityKind.EXECUTOR: pgettext_lazy("acts as", "executor"),
    AuthorityKind.GUARDIAN: pgettext_lazy("acts as", "guardian"),
    AuthorityKind.PROGRAM_ADMINISTRATOR: pgettext_lazy("acts as", "program administrator"),
    AuthorityKind.ATTORNEY: pgettext_lazy("acts as", "attorney"),
}

SCOPES: dict[Scope, LazyText] = {
    Scope.SEE: pgettext_lazy("may", "see"),
    Scope.PAY: pgettext_lazy("may", "pay"),
    Scope.DISPUTE: pgettext_lazy("may", "dispute"),
    Scope.REPLACE: pgettext_lazy("may", "replace cards"),
    Scope.REDEEM: pgettext_lazy("may", "use points"),
    Scope.ADD_CARDS: pgettext_lazy("may", "add cards"),
    Scope.CLOSE: pgettext_lazy("may", "close"),
}

# In a sentence to somebody who may not: "that does not include …".
DOING: dict[Scope, LazyText] = {
    Scope.SEE: _("seeing balances, charges and statements"),
    Scope.PAY: _("paying"),
    Scope.DISPUTE: _("disputing charges"),
    Scope.REPLACE: _("replacing, activating or unfreezing cards"),
    Scope.REDEEM: _("using points"),
    Scope.ADD_CARDS: _("adding cards"),
    Scope.CLOSE: _("closing an account"),
}

STATES: dict[State, LazyText] = {
    State.VALID: _("Valid"),
    State.REVOKED: _("Revoked"),
    State.ENDED_BY_DEATH: _("Ended with the member’s death"),
    State.OVER: _("Over"),
    State.WAITS_FOR_PAPERS: _("Waits for papers"),
    State.UNCONFIRMED: _("Waits for a supervisor"),
    State.WAITS_FOR_DEATH: _("Begins when the member’s death is recorded"),
    State.PLANNED: _("Not yet begun"),
}


def name_of(kind: str) -> str:
    """As what somebody acts, in the middle of a sentence."""
    return str(NAMES[AuthorityKind(kind)])


def may(scopes: Iterable[str]) -> str:
    """ "see, pay, close", in the order of the table; what protects goes without saying."""
    given = set(scopes)
    return ", ".join(str(SCOPES[scope]) for scope in Scope if scope in given)


def by_for(person: str, capacity: str, member: str) -> str:
    """ "Ruth Adeyemi, executor, for Owen Blake": how whatever somebody did for another is signed."""
    named = {"person": person, "capacity": name_of(capacity), "member": member}
    return gettext("%(person)s, %(capacity)s, for %(member)s") % named
