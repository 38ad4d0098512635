"""One member's whole story as rows, for tests that ask who may see what of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from cardline.api.commands import create_key
from cardline.api.scopes import SCOPES
from cardline.cases.commands import classify_case
from cardline.cases.models import Case
from cardline.contact.commands import send_message, take_contact
from cardline.contact.models import Contact
from cardline.demo.people import actor_of
from cardline.desk.models import Note
from cardline.identity.commands import record_sign_in
from cardline.identity.queries import session_hash
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.reference import new_reference, show_reference
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise
from cardline.routing.commands import start_chat
from cardline.staff.commands import set_presence

NEED = "lost_stolen.report"
SECRET_NOTE = "The caller sounded rushed; ask twice."


@dataclass
class Caller:
    """A client of the API with one key. number: the member it speaks for, "" for the issuer's system."""

    secret: str
    number: str = ""
    client: Client = field(default_factory=Client)
    calls: int = 0

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get("/api/v1" + path, headers=self.headers(**headers))

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> Any:
        self.calls += 1
        sent = self.headers(**headers) | {"Idempotency-Key": key or f"call-{self.calls:08}"}
        return self.client.post("/api/v1" + path, body, content_type="application/json", headers=sent)

    def headers(self, **more: str) -> dict[str, str]:
        spoken_for = {"Cardline-On-Behalf-Of": self.number} if self.number else {}
        return {"Authorization": f"Bearer {self.secret}", **spoken_for, **more}


@dataclass(frozen=True)
class Scene:
    """Rosa wrote; Dana has it, noted something, made a promise to her and one among colleagues.

    nowhere: a reference that is well formed and given to nobody.
    """

    case: Case
    contact: Contact
    promise: Promise
    staff_promise: Promise
    nowhere: str

    @property
    def ref(self) -> str:
        return show_reference(self.case.ref)


def make_key(*scopes: str, name: str = "Core bridge") -> str:
    made = create_key(by=SYSTEM, now=clock.now(), name=clean(name), scopes=list(scopes or SCOPES))
    return str(made["key"])


def set_scene(cast: Any) -> Scene:
    now = clock.now()
    dana, rosa = actor_of(cast.dana), signed_in_actor(cast.rosa)
    set_presence(by=dana, now=now, state="available")
    began = start_chat(by=rosa, now=now, need=NEED, text=clean("My card is gone."), language="en", plan={})
    contact_id, case_id = began["contact_id"], began["case_id"]
    take_contact(by=dana, now=now, contact_id=contact_id)
    send_message(by=dana, now=now, contact_id=contact_id, text=clean("I have frozen it."))
    classify_case(by=dana, now=now, case_id=case_id, need="lost_stolen.card_compromised")
    Note.objects.create(case_id=case_id, contact_id=contact_id, agent=cast.dana, at=now, text=SECRET_NOTE)
    promises = [
        make_promise(
            by=dana,
            now=now,
            case_id=case_id,
            contact_id=contact_id,
            text=clean(text),
            due_at=now + timedelta(days=5),
            due_zone="America/Chicago",
            source=Promise.Source.PERSON,
            owner_id=cast.dana.pk,
            audience=audience,
        )["promise_id"]
        for text, audience in (("Send a new card", "member"), ("Check the courier", "staff"))
    ]
    return Scene(
        case=Case.objects.get(pk=case_id),
        contact=Contact.objects.get(pk=contact_id),
        promise=Promise.objects.get(pk=promises[0]),
        staff_promise=Promise.objects.get(pk=promises[1]),
        nowhere=show_reference(unused_reference()),
    )


def signed_in_actor(member: Any) -> Actor:
    """A member who is signed in, so that their contacts are known at V2."""
    session = session_hash(f"a session of {member.pk}")
    record_sign_in(by=SYSTEM, now=clock.now(), member_id=member.pk, session=session)
    return actor_of(member, session)


def unused_reference() -> str:
    while Case.objects.filter(ref=(ref := new_reference())).exists():
        pass
    return ref
