"""What libraries with tables of their own do, brought into our log: sign-ins, sign-outs, failures."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from cardline.identity.commands import record_sign_in, record_sign_out
from cardline.identity.queries import session_hash
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.news import News, publish
from cardline.members.models import Member
from cardline.staff.models import Agent

log = logging.getLogger("cardline.signin")


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    # The session key is rotated at sign-in; the new one is made now so that evidence can be bound to it.
    if not request.session.session_key:
        request.session.save()
    member = Member.objects.filter(user=user).first()
    if member is not None:
        record_sign_in(
            by=SYSTEM, now=clock.now(), member_id=member.pk, session=session_hash(request.session.session_key)
        )


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    session = session_hash(request.session.session_key)
    if session:
        record_sign_out(by=SYSTEM, now=clock.now(), session=session)
    if user is not None:
        agent = Agent.objects.filter(user=user).first()
        member = Member.objects.filter(user=user).first()
        who = f"agent:{agent.pk}" if agent else f"member:{member.pk}" if member else ""
        if who:
            publish([News(f"revoked:{who}", None, "{}")])  # open screens of theirs close at once


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: Any, **kwargs: Any) -> None:
    log.warning("signin.failed")
