"""A member's password, where the issuer lets them have one: judged, chosen, taken away.

Rules of NIST SP 800-63B: 15 characters where it is the only factor, 8 beside another; nothing about what they are made
of; compared with a list of passwords that are known to have leaked. The list is the one Django brings (20,000, gathered
by Royce Williams from published leaks; django/contrib/auth/password_validation.py).
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext, ngettext

from cardline.identity.arrivals import user_of
from cardline.identity.commands import end_other_sessions
from cardline.identity.models import SignInChange, User
from cardline.identity.notices import tell_of_change
from cardline.identity.ways import WAYS_IN, refuse_last
from cardline.issuer.profile import current_profile
from cardline.issuer.profile.sign_in import PASSWORD
from cardline.kit import outside
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.secret import Secret

SHORTEST_ALONE, SHORTEST_WITH_CODE = 15, 8
LONGEST = 128


@lru_cache(maxsize=1)
def _leaked() -> CommonPasswordValidator:
    return CommonPasswordValidator()


def shortest() -> int:
    """How many characters a password of this issuer's members has at least."""
    return SHORTEST_WITH_CODE if current_profile().sign_in.password_needs_code else SHORTEST_ALONE


def problem_with(password: Secret) -> str:
    """Why it cannot be one, in a sentence; "" when it can."""
    words = _tidy(password)
    if len(words) < shortest():
        n = shortest()
        said = ngettext("Use %(n)d character or more.", "Use %(n)d characters or more.", n) % {"n": n}
        return f"{said} {gettext('A few words that do not belong together do.')}"
    if len(words) > LONGEST:
        return gettext("Use %(n)d characters at most.") % {"n": LONGEST}
    try:
        _leaked().validate(words)
    except ValidationError:
        return gettext("Many people use that one, so it is tried first. Choose another.")
    return ""


def is_password_of(member_id: int, typed: Secret) -> bool:
    """One look-up and one hashing, for nobody's and for somebody without a password too. Slow: outside of commands."""
    user = User.objects.filter(member=member_id).only("password").first()
    kept = user.password if user is not None and user.has_usable_password() else _nobodys()
    return check_password(_tidy(typed), kept) and kept != _nobodys()


@command("identity.choose_password", by=[Kind.MEMBER], level=WAYS_IN, about="member")
def choose_password(*, by: Standing, now: datetime, password: Secret) -> int:
    """From now on the member can sign in with it; the others of their sessions end, and every contact point is told.

    Returns how many sessions ended. Raises NotThere where the issuer has no passwords, Malformed.
    """
    if PASSWORD not in current_profile().sign_in.ways:
        raise NotThere()
    if problem_with(password):
        raise Malformed(problem_with(password), field="password")
    # Hashing takes as long as a hundred commands, so nobody waits for it behind this one.
    hashed = outside.answer_to(f"hash:{password}", lambda: make_password(_tidy(password)))
    User.objects.filter(pk=user_of(by.party).pk).update(password=hashed)
    tell_of_change(by.party, SignInChange.Kind.PASSWORD, now)
    return int(end_other_sessions(by=by, now=now))


@command("identity.remove_password", by=[Kind.MEMBER], level=WAYS_IN, about="member")
def remove_password(*, by: Standing, now: datetime) -> None:
    """It signs nobody in any more. Raises NotThere (there is none), LastWayIn."""
    user = user_of(by.party)
    if not user.has_usable_password():
        raise NotThere()
    refuse_last(by.party, now, without_password=True)
    User.objects.filter(pk=user.pk).update(password=make_password(None))
    tell_of_change(by.party, SignInChange.Kind.PASSWORD_REMOVED, now)


def _tidy(password: Secret) -> str:
    """The same letters are the same password, whatever keyboard composed them (NFKC)."""
    return unicodedata.normalize("NFKC", password.reveal())


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """A hash that costs what others cost, of words nobody knows."""
    return make_password(get_random_string(40))
