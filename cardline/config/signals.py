"""What libraries with tables of their own do, brought into our log: sign-ins, sign-outs, failures."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from cardline.identity.commands import record_sign_in, record_sign_out
from cardline.identity.entering import way_of
from cardline.identity.guesses.commands import count_wrong
from cardline.identity.middleware import seen_lately
from cardline.identity.queries import session_hash
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.news import News, publish
from cardline.members.models import Member
from cardline.staff.factors import showed_second_factor
from cardline.staff.models import Agent
from cardline.staff.queries import session_named
from cardline.staff.rules import device_of
from cardline.staff.sessions import begin_session, end_session, record_new_password, record_second_factor

log = logging.getLogger("cardline.signin")


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    # The session key is rotated at sign-in; the new one is made now so that evidence can be bound to it.
    if not request.session.session_key:
        request.session.save()
    session = session_hash(request.session.session_key)
    member = Member.objects.filter(user=user).first()
    if member is not None:
        device = device_of(request.headers.get("User-Agent", ""))
        record_sign_in(
            by=SYSTEM,
            now=clock.now(),
            member_id=member.pk,
            session=session,
            device=device,
            way=way_of(request),
        )
        seen_lately.is_due(session)  # signing in was a sign of life, too: the next page need not write one
    if showed_second_factor(request, user):
        _begin_colleagues_session(request, user)


def _begin_colleagues_session(request: HttpRequest, user: Any) -> None:
    agent = Agent.objects.filter(user=user, active=True).first()
    if agent is not None:
        begin_session(
            by=SYSTEM,
            now=clock.now(),
            agent_id=agent.pk,
            session=session_hash(request.session.session_key),
            device=device_of(request.headers.get("User-Agent", "")),
        )


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    session = session_hash(request.session.session_key)
    if session:
        record_sign_out(by=SYSTEM, now=clock.now(), session=session)
    colleagues = session_named(session)
    if colleagues is not None:
        end_session(by=SYSTEM, now=clock.now(), session_id=colleagues.pk)
    member = Member.objects.filter(user=user).first() if user is not None else None
    if member is not None:
        publish([News(f"revoked:member:{member.pk}", None, "{}")])  # open screens of theirs close at once


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: Any, **kwargs: Any) -> None:
    log.warning("signin.failed")
    member = Member.objects.filter(user__username=credentials.get("username", "")).first()
    if member is not None:
        count_wrong(by=SYSTEM, now=clock.now(), member_id=member.pk, proof="password")


@receiver(password_changed)
def chose_a_new_password(sender: Any, user: Any, **kwargs: Any) -> None:
    agent = Agent.objects.filter(user=user).first()
    if agent is not None:
        record_new_password(by=SYSTEM, now=clock.now(), agent_id=agent.pk)


@receiver(authentication_failed)
def second_factor_failed(sender: Any, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    log.warning("signin.second_factor_failed", extra={"user": user.pk, "kind": authenticator.type})


@receiver(authenticator_added)
def second_factor_added(
    sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Setting one up shows it. A colleague's first makes the session they did it in theirs."""
    _record(user, authenticator, "added")
    is_one = authenticator.type != Authenticator.Type.RECOVERY_CODES
    if is_one and session_named(session_hash(request.session.session_key)) is None:
        _begin_colleagues_session(request, user)


@receiver(authenticator_removed)
def second_factor_removed(sender: Any, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    _record(user, authenticator, "removed")


@receiver(authenticator_reset)
def second_factor_renewed(sender: Any, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    _record(user, authenticator, "renewed")


def _record(user: Any, authenticator: Authenticator, change: str) -> None:
    agent = Agent.objects.filter(user=user).first()
    if agent is not None:
        record_second_factor(
            by=SYSTEM, now=clock.now(), agent_id=agent.pk, kind=str(authenticator.type), change=change
        )
