"""Capacities in words: as what somebody acts, what that lets them do, and why a row is worth nothing now."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cardline.members.authorities.rules import State
from cardline.members.authorities.table import Scope

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


def may(scopes: Iterable[str]) -> str:
    """ "see, pay, close", in the order of the table; what protects goes without saying."""
    given = set(scopes)
    return ", ".join(str(SCOPES[scope]) for scope in Scope if scope in given)
