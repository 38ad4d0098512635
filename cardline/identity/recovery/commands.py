"""Getting back in without a passkey or password: by a bound phone, the facts of the record, and a wait (SR-39).

Two independent things are shown, and then time passes in which every contact point is told and one press stops it. So
nobody gets further this way than with what it gives back. E-mail alone is never enough; whoever has no phone that
counts any more is helped by people.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.identity.arrivals import user_of
from cardline.identity.codes.commands import Place, try_code
from cardline.identity.facts import is_a_fact_of_theirs
from cardline.identity.guesses.commands import begin_guess, count_wrong
from cardline.identity.models import Evidence, Recovery, SignInChange
from cardline.identity.notices import tell_of_change, tell_of_recovery
from cardline.identity.passkeys.commands import let_make_one
from cardline.identity.recovery.rules import USABLE_FOR, State, recovery_named, state_at, stop_word
from cardline.identity.rules import Proof
from cardline.identity.signing_in.commands import RECOVER
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.secret import Secret
from cardline.members.models import Member
from cardline.members.rules import is_their_name

STOP = "/sign-in/stop/"


@command("recovery.ask", by=[Kind.SYSTEM], about="member:{member_id}")
def ask_recovery(
    *,
    by: Standing,
    now: datetime,
    member_id: int,
    session: str,
    name: Secret,
    postal_code: Secret,
    code: Secret,
) -> dict[str, Any]:
    """Somebody shows the code sent to a bound phone and knows name and postal code, in the session they asked in.

    Returns {"state", "due_at", "user", "recovery"}: a `State`; when the wait is over; once it is, who may come in by
    which. Which of the three was wrong is told to nobody, and each wrong try counts.
    """
    if not _facts_fit(member_id, name, postal_code):
        begin_guess(member_id)
        count_wrong(by=by, now=now, member_id=member_id, proof=Proof.FACTS)
        return _answer(State.NO)
    if not try_code(by, now, Place(member_id, session=session, action=RECOVER), code)["matched"]:
        return _answer(State.NO)
    # The code begins a wait and says nothing else: until that is over, nobody is known in the browser it was typed in.
    typed_here = Evidence.objects.filter(member=member_id, session=session, action=RECOVER, revoked_at=None)
    typed_here.update(revoked_at=clock.machine_now())
    Recovery.objects.filter(member=member_id, stopped_at=None, used_at=None, ends_at__lte=now).update(
        stopped_at=now
    )
    found = Recovery.objects.filter(member=member_id, stopped_at=None, used_at=None).first()
    if found is None:
        return _answer(State.BEGUN, _begin(member_id, now))
    state = state_at(found.due_at, now)
    if state == State.OPEN and not _still_open(found.pk).update(used_at=now):
        return _answer(State.NO)
    return _answer(state, found)


@command("recovery.use", by=[Kind.SYSTEM], about="recovery:{recovery_id}")
def let_in(*, by: Standing, now: datetime, recovery_id: int, session: str) -> bool:
    """Whoever came in by this recovery may make a passkey, in that session alone; every contact point is told that
    somebody did. session: its hash after signing in.

    False: somebody did so with it before.
    """
    used = Recovery.objects.filter(pk=recovery_id, used_at__isnull=False, session="")
    if not used.update(session=session):
        return False
    member_id = Recovery.objects.get(pk=recovery_id).member_id
    tell_of_change(member_id, SignInChange.Kind.RECOVERED, now)
    let_make_one(member_id, session)
    return True


@command("recovery.stop", by=[Kind.GUEST, Kind.MEMBER, Kind.AGENT], about="recovery")
def stop_by_link(*, by: Standing, now: datetime, word: str) -> bool:
    """ "This was not me": one press, by whoever has the notice. False: it was over already, or there is none."""
    return bool(_still_open(recovery_named(word)).update(stopped_at=now))


@command("recovery.stop_own", by=[Kind.MEMBER], about="member")
def stop_own(*, by: Standing, now: datetime) -> bool:
    """The same by the member, who is signed in and sees that one runs."""
    return bool(
        Recovery.objects.filter(member=by.party, stopped_at=None, used_at=None).update(stopped_at=now)
    )


def _facts_fit(member_id: int, name: Secret, postal_code: Secret) -> bool:
    """Both are compared whatever the first says; a member without a postal code is helped by people."""
    member = Member.objects.filter(pk=member_id, locked_at=None).first()
    given, family, code = (
        (member.given_name, member.family_name, member.postal_code) if member else ("nobody", "at all", "")
    )
    right_name = is_their_name(name.reveal(), given, family)
    right_code = is_a_fact_of_theirs(postal_code.reveal(), [code])
    return member is not None and right_name and right_code


def _begin(member_id: int, now: datetime) -> Recovery:
    due_at = now + current_profile().sign_in.recovery_wait
    made = Recovery.objects.create(
        member_id=member_id, asked_at=now, due_at=due_at, ends_at=due_at + USABLE_FOR
    )
    tell_of_recovery(member_id, STOP + stop_word(made.pk), now)
    return made


def _still_open(recovery_id: int) -> Any:
    return Recovery.objects.filter(pk=recovery_id, stopped_at=None, used_at=None)


def _answer(state: State, found: Recovery | None = None) -> dict[str, Any]:
    comes_in = state == State.OPEN and found is not None
    return {
        "state": state.value,
        "due_at": found.due_at.isoformat() if found else "",
        "user": user_of(found.member_id).pk if found and comes_in else 0,
        "recovery": found.pk if found and comes_in else 0,
    }
