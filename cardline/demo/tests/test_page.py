"""/demo: there in demo mode only, one press to be somebody, and a clock to push."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from cardline.demo.time import read_offset
from cardline.identity.models import Evidence
from cardline.identity.queries import actor_of_session
from cardline.kit import clock
from cardline.staff.queries import presence_for


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/demo", "/demo/outbox", "/demo/sign-in", "/demo/time"])
def test_outside_demo_mode_there_is_no_such_page(method: str, path: str) -> None:
    assert getattr(Client(), method)(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/demo", "/demo/outbox", "/demo/sign-in", "/demo/time"])
def test_nor_when_its_addresses_were_left_in_by_mistake(settings: Any, method: str, path: str) -> None:
    settings.ROOT_URLCONF = "cardline.demo.tests.urls"
    assert getattr(Client(), method)(path).status_code == 404


def actor_behind(client: Client) -> Any:
    session = client.session
    return actor_of_session(session.get("_auth_user_id"), session.session_key, session.get("guest", ""))


def be(client: Client, person: str, **fields: str) -> Any:
    return client.post("/demo/sign-in", {"person": person, **fields})


pytestmark_demo = pytest.mark.usefixtures("demo_mode")


@pytestmark_demo
def test_the_page_shows_the_whole_cast_with_one_form_each(cast: Any) -> None:
    page = Client().get("/demo").content.decode()
    for person in cast.people.values():
        assert person.name in page
    assert page.count(f'action="{reverse("demo_sign_in")}"') == len(cast.people)


@pytestmark_demo
def test_the_page_speaks_spanish(cast: Any) -> None:
    page = Client().get("/demo", headers={"Accept-Language": "es"}).content.decode()
    assert 'lang="es"' in page and "Titulares de tarjeta" in page and "Let time pass" not in page


@pytestmark_demo
def test_one_press_makes_a_member_signed_in_at_v2(cast: Any) -> None:
    client = Client()
    assert be(client, f"member:{cast.maya.pk}").headers["Location"] == "/home"
    actor = actor_behind(client)
    assert (actor.kind, actor.member_id) == ("member", cast.maya.pk)
    assert Evidence.objects.filter(member=cast.maya, session=actor.session, revoked_at=None).exists()


@pytestmark_demo
def test_one_press_brings_an_agent_to_the_desk_available(cast: Any) -> None:
    client = Client()
    assert be(client, f"agent:{cast.dana.pk}").headers["Location"] == "/desk"
    assert actor_behind(client).agent_id == cast.dana.pk
    assert presence_for(cast.dana.pk) == "available"
    assert client.session["demo_signin"] is True


@pytestmark_demo
def test_whoever_is_locked_out_looks_as_a_guest_and_is_told_why(cast: Any) -> None:
    client = Client()
    be(client, f"member:{cast.maya.pk}")
    answer = be(client, f"member:{cast.hannah.pk}")
    assert answer.headers["Location"] == "/"
    assert actor_behind(client).kind == "guest"
    (said,) = get_messages(answer.wsgi_request)
    assert "guest" in str(said) and "Hannah" in str(said)


@pytestmark_demo
def test_the_one_before_is_signed_out_and_what_they_proved_ends(cast: Any) -> None:
    client = Client()
    be(client, f"member:{cast.maya.pk}")
    be(client, f"member:{cast.luis.pk}")
    assert actor_behind(client).member_id == cast.luis.pk
    assert not Evidence.objects.filter(member=cast.maya, revoked_at=None).exists()


@pytestmark_demo
def test_it_leads_back_to_the_page_somebody_wanted_and_nowhere_else(cast: Any) -> None:
    maya = f"member:{cast.maya.pk}"
    assert 'name="next" value="/contacts"' in Client().get("/demo?next=/contacts").content.decode()
    assert be(Client(), maya, next="/contacts").headers["Location"] == "/contacts"
    for elsewhere in ("https://example.com/", "//example.com/", "javascript:alert(1)", "/\\example.com"):
        assert be(Client(), maya, next=elsewhere).headers["Location"] == "/home"


@pytestmark_demo
@pytest.mark.parametrize(
    "person", ["", "member:", "member:0", "member:abc", "agent:99999", "system:1", "member:1 OR 1=1"]
)
def test_nobody_else_can_be_become(cast: Any, person: str) -> None:
    client = Client()
    assert be(client, person).status_code == 404
    assert actor_behind(client).kind == "guest"


@pytestmark_demo
def test_only_the_cast_can_be_become(cast: Any, django_user_model: Any) -> None:
    from cardline.members.models import Member

    real = Member.objects.create(
        core_customer="20417", given_name="Some", family_name="Body", since=cast.now.date()
    )
    assert be(Client(), f"member:{real.pk}").status_code == 404


@pytestmark_demo
def test_time_passes_at_once_and_nobody_is_signed_out(cast: Any) -> None:
    client = Client()
    be(client, f"member:{cast.maya.pk}")
    before = actor_behind(client)
    assert client.post("/demo/time", {"span": "+2d", "key": str(uuid4())}).status_code == 302
    assert clock.offset() == read_offset() == timedelta(days=2)
    assert actor_behind(client) == before
    assert "2 days ahead of your clock" in client.get("/demo").content.decode()


@pytestmark_demo
def test_one_press_lets_time_pass_once(cast: Any) -> None:
    key = str(uuid4())
    for _ in range(2):
        Client().post("/demo/time", {"span": "+1d", "key": key})
    assert clock.offset() == timedelta(days=1)
    Client().post("/demo/time", {"span": "1h", "key": str(uuid4())})  # the plus may be left out
    assert clock.offset() == timedelta(days=1, hours=1)


@pytestmark_demo
@pytest.mark.parametrize("span", ["", "yesterday", "-2d", "+2w", "+99999d", "+800d", "2d; drop"])
def test_a_span_that_cannot_be_stays_in_its_field_with_the_reason(cast: Any, span: str) -> None:
    answer = Client().post("/demo/time", {"span": span, "key": str(uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'aria-invalid="true"' in page
    assert f'value="{span}"' in page
    assert clock.offset() == read_offset() == timedelta(0)


@pytestmark_demo
def test_the_page_asks_the_database_a_fixed_number_of_questions(
    cast: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        Client().get("/demo")
