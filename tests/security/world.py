"""The scene with everybody who might ask about it, and each address with what to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from fido2.utils import websafe_encode

from cardline.api.commands import hash_of, revoke_key
from cardline.api.models import ApiKey
from cardline.api.tests.scene import NEED, Caller, Scene, make_key, set_scene, signed_in_actor
from cardline.audit.commands import forget_marks
from cardline.audit.models import Alarm
from cardline.cards.models import Hold, Report, StrangersWord
from cardline.cards.programs.commands import end_for_leaver
from cardline.cards.programs.queries import employee_cards
from cardline.cases.models import Case
from cardline.contact.asks.commands import ask_in_app
from cardline.contact.commands import attach_contact
from cardline.contact.models import Contact, Move
from cardline.contactdata.changes.commands import ask_for_phone
from cardline.demo.people import actor_of
from cardline.files.commands import add_file, pass_file, take_up_check
from cardline.flows.commands import start_flow
from cardline.fraud.commands import raise_alert
from cardline.identity.models import MemberSession, Recovery, SignInChange
from cardline.identity.passkeys.ceremony import to_make, what_was_made
from cardline.identity.passkeys.rules import new_challenge
from cardline.identity.queries import ACTING_SESSION_KEY, session_hash
from cardline.identity.recovery.rules import stop_word
from cardline.identity.tests.device import HOST, Device
from cardline.issuer.core import AlertEvent, Which, current_core
from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.redact import clean
from cardline.kit.reference import contact_reference
from cardline.members.authorities.commands import revoke_authority
from cardline.members.authorities.tests.scene import record
from cardline.members.contactdata.tokens import EMAIL_LINK, NOT_ME, SIGN_IN, token_of
from cardline.members.models import ContactChange, Program
from cardline.members.programs.queries import acting_for
from cardline.members.restrictions.tests.scene import place
from cardline.notify.letters.commands import send_letter
from cardline.notify.letters.models import Letter
from cardline.notify.letters.tests.samples import facts_of
from cardline.payments.tests.scene import ROUTING, bank, pay, today
from cardline.promises.legal.commands import start_clocks
from cardline.routing.commands import start_chat
from cardline.selfservice.tests.bills import account_of, stated
from cardline.staff.sessions import begin_session

ACTORS = (
    "guest",
    "member",
    "other",
    "additional",
    "program",
    "agent",
    "colleague",
    "supervisor",
    "administrator",
)
CAPACITIES = (
    "joint", "additional", "limited", "full", "power", "executor", "early", "guardian", "attorney", "program", "ended",
    "revoked",
)  # fmt: skip
CALLERS = ("nobody", "issuer", "member", "other", "revoked")

BACKEND = "cardline.identity.backend.SignInBackend"
HUGE = 2**40  # an id that nothing has
NO_CARD = "card_ffffffffffffffffffff"
NO_STATEMENT = "stm_ffffffffffffffffffff"
NO_TRANSACTION = "txn_ffffffffffffffffffff"
NO_PAYMENT = "pay_ffffffffffffffffffff"
NO_BANK = "bank_ffffffffffffffffffff"
NO_FILE = "f" * 32


@dataclass(frozen=True)
class World:
    """Rosa's story: two cases, a contact moved between them, a card, a statement, a charge, a planned payment of the
    bill, another device of hers, a passkey, a recovery that waits, a military rate cap, an alarm about a
    colleague who looked at her data, a file in the other case, a phone number she asked to add, a card that waits, a
    letter that is to be printed and a guided conversation at its first question.

    people: a browser for each of ACTORS.

    spare: a bank account nothing is to come from.

    member is Rosa; other is Luis; additional is Nils, with a card on Rosa's account; program is Greta, who administers
    her company's program: Samir's card is in it, Wanda has left it. agent is Dana, who has the contact; colleague is
    Priya, of another team. There is no auditor yet: the administrator, who sees no less, stands in.

    acting: a browser for each of CAPACITIES. Luis acts for Rosa, once in each capacity and with all it may have; as her
    executor he does so after her death (`befalls`). Early is Agata, an executor whose papers are missing; ended and
    revoked is Tomasz, who acted for Rosa until it was over.
    """

    scene: Scene
    other_case: Case
    moved: Contact
    move: Move
    card: str
    statement: str
    transaction: str
    account: str
    source: str
    spare: str
    payment: str
    device: int
    passkey: int
    recovery: int
    restriction: int
    authority: int
    alarm: int
    file: str
    run: str
    phone: int
    ask: int
    email: int
    change: int
    clock: int
    hold: int
    report: int
    notice: str
    sign_in_change: str
    link: str
    suspicion: str
    employee_card: str
    departure: int
    letter: tuple[int, str]
    people: dict[str, Client]
    acting: dict[str, Client]
    callers: dict[str, Caller]
    cast: Any

    def values(self) -> dict[str, Any]:
        """What addresses are filled with, by the name of the parameter in them."""
        ref, contact = self.scene.ref, self.scene.contact
        return {
            "ref": ref,
            "reference": ref,
            "contact_reference": contact_reference(contact.home_case.ref, contact.number),
            "contact_id": contact.pk,
            "promise_id": self.scene.promise.pk,
            "move_id": self.move.pk,
            "card": self.card,
            "employee_card": self.employee_card,
            "departure": self.departure,
            "statement": self.statement,
            "transaction": self.transaction,
            "payment": self.payment,
            "source": self.spare,
            "n": self.scene.promise.n,
            "size": 192,
            "need_id": NEED,
            "product": "everyday",
            "step": "name",
            "benefit": "phone-cover",
            "agent_id": self.cast.dana.pk,
            "session_id": self.cast.dana.sessions.get().pk,
            "device_id": self.device,
            "passkey_id": self.passkey,
            "word": stop_word(self.recovery),
            "member_id": self.cast.rosa.pk,
            "restriction_id": self.restriction,
            "authority_id": self.authority,
            "alarm_id": self.alarm,
            "token": self.file,
            "slug": "lost-stolen-freeze",
            "run": self.run,
            "ask_id": self.ask,
            "point_id": self.email,
            "change_id": self.change,
            "clock_id": self.clock,
            "hold_id": self.hold,
            "report_id": self.report,
            "notice_token": self.notice,
            "sign_in_token": self.sign_in_change,
            "email_token": self.link,
            "letter_id": self.letter[0],
            "letter": self.letter[1],
            "name": NO_FILE,
            "alert": self.suspicion,
            "pk": HUGE + 3,
        }

    def nowhere(self) -> dict[str, Any]:
        """The same for things that are not there, each well formed."""
        return {
            "ref": self.scene.nowhere,
            "reference": self.scene.nowhere,
            "contact_reference": f"{self.scene.nowhere}-1",
            "contact_id": HUGE,
            "promise_id": HUGE + 1,
            "move_id": HUGE + 2,
            "card": NO_CARD,
            "employee_card": NO_CARD,
            "departure": HUGE + 10,
            "statement": NO_STATEMENT,
            "transaction": NO_TRANSACTION,
            "payment": NO_PAYMENT,
            "source": NO_BANK,
            "n": 9_999,
            "size": 9_999,
            "need_id": "nothing.at_all",
            "product": "nothing",
            "step": "nothing",
            "benefit": "nothing",
            "agent_id": HUGE + 4,
            "session_id": HUGE + 5,
            "device_id": HUGE + 6,
            "passkey_id": HUGE + 6,
            "word": f"{HUGE}-{'0' * 32}",
            "member_id": HUGE + 7,
            "restriction_id": HUGE + 8,
            "authority_id": HUGE + 10,
            "alarm_id": HUGE + 9,
            "token": NO_FILE,
            "slug": "lost-stolen-freeze",  # the names of conversations are everybody's
            "run": "0" * 24,
            "ask_id": HUGE + 10,
            "point_id": HUGE + 10,
            "change_id": HUGE + 11,
            "clock_id": HUGE + 13,
            "hold_id": HUGE + 12,
            "report_id": HUGE + 13,
            "notice_token": f"{HUGE}-AAAAAAAAAAAAAAAAAAAAAAAA",
            "sign_in_token": f"{HUGE}-AAAAAAAAAAAAAAAAAAAAAAAA",
            "email_token": f"{HUGE}-AAAAAAAAAAAAAAAAAAAAAAAA",
            "letter_id": HUGE + 13,
            "letter": NO_FILE,
            "name": NO_FILE,
            "alert": "f" * 24,
            "pk": HUGE + 3,
        }


def make_world(cast: Any) -> World:
    scene = set_scene(cast)
    rosa, dana, now = signed_in_actor(cast.rosa), actor_of(cast.dana), clock.now()
    card = next(c.token for c in current_core().cards(cast.rosa.core_customer) if c.role == "basic")
    # One of hers, which she asks about: so she may say that she knows it after all.
    charge = current_core().transactions(cast.rosa.core_customer, Which(card=card)).items[0]
    asked = {"charge": {"token": charge.token, "merchant": charge.merchant}}
    began = start_chat(
        by=rosa, now=now, need=NEED, text=clean("And my other card."), language="en", plan=asked
    )
    second = start_chat(by=rosa, now=now, need=NEED, text=clean("Again me."), language="en", plan={})
    move_id = attach_contact(by=dana, now=now, contact_id=second["contact_id"], to_case_id=began["case_id"])
    source, spare = (bank(rosa, now, number) for number in ("000555010175", "000555010176"))
    payment = pay(rosa, now, source, 1_00, today(now) + timedelta(days=9))["payment"]
    asked = ask_for_phone(by=rosa, now=now, number=clean("612 555 0199"))
    wish, mail = ContactChange.objects.get(pk=asked["change"]), a_link(rosa, now)
    secret, ended = make_key(), make_key(name="ended")
    revoke_key(now=now, key_id=ApiKey.objects.get(hash=hash_of(ended)).pk)
    samirs, departure = a_program(cast)
    return World(
        scene=scene,
        other_case=Case.objects.get(pk=began["case_id"]),
        moved=Contact.objects.get(pk=second["contact_id"]),
        move=Move.objects.get(pk=move_id),
        card=card,
        statement=stated(account_of(cast.rosa)).token,
        transaction=charge.token,
        account=charge.account,
        source=source,
        spare=spare,
        payment=payment,
        file=checked_file(rosa, began["case_id"]),
        run=start_flow(by=rosa, now=now, flow="lost_stolen.freeze", language="en")["token"],
        device=MemberSession.objects.get(session=rosa.session).pk,
        passkey=a_passkey(cast.rosa.user),
        recovery=a_recovery(cast.rosa.pk, now),
        restriction=place(cast.rosa.pk, "military_cap", now),
        acting=browsers_acting(cast),
        # Without papers, so that there is something to add and to revoke, and nothing to confirm yet.
        authority=record(cast.nils, cast.rosa, "guardian", now, papers=False),
        alarm=an_alarm(cast),
        phone=cast.rosa.points.get(kind="phone").pk,
        ask=ask_in_app(by=dana, now=now, contact_id=scene.contact.pk),
        email=cast.rosa.points.get(kind="email").pk,
        change=wish.pk,
        clock=a_clock(scene.contact.case_id, now),
        hold=a_held_card(cast, began["case_id"], mail),
        report=a_report(cast, began["case_id"], now),
        notice=token_of(NOT_ME, wish.notices.order_by("pk")[0].pk),
        sign_in_change=token_of(SIGN_IN, a_sign_in_change(cast.rosa)),
        link=token_of(EMAIL_LINK, mail.pk),
        employee_card=samirs,
        departure=departure,
        letter=a_letter(scene.contact.case, now),
        suspicion=a_suspicion(cast, secret),
        people={
            "guest": Client(),
            "member": signed_in(cast.rosa),
            "other": signed_in(cast.luis),
            "additional": signed_in(cast.nils),
            "program": signed_in(cast.greta),
            "agent": at_work(cast.dana),
            "colleague": at_work(cast.priya),
            "supervisor": at_work(cast.ines),
            "administrator": at_work(cast.theo),
        },
        callers={
            "nobody": Caller("cardline_nothing"),
            "issuer": Caller(secret),
            "member": Caller(secret, cast.rosa.core_customer),
            "other": Caller(secret, cast.luis.core_customer),
            "revoked": Caller(ended),
        },
        cast=cast,
    )


def a_clock(case_id: int, now: datetime) -> int:
    """A legal clock of the case everybody asks about."""
    made = start_clocks(
        by=SYSTEM, now=now, case_id=case_id, event="credit_balance_asked", started_at=now - timedelta(days=2)
    )
    return int(made["clocks"][0])


def a_letter(case: Case, now: datetime) -> tuple[int, str]:
    """A letter that is to be printed: its number, and its name in addresses."""
    sent = send_letter(
        by=SYSTEM, now=now, member_id=case.member_id or 0, case_id=case.pk, kind="lost.summary", law="z",
        facts=facts_of("lost.summary"),
    )  # fmt: skip
    return sent["letter_id"], Letter.objects.get(pk=sent["letter_id"]).name


KINDS = {
    "joint": "joint_owner",
    "additional": "additional_card_member",
    "limited": "account_manager_limited",
    "full": "account_manager_full",
    "power": "power_of_attorney",
    "executor": "executor",
    "guardian": "guardian",
    "attorney": "attorney",
    "program": "program_administrator",
}


def a_suspicion(cast: Any, secret: str) -> str:
    """A purchase with the card of Rosa's, which this key of the issuer's told of."""
    key = ApiKey.objects.get(hash=hash_of(secret))
    by = Actor(Kind.API, str(key.pk), name=key.name, scopes=frozenset(key.scopes))
    told = raise_alert(by=by, now=clock.now(), customer=cast.rosa.core_customer, **a_charge(cast, "seen-1"))
    return str(told["alert"])


def a_charge(cast: Any, reference: str) -> dict[str, Any]:
    card = next(c.token for c in current_core().cards(cast.rosa.core_customer) if c.role == "basic")
    return {
        "outside": reference, "card": card, "merchant": clean("Electronics Barn"), "place": clean("Reno NV"),
        "amount_minor": 81_250, "currency": "USD", "charged_at": clock.now(),
    }  # fmt: skip


def browsers_acting(cast: Any) -> dict[str, Client]:
    now = clock.now()
    for kind in KINDS.values():
        record(cast.luis, cast.rosa, kind, now)
    record(cast.agata, cast.rosa, "executor", now, papers=False)
    record(cast.tomasz, cast.rosa, "attorney", now - timedelta(days=9), until=now - timedelta(days=1))
    over = record(cast.tomasz, cast.rosa, "guardian", now)
    revoke_authority(by=SYSTEM, now=now, authority_id=over, why=clean("She took it back"))
    who = {word: (cast.luis, kind) for word, kind in KINDS.items()}
    who |= {
        "early": (cast.agata, "executor"),
        "ended": (cast.tomasz, "attorney"),
        "revoked": (cast.tomasz, "guardian"),
    }
    return {word: acting_browser(*who[word], cast.rosa) for word in CAPACITIES}


def acting_browser(person: Any, kind: str, member: Any) -> Client:
    """As after /acting, or as it stands open while the authority comes to an end."""
    client = signed_in(person)
    session = client.session
    session[ACTING_SESSION_KEY] = f"{member.pk}:{kind}"
    session.save()
    return client


def befalls(world: World, capacity: str) -> None:
    """What has to be so before somebody acts in a capacity."""
    if capacity in ("executor", "early"):
        place(world.cast.rosa.pk, "deceased", clock.now())


def a_program(cast: Any) -> tuple[str, int]:
    """Samir's company card, and the number under which Wanda's leaving is kept."""
    greta, now = signed_in_actor(cast.greta), clock.now()
    cards = {card.name: card.token for card in employee_cards(greta, now)}
    company = acting_for(greta, Program.objects.get())
    left = end_for_leaver(by=company, now=now, card=cards["Wanda Brooks"])
    return cards["Samir Haddad"], left["departure"]


def an_alarm(cast: Any) -> int:
    """Priya looked at Rosa's data though many are curious about her."""
    at = clock.machine_now()
    return Alarm.objects.create(
        kind=Alarm.Kind.WATCHED, agent=cast.priya, member=cast.rosa, ref="7K429QM", at=at, slot=0
    ).pk


