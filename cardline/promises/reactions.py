"""What promises do when something happens in a contact."""

from __future__ import annotations

from datetime import datetime

from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.events import reacts_to
from cardline.kit.redact import clean
from cardline.members.models import Member
from cardline.promises.commands import do_promise, look_again, make_promise
from cardline.promises.ladder import answer_by
from cardline.promises.models import LegalClock, Promise

# Kept in the member's language, like every promise: it is read on their page.
_ANSWERED = {"en": "{name} answered.", "es": "Respondió {name}."}
_LOOK_INTO_IT = {
    "en": "Find out who spoke in your name, and tell you",
    "es": "Averiguar quién habló en su nombre y decírselo",
}


@reacts_to("contact.answered_in_words")
def an_answer_keeps_the_promise_to_answer(contact_id: int, name: str, now: datetime) -> None:
    """We promised an answer to a message, and here it is: kept, with who wrote it as evidence."""
    waiting = Promise.objects.filter(contact=contact_id, source=Promise.Source.ROUTING, done_at=None).filter(
        state__in=[Promise.State.OPEN, Promise.State.MISSED]
    )
    for promise_id in list(waiting.values_list("pk", flat=True)):
        language = Contact.objects.values_list("language", flat=True).get(pk=contact_id)
        evidence = clean(_ANSWERED.get(language, _ANSWERED["en"]).format(name=name))
        do_promise(by=SYSTEM, now=now, promise_id=promise_id, evidence=evidence)


@reacts_to("contact.moved")
def promises_go_where_their_contact_goes(contact_id: int, case_id: int, now: datetime) -> None:
    before = set(Promise.objects.filter(contact=contact_id).values_list("case_id", flat=True))
    Promise.objects.filter(contact=contact_id).update(case_id=case_id)
    LegalClock.objects.filter(promise__contact=contact_id).update(case_id=case_id)
    for touched in before | {case_id}:
        look_again(touched, now)


@reacts_to("contact.ended")
def look_at_the_case_when_a_promise_is_due(contact_id: int, case_id: int, now: datetime) -> None:
    """After the conversation, the case comes up again when its next promise is due, or not at all."""
    look_again(case_id, now)


@reacts_to("contact.denied")
def who_spoke_in_their_name_is_looked_into(case_id: int, now: datetime) -> None:
    """The member said that it was not them: somebody finds out who it was, by when their queue answers."""
    case = Case.objects.get(pk=case_id)
    language = Member.objects.values_list("language", flat=True).get(pk=case.member_id or 0)
    make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=clean(_LOOK_INTO_IT.get(language, _LOOK_INTO_IT["en"])),
        due_at=answer_by(case.queue, now),
        due_zone=current_profile().time_zone,
        source=Promise.Source.FLOW,
    )
