"""What "not me" does, whatever it is about: nobody stays signed in, no card can be used, and a person is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cardline.cases import timeline
from cardline.cases.commands import open_case, set_attention
from cardline.contactdata.changes.filing import TAKEN_BACK, settle
from cardline.contactdata.changes.writing import take_back
from cardline.contactdata.people import system_for
from cardline.contactdata.protecting.freezing import NOT_ME, freeze_all_or_keep_trying
from cardline.contactdata.words import CHECK_WITH_YOU, FREEZE_AND_CHECK, in_their_language
from cardline.contactdata.words import NOT_ME as NOT_ME_CASE
from cardline.identity.changes.undoing import take_back_since
from cardline.identity.commands import end_all_sessions
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.members.models import ContactChange, Member
from cardline.notify.outgoing import tell
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise

NEED = "lost_stolen.account_not_mine"  # its queue is the urgent one
State = ContactChange.State


def take_back_all(changes: list[ContactChange], now: datetime) -> list[ContactChange]:
    """Those that stood or waited, the newest first, so that each finds what it made."""
    return [one for one in changes if take_back(one, now)]


def unsure_since(member_id: int, since: datetime) -> list[ContactChange]:
    """Their changes from then on that stand or wait and that nobody was sure of, the newest first."""
    later = ContactChange.objects.filter(
        member=member_id, state__in=(State.WAITING, State.DONE), asked_at__gte=since, validated_at=None
    )
    return list(later.order_by("-asked_at", "-pk"))


def protect(
    member_id: int, since: datetime, taken_back: list[ContactChange], about: Mapping[str, Any], now: datetime
) -> dict[str, int]:
    """Inside a command, once something was taken back. since: ways in that came from then on sign nobody in any more.
    about: what the case's line says besides. Returns {"case", "promise"}.
    """
    end_all_sessions(by=SYSTEM, now=now, member_id=member_id)
    member, actor = Member.objects.get(pk=member_id), system_for(member_id)
    opened = open_case(by=actor, now=now, need=NEED, subject=in_their_language(NOT_ME_CASE, member))
    case_id = int(opened["case_id"])
    ways = take_back_since(member_id, since, now, case_id)
    done = freeze_all_or_keep_trying(member_id, case_id, now)
    data = {
        **about,
        "frozen": done.frozen,
        "asked": done.asked,
        "waits": not done.is_whole,
        "taken_back": len(taken_back),
        "ways": ways,
    }
    timeline.append(case_id, NOT_ME, data=data)
    promise_id = _promise(member, case_id, now, is_frozen=done.is_whole)
    for one in taken_back:
        if one.case:
            settle(one, TAKEN_BACK, "Taken back: somebody said it was not the member", now)
        ContactChange.objects.filter(pk=one.pk).update(case=case_id)
    set_attention(case_id, now, now)
    tell(member_id, "news", {"link": "/contacts"}, now=now, urgent=True)
    return {"case": case_id, "promise": promise_id}


def _promise(member: Member, case_id: int, now: datetime, *, is_frozen: bool) -> int:
    profile = current_profile()
    made = make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=in_their_language(CHECK_WITH_YOU if is_frozen else FREEZE_AND_CHECK, member),
        due_at=profile.answer_by(profile.need_family(NEED).queue, now),
        due_zone=profile.time_zone,
        source=Promise.Source.FLOW,
        rule="contact_data.not_me",
    )
    return int(made["promise_id"])