def a_held_card(cast: Any, case_id: int, because: ContactChange) -> int:
    """Of a card that is closed already, so that nothing else is asked about it."""
    return Hold.objects.create(
        card=NO_CARD,
        last4="0000",
        member=cast.rosa,
        reason="damaged",
        because=because,
        case_id=case_id,
        asked_at=clock.now(),
        asked_by="member:0",
    ).pk


def a_report(cast: Any, case_id: int, now: Any) -> int:
    """Of a card that is no more, by a stranger: whatever is pressed about it changes no card of the others."""
    said = {"case_id": case_id, "member": cast.rosa}
    report = Report.objects.create(
        card=NO_CARD,
        last4="0000",
        state="unfrozen",
        source="stranger",
        level=0,
        first_word_at=now,
        reported_at=now,
        reported_by="system:cardline",
        **said,
    )
    StrangersWord.objects.create(
        kind="own",
        source="a place",
        said_at=now,
        looked_at=now,
        next_try_at=now,
        report=report,
        came="frozen",
        **said,
    )
    return report.pk


def a_link(member: Any, now: Any) -> ContactChange:
    """A wish for another e-mail address, whose link went out and was not pressed."""
    return ContactChange.objects.create(
        member_id=member.member_id,
        kind="email",
        what="added",
        why_waits="link",
        new={"value": "rosa@new.example", "takes_texts": True},
        asked_at=now,
        asked_by=member.key,
        asked_by_name=member.name,
    )


