"""What a conversation does with what is typed beside it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cardline.flows.commands import answer_flow, end_for_person
from cardline.flows.hearing import Heard, hear, person_words_of
from cardline.flows.models import FlowRun
from cardline.flows.queries import standing_of
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit import sql
from cardline.kit.actors import Standing
from cardline.kit.events import reacts_to
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Refusal
from cardline.kit.words import Reader

_IS_OPEN = "SELECT id FROM flows_flowrun WHERE contact_id = %s AND state = 'open'"


@reacts_to("contact.said_briefly")
def it_may_be_an_answer(contact_id: int, text: Clean, by: Standing, now: datetime) -> None:
    """While nobody has taken the chat, a few words answer the question that stands there, or ask for a person.

    They are a message all the same. What is not understood, or refused, stays a message and nothing else.
    """
    found = sql.row(_IS_OPEN, [contact_id])
    if found is None:
        return
    run = FlowRun.objects.select_related("member", "case", "contact__home_case").get(pk=found[0])
    try:
        standing = standing_of(by.actor, run, now)
    except CoreUnknown:
        return
    if standing.ask is None:
        return
    reader = Reader(run.language, current_profile().zone, now)
    person_words = person_words_of(current_profile().voice_menu)
    heard = hear(text, standing.ask, standing.choices, reader, person_words)
    if heard is Heard.PERSON:
        end_for_person(by=by, now=now, token=run.token)
    elif not isinstance(heard, Heard):
        given = [clean(one) for one in heard]
        try:
            with transaction.atomic():
                answer_flow(by=by, now=now, token=run.token, steps=run.steps, answer=given)
        except Refusal:
            return
