"""/profile/sign-in and /confirm with a passkey: what a member sees and presses, and what strangers do not."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import Client
from fido2.utils import websafe_encode

from cardline.identity.guesses.commands import count_wrong
from cardline.identity.models import Evidence, PasskeyChallenge, Recovery, User
from cardline.identity.passkeys.ceremony import to_make, what_was_made
from cardline.identity.passkeys.rules import new_challenge
from cardline.identity.recovery.rules import USABLE_FOR, stop_word
from cardline.identity.tests.device import HOST, Device
from cardline.identity.tests.phones import NUMBER, Texts
from cardline.issuer.profile import current_profile
from cardline.kit import clock, plugs
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.worker import work_through_outbox
from cardline.members.models import ContactPoint
from cardline.payments.tests.scene import Few
from cardline.staff.models import Agent
from conftest import NOW

pytestmark = pytest.mark.django_db


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def cast(db: Any) -> Few:
    clock.set_offset(NOW - clock.machine_now())
    return Few(NOW)


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture
def client(cast: Few, member_client: Callable[..., Client]) -> Client:
    return member_client(cast.maya)


def passkey_of(user: User, name: str = "The phone") -> Device:
    device, challenge = Device(), websafe_encode(new_challenge())
    made = what_was_made(HOST, challenge, device.make(to_make(HOST, challenge, user, "Maya")))
    WebAuthn.add(user, name, made)
    return device


@pytest.fixture
def device(cast: Few) -> Device:
    return passkey_of(User.objects.get(member=cast.maya))


def waiting_id(client: Client) -> str:
    found = re.search(r'name="confirmed" value="([^"]+)"', client.get("/confirm").content.decode())
    assert found
    return found[1]


def approve(client: Client, device: Device, *, follow: bool = True) -> Any:
    asked = client.get("/confirm/passkey", headers={"Accept": "application/json"}).json()["request_options"]
    return approve_with(client, device.use(asked), waiting_id(client), follow=follow)


def approve_with(client: Client, answer: dict[str, Any], waiting: str, *, follow: bool = True) -> Any:
    form = {"confirmed": waiting, "credential": json.dumps(answer), "key": str(uuid4())}
    return client.post("/confirm/passkey", form, follow=follow)


# ---------------------------------------------------------------------------------------------- adding one


def test_adding_one_is_confirmed_first_and_then_made_by_the_device(
    client: Client, cast: Few, texts: Texts
) -> None:
    begun = client.post("/profile/sign-in/passkey/begin", {"key": "the-same-key-0001"})
    assert (begun.status_code, begun["Location"]) == (303, "/confirm")
    assert client.get("/profile/sign-in/passkey")["Location"] == "/profile/sign-in"  # not yet
    page = read(client.get("/confirm"))
    assert "Add a passkey" in page and "signs in as you" in page and "Approve with" not in page
    point = ContactPoint.objects.get(member=cast.maya, kind="phone")
    client.post("/confirm/code", {"phone": point.pk})
    form = {"confirmed": waiting_id(client), "code": texts.code.reveal()}
    through = client.post("/confirm", form, follow=True)
    assert through.redirect_chain[-1][0] == "/profile/sign-in/passkey"
    asked = re.search(r'data-options="([^"]+)"', through.content.decode())
    assert asked
    options = json.loads(html.unescape(asked[1]))["creation_options"]
    assert options["publicKey"]["authenticatorSelection"]["residentKey"] == "required"
    made = Device().make(options)
    done = client.post(
        "/profile/sign-in/passkey", {"name": "My phone", "credential": json.dumps(made)}, follow=True
    )
    assert "From now on you can sign in with it" in read(done) and "My phone" in read(done)
    assert Authenticator.objects.get().user == cast.maya.user


def test_what_the_device_made_wrongly_is_said_on_the_page_and_the_name_stays(
    client: Client, cast: Few
) -> None:
    PasskeyChallenge.objects.create(
        member=cast.maya,
        purpose="add",
        session=client.get("/profile").wsgi_request.actor.session,  # type: ignore[attr-defined]
        challenge=websafe_encode(new_challenge()),
        expires_at=clock.machine_now() + USABLE_FOR,
    )
    answer = client.post("/profile/sign-in/passkey", {"name": "My phone", "credential": "{}"})
    assert answer.status_code == 422 and "was not taken" in read(answer)
    assert 'value="My phone"' in answer.content.decode()
    answer = client.post("/profile/sign-in/passkey", {"name": "", "credential": "{}"})
    assert answer.status_code == 422 and "Give it a name" in read(answer)


def test_it_is_offered_on_the_first_page_until_not_now(client: Client) -> None:
    assert "Add a passkey" in read(client.get("/home"))
    assert client.post("/profile/sign-in/offer/end")["Location"] == "/home"
    assert "Add a passkey" not in read(client.get("/home"))
    assert "How you sign in" in read(client.get("/profile"))


# ---------------------------------------------------------------------------------------------- those there are


def test_each_says_when_it_was_used(client: Client, device: Device) -> None:
    page = read(client.get("/profile/sign-in"))
    assert "The phone" in page and "not used yet" in page and "•••• 0142" in page
    Authenticator.objects.update(last_used_at=clock.machine_now())
    assert "last used" in read(client.get("/profile/sign-in"))


def test_it_is_renamed_and_an_empty_name_is_refused(client: Client, device: Device) -> None:
    passkey = Authenticator.objects.get().pk
    done = client.post(f"/profile/sign-in/passkeys/{passkey}/name", {"name": "Old phone"}, follow=True)
    assert "Old phone" in read(done)
    assert client.post(f"/profile/sign-in/passkeys/{passkey}/name", {"name": " "}).status_code == 422


def test_it_is_removed_after_the_passkey_itself_approved_it(client: Client, device: Device) -> None:
    passkey = Authenticator.objects.get().pk
    client.post(f"/profile/sign-in/passkeys/{passkey}/removal", {"key": "the-same-key-0001"})
    page = read(client.get("/confirm"))
    assert "Remove a passkey" in page and "The phone" in page and "Approve with your passkey" in page
    done = approve(client, device)
    assert "It signs nobody in any more" in read(done) and not Authenticator.objects.exists()


def test_the_last_way_in_is_kept_with_a_sentence(
    client: Client, cast: Few, device: Device, texts: Texts
) -> None:
    texts.is_there = False
    passkey = Authenticator.objects.get().pk
    client.post(f"/profile/sign-in/passkeys/{passkey}/removal")
    refused = approve(client, device)
    assert refused.status_code == 409 and "only way to sign in" in read(refused)
    assert Authenticator.objects.exists()


# ------------------------------------------------------------------------------------ approving with a passkey


def test_a_passkey_approves_one_action_once(client: Client, cast: Few, device: Device) -> None:
    client.post("/profile/sign-in/passkey/begin", {"key": "the-same-key-0001"})
    asked = client.get("/confirm/passkey", headers={"Accept": "application/json"}).json()["request_options"]
    answer, waiting = device.use(asked), waiting_id(client)
    first = approve_with(client, answer, waiting)
    assert first.redirect_chain[-1][0] == "/profile/sign-in/passkey"
    second = approve_with(client, answer, waiting)  # the other device hears that it is done
    assert "Nothing waits for you here" in read(second)
    assert Evidence.objects.filter(kind="passkey").count() == 1


def test_an_approval_of_an_earlier_wish_approves_no_later_one(client: Client, device: Device) -> None:
    client.post("/profile/sign-in/passkey/begin", {"key": "the-same-key-0001"})
    asked = client.get("/confirm/passkey", headers={"Accept": "application/json"}).json()["request_options"]
    earlier, answer = waiting_id(client), device.use(asked)
    passkey = Authenticator.objects.get().pk
    client.post(f"/profile/sign-in/passkeys/{passkey}/removal", {"key": "the-same-key-0003"})
    assert approve_with(client, answer, earlier, follow=False)["Location"] == "/confirm"
    late = approve_with(client, answer, waiting_id(client), follow=False)
    assert late.status_code == 422 and "That passkey was not taken" in read(late)
    assert Authenticator.objects.exists() and not Evidence.objects.filter(kind="passkey").exists()


def test_while_guessing_is_locked_the_passkey_still_approves(
    client: Client, cast: Few, device: Device
) -> None:
    for _ in range(5):
        count_wrong(by=SYSTEM, now=NOW, member_id=cast.maya.pk, proof="password")
    client.post("/profile/sign-in/passkey/begin", {"key": "the-same-key-0001"})
    assert "Too many codes did not match" in read(client.get("/confirm"))
    assert approve(client, device).redirect_chain[-1][0] == "/profile/sign-in/passkey"


def test_with_nothing_to_approve_nothing_is_asked(client: Client, device: Device) -> None:
    answer = client.get("/confirm/passkey", headers={"Accept": "application/json"})
    assert answer.status_code == 409 and not PasskeyChallenge.objects.exists()
    assert "Nothing waits" in read(client.post("/confirm/passkey", {"credential": "{}"}))


# ---------------------------------------------------------------------------------------------- a password


def test_a_password_is_chosen_after_a_second_sign(client: Client, cast: Few, device: Device) -> None:
    short = client.post("/profile/sign-in/password", {"password": "short"})
    assert short.status_code == 422 and "8 characters or more" in read(short) and "short" not in read(short)
    client.post("/profile/sign-in/password", {"password": "four quiet horses", "key": "the-same-key-0001"})
    assert "Change your password" in read(client.get("/confirm"))
    assert "four quiet" not in client.get("/confirm").content.decode()
    done = approve(client, device)
    assert "Everywhere else you are signed out" in read(done)
    user = User.objects.get(member=cast.maya)
    assert user.check_password("four quiet horses")
    client.post("/profile/sign-in/password/removal", {"key": "the-same-key-0004"})
    assert "the password signs nobody in" in read(approve(client, device)).lower()


# ---------------------------------------------------------------------------------------------- a recovery


def test_back_in_by_phone_facts_and_a_wait(client: Client, cast: Few, texts: Texts) -> None:
    visitor = Client()

    def come(now: datetime) -> Any:
        clock.set_offset(now - clock.machine_now())
        visitor.post("/sign-in/recovery", {"phone": NUMBER})
        work_through_outbox()
        facts = {
            "code": texts.code.reveal(),
            "name": "Maya Okafor",
            "postal_code": cast.maya.postal_code,
        }
        return visitor.post("/sign-in/recovery/entry", facts, follow=True)

    begun = read(come(NOW))
    assert "The wait begins" in begun and "We have told you" in begun
    assert "Somebody asked for a new way in" in read(client.get("/profile/sign-in"))
    let_in = come(NOW + current_profile().sign_in.recovery_wait)
    assert let_in.redirect_chain[-1][0] == "/profile/sign-in/passkey"
    assert "Set up a passkey" in read(let_in)


def test_the_link_of_the_notice_shows_and_the_press_stops(client: Client, cast: Few) -> None:
    found = a_recovery(cast)
    link = f"/sign-in/stop/{stop_word(found.pk)}"
    visitor = Client()
    assert "Was it not you?" in read(visitor.get(link)) and cast.maya.given_name not in read(
        visitor.get(link)
    )
    found.refresh_from_db()
    assert found.stopped_at is None  # looking at it does nothing
    assert "It is stopped" in read(visitor.post(link))
    assert "nothing to stop" in read(visitor.post(link))
    assert "nothing to stop" in read(visitor.get(link[:-1] + "x"))


def test_the_member_stops_it_on_their_page(client: Client, cast: Few) -> None:
    a_recovery(cast)
    assert "Stopped." in read(client.post("/profile/sign-in/recovery/stop", follow=True))
    assert Recovery.objects.get().stopped_at is not None


def a_recovery(cast: Few) -> Recovery:
    return Recovery.objects.create(
        member=cast.maya, asked_at=NOW, due_at=NOW + USABLE_FOR, ends_at=NOW + 2 * USABLE_FOR
    )


# ---------------------------------------------------------------------------------------------- strangers

OWN = (
    ("get", "/profile/sign-in"),
    ("get", "/profile/sign-in/passkey"),
    ("post", "/profile/sign-in/passkey/begin"),
    ("post", "/profile/sign-in/offer/end"),
    ("get", "/profile/sign-in/password"),
    ("post", "/profile/sign-in/recovery/stop"),
)


def test_strangers_and_colleagues_find_none_of_it(dana: Actor, agent_client: Callable[..., Client]) -> None:
    colleague = agent_client(Agent.objects.get(pk=dana.agent_id))
    for method, path in OWN:
        assert getattr(Client(), method)(path).status_code == 401
        assert getattr(colleague, method)(path).status_code == 404


def test_another_member_touches_nobodys_passkey(
    cast: Few, device: Device, member_client: Callable[..., Client]
) -> None:
    passkey = Authenticator.objects.get().pk
    luis = member_client(cast.luis)
    assert luis.post(f"/profile/sign-in/passkeys/{passkey}/name", {"name": "mine"}).status_code == 404
    assert luis.post(f"/profile/sign-in/passkeys/{passkey}/removal").status_code == 403
    assert "The phone" not in read(luis.get("/profile/sign-in"))