def a_sign_in_change(member: Any) -> int:
    """A password of hers was removed, as she was told."""
    kind = SignInChange.Kind.PASSWORD_REMOVED
    return SignInChange.objects.create(member=member, kind=kind, at=clock.now()).pk


def checked_file(member: Any, case_id: int) -> str:
    """A file that may be opened. Its bytes are of no matter to the pages."""
    token, now = "0123456789abcdef" * 2, clock.now()
    what = {"case_id": case_id, "sha256": "0" * 64, "size_bytes": 9, "kind": "txt"}
    pk = add_file(by=member, now=now, token=token, name=clean("note.txt"), **what)
    lease = take_up_check(by=SYSTEM, now=now, file_id=pk)
    pass_file(by=SYSTEM, now=now, file_id=pk, lease=lease, scanner="", unread=False)
    return token


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person.user, backend=BACKEND)
    return client


def at_work(person: Any) -> Client:
    """A colleague's browser, password and second factor passed."""
    client = signed_in(person)
    session = session_hash(client.session.session_key)
    begin_session(now=clock.now(), agent_id=person.pk, session=session, device="")
    return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here has not happened afterwards, so that each asker finds the same world."""
    cache.clear()
    limits.forget()
    forget_marks()
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase does: commands want to be outermost
    block.__enter__()
    try:
        yield
    finally:
        clock.set_offset(timedelta(0))
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


def a_passkey(user: Any) -> int:
    device, challenge = Device(), websafe_encode(new_challenge())
    made = what_was_made(HOST, challenge, device.make(to_make(HOST, challenge, user, "Rosa")))
    return WebAuthn.add(user, "The phone", made).instance.pk


def a_recovery(member_id: int, now: datetime) -> int:
    due_at = now + timedelta(days=2)
    return Recovery.objects.create(
        member_id=member_id, asked_at=now, due_at=due_at, ends_at=due_at + timedelta(days=7)
    ).pk


def account_token(member: Any) -> str:
    return current_core().accounts(member.core_customer)[0].token


def soon(days: float = 2) -> str:
    return (clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


ADDRESS = {
    "country": "US",
    "street": "9 Alder Row",
    "town": "Saint Paul",
    "state": "MN",
    "postal_code": "55101",
}

# What a form needs to be taken from somebody who may send it; addresses that are not here take an empty one.
FORMS: dict[str, Callable[[World], dict[str, Any]]] = {
    "acting": lambda w: {"for": f"{w.cast.rosa.pk}:joint_owner"},
    "approve/<ask_id>": lambda w: {"answer": "no"},
    "approve/<ask_id>/passcode": lambda w: {"passcode": "481592"},
    "approve/codes/<contact_id>": lambda w: {"code": "123456"},
    "apply/<product>/<step>": lambda w: {"given_name": "Nora", "family_name": "Lindqvist"},
    "apply/status": lambda w: {"reference": w.scene.ref, "month": "5", "day": "17", "year": "1990"},
    "apply/status.ics": lambda w: {"reference": w.scene.ref, "month": "5", "day": "17", "year": "1990"},
    "alerts": lambda w: {f"{account_token(w.cast.rosa)}-{event}": "here" for event in AlertEvent},
    "cards/<card>/replacement": lambda w: {"why": "damaged"},
    "contacts/<reference>/files": lambda w: {"file": SimpleUploadedFile("note.txt", b"Two loaves.")},
    "payments": lambda w: {
        "account": w.account,
        "source": w.source,
        "amount": "2.00",
        "on": str(today(clock.now(), 5)),
        "counts_on": str(today(clock.now(), 5)),
    },
    "payments/review": lambda w: {
        "account": w.account,
        "what": "other",
        "amount": "2.00",
        "source": w.source,
    },
    "payments/accounts": lambda w: {
        "name": "Elm Bank",
        "kind": "savings",
        "routing": ROUTING,
        "number": "000555010199",
        "number_again": "000555010199",
    },
    "autopay": lambda w: {"account": w.account, "source": w.source, "mode": "full"},
    "autopay/stop": lambda w: {"account": w.account},
    "chat": lambda w: {"need": NEED, "text": "Help"},
    "lost-card": lambda w: {"answer": w.card},
    "do/<slug>": lambda w: {"answer": w.card},
    "do/<slug>/<run>": lambda w: {"steps": "1", "answer": w.card},
    "messages": lambda w: {"need": NEED, "text": "Help"},
    "chat/<reference>/messages": lambda w: {"text": "Hello"},
    "chat/<reference>/flows": lambda w: {"flow": "lost_stolen.freeze"},
    "chat/<reference>/step": lambda w: {"steps": "1", "answer": w.card},
    "chat/<reference>/verdict": lambda w: {"round": "1", "verdict": "right"},
    "profile/paper": lambda w: {"change": "right"},
    "profile/safety": lambda w: {"change": "passcode_removal"},
    "program/cards/<employee_card>/limit": lambda w: {"minor": "300000"},
    "program/cards/<employee_card>/replacement": lambda w: {"why": "damaged", "to": "holder"},
    "profile": lambda w: {"change": "name", "name": "Rosalind"},
    "profile/sign-in/passkeys/<passkey_id>/name": lambda w: {"name": "The phone"},
    "profile/sign-in/password": lambda w: {"password": "four quiet horses in a row"},
    "sign-in/code": lambda w: {"phone": "+1 212 555 0100"},
    "sign-in/password": lambda w: {"phone": "+1 212 555 0100", "password": "something else"},
    "sign-in/recovery": lambda w: {"phone": "+1 212 555 0100"},
    "profile/contact/address": lambda w: {**ADDRESS, "road": "later"},
    "profile/contact/email": lambda w: {"email": "rosa@other.example", "road": "later"},
    "profile/contact/name": lambda w: {"change": "embossed", "embossed": "R LINDQVIST"},
    "profile/contact/phone": lambda w: {"phone": "612 555 0188", "point": w.phone, "road": "later"},
    "profile/contact/safe": lambda w: {"only": w.phone},
    "not-me/<notice_token>": lambda w: {"said": "not_me"},
    "not-me/sign-in/<sign_in_token>": lambda w: {},
    "track": lambda w: {"reference": w.scene.ref, "fact": w.cast.rosa.postal_code},
    "language": lambda w: {"language": "es"},
    "theme": lambda w: {"theme": "dark"},
    "rewards/redeem": lambda w: {
        "account": current_core().accounts(w.cast.rosa.core_customer)[0].token,
        "option": "statement_credit",
        "points": "1000",
    },
    "demo/sign-in": lambda w: {"person": f"member:{w.cast.luis.pk}"},
    "demo/time": lambda w: {"span": "+1h"},
    "desk/contacts/<contact_id>/suspected/<alert>": lambda w: {"answer": "no"},
    "desk/presence": lambda w: {"state": "busy"},
    "desk/cases/<ref>/clocks": lambda w: {"event": "account_cut", "started": soon(-3)},
    "desk/cases/<ref>/clocks/<clock_id>": lambda w: {"started": soon(-3)},
    "desk/cases/<ref>/notes": lambda w: {"text": "Ask twice"},
    "desk/cases/<ref>/messages": lambda w: {"text": "Hello"},
    "desk/cases/<ref>/promises": lambda w: {"text": "Call back", "due": soon()},
    "desk/cases/<ref>/reason": lambda w: {"reason": "A letter came back"},
    "desk/contacts/<contact_id>/call-back": lambda w: {"point": w.phone},
    "desk/contacts/<contact_id>/code": lambda w: {"point": w.phone},
    "desk/contacts/<contact_id>/code/entry": lambda w: {"code": "123456"},
    "desk/contacts/<contact_id>/exceptional": lambda w: {"step": "begin", "why": "In Lisbon, all stolen"},
    "desk/contacts/<contact_id>/flows": lambda w: {"flow": "lost_stolen.freeze"},
    "desk/contacts/<contact_id>/step": lambda w: {"steps": "1", "answer": w.card},
    "desk/contacts/<contact_id>/facts": lambda w: {"name": "Rosa Lindqvist", "fact": "55401"},
    "desk/contacts/<contact_id>/summary": lambda w: {
        "need": NEED,
        "outcome": current_profile().outcomes_for(NEED)[0].id,
        "next_step": "Nothing",
        "did": "Froze the card",
        "you": "Nothing",
    },
    "desk/contacts/<contact_id>/attachment": lambda w: {"case": str(w.other_case.pk)},
    "desk/contacts/<contact_id>/speaker": lambda w: {"speaker": f"{w.cast.luis.pk}:guardian"},
    "desk/cases/<ref>/files": lambda w: {"file": SimpleUploadedFile("letter.txt", b"Two loaves.")},
    "desk/members/<member_id>/authorities": lambda w: {
        "kind": "account_manager_limited",
        "number": w.cast.luis.core_customer,
        "name": w.cast.luis.name,
        "scopes": ["pay"],
    },
    "desk/members/<member_id>/authorities/<authority_id>/papers": lambda w: {
        "paper": "Court order, cover sheet 7K429QM",
        "names": "Nils Lindqvist for Rosa Lindqvist",
    },
    "desk/members/<member_id>/authorities/<authority_id>/revocation": lambda w: {"why": "He took it back"},
    "desk/files/<token>/held/check": lambda w: {"why": "It was mended"},
    "desk/files/<token>/held/deletion": lambda w: {"why": "Nobody needs it"},
    "desk/files/<token>/held/release": lambda w: {"why": "It is an order number"},
    "desk/members/<member_id>/contact-data": lambda w: {"kind": "phone", "phone": "612 555 0188"},
    "desk/members/<member_id>/contact-data/changes/<change_id>": lambda w: {
        "what": "approve",
        "how": "A bill",
    },
    "desk/members/<member_id>/contact-data/held/<hold_id>": lambda w: {"why": "They did not ask"},
    "desk/members/<member_id>/contact-data/safe": lambda w: {"only": w.phone},
    "desk/members/<member_id>/letters": lambda w: {"what": "paper", "covers": ["cards"]},
    "desk/members/<member_id>/restrictions": lambda w: {
        "kind": "fraud_lock",
        "said_by": "Rosa",
        "said_on": str(today(clock.now(), -1)),
        "why": "Somebody else spoke for her",
    },
    "desk/members/<member_id>/restrictions/<restriction_id>/lifting": lambda w: {"why": "Her service ended"},
    "desk/promises/<promise_id>/fulfilment": lambda w: {"evidence": "Sent on Tuesday"},
    "desk/promises/<promise_id>/replacement": lambda w: {"due": soon(9), "wish": "Later is fine"},
    "desk/promises/<promise_id>/release": lambda w: {"wish": "Never mind"},
    "floor/views/alarms/<alarm_id>": lambda w: {"note": "Asked her"},
    "floor/views/homes": lambda w: {"agent": str(w.cast.dana.pk), "address": "12 Elm Street"},
    "floor/views/watched": lambda w: {"ref": w.scene.ref, "on": "1"},
    "verify-us": lambda w: {"code": "BBBBB-BBBBB"},
}

QUERIES = {
    "cards/<card>/replacement": lambda w: {"why": "lost"},
    "desk/find": lambda w: {"ref": w.scene.ref},
    "program": lambda w: {"q": "Samir"},
    "program/cards/<employee_card>/limit": lambda w: {"limit": "3,000"},
    "program/cards/<employee_card>/replacement": lambda w: {"why": "lost"},
    "get-help": lambda w: {"q": "my card was stolen"},
}

BODIES: dict[tuple[str, str], Callable[[World], dict[str, Any]]] = {
    ("post", "plan"): lambda w: {"text": "my card was stolen"},
    ("post", "contacts"): lambda w: {"need": NEED, "text": "Help"},
    ("post", "contacts/{contact_id}/messages"): lambda w: {"text": "Hello"},
    ("post", "cases/{ref}/promises"): lambda w: {
        "text": "Call back",
        "due_at": (clock.now() + timedelta(days=2)).isoformat(),
    },
    ("post", "promises/{promise_id}/fulfilment"): lambda w: {"evidence": "Sent on Tuesday"},
    ("post", "fraud-alerts"): lambda w: {
        "reference": "seen-2",
        "member": w.cast.rosa.core_customer,
        "card": w.card,
        "merchant": "Electronics Barn",
        "amount_minor": 81_250,
        "currency": "USD",
        "charged_at": clock.now().isoformat(),
    },
}
