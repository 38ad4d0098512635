"""The help centre: from a few words to a plan, with nothing hidden behind a sign-in that need not be."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cardline.conftest import NOON
from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits
from cardline.needs.catalogue import needs

Clients = Callable[..., Client]


def read(answer: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


# ---------------------------------------------------------------------------------------------------- first page


def test_every_need_is_reachable_from_the_first_page(cast: Any) -> None:
    shown = Client().get("/").content.decode()
    for need_id in needs():
        assert f'href="/get-help/{need_id}"' in shown


def test_it_says_that_it_is_unofficial(cast: Any) -> None:
    assert current_profile().unofficial_note.in_("en") in read(Client().get("/"))


def test_a_visitor_sees_the_number_and_a_way_to_write(cast: Any) -> None:
    shown = Client().get("/").content.decode()
    assert 'href="tel:+18005282122"' in shown
    assert "1-800-528-2122" in read(Client().get("/"))
    assert "/get-help/lost_stolen.report" in shown
    assert "/freeze" not in shown


def test_a_corporate_card_holder_is_given_their_line(cast: Any, member_client: Clients) -> None:
    corporate = next(m for m in cast.people.values() if getattr(m, "card_type", "") == "corporate")
    assert 'href="tel:+18004923932"' in member_client(corporate).get("/").content.decode()


def test_a_member_freezes_a_card_and_undoes_it_without_moving(cast: Any, member_client: Clients) -> None:
    client = member_client(cast.maya)
    # A level is evidence of the session (V2), which the demo's sign-in records by itself.
    _prove(client, cast.maya)
    page = client.get("/").content.decode()
    freeze = re.search(r'action="(/cards/[^"]+/freeze)"', page)
    assert freeze
    answer = client.post(freeze[1], {"key": "freeze-key-1"}, headers={"referer": "http://testserver/"})
    assert answer.status_code == 302
    frozen = client.get("/").content.decode()
    assert "frozen at" in frozen
    assert "New purchases will be declined." in frozen
    undo = re.search(r'action="(/cards/[^"]+/unfreeze)"', frozen)
    assert undo
    client.post(undo[1], {"key": "unfreeze-key-1"})
    assert "frozen at" not in client.get("/").content.decode()


def test_pressing_freeze_twice_freezes_once(cast: Any, member_client: Clients) -> None:
    from cardline.cards.models import Freeze

    client = member_client(cast.maya)
    _prove(client, cast.maya)
    freeze = re.search(r'action="(/cards/[^"]+/freeze)"', client.get("/").content.decode())
    assert freeze
    for _ in range(2):
        client.post(freeze[1], {"key": "freeze-key-1"})
    assert Freeze.objects.count() == 1


def test_a_card_of_somebody_else_is_not_there(cast: Any, member_client: Clients) -> None:
    mine = member_client(cast.maya)
    _prove(mine, cast.maya)
    freeze = re.search(r'action="(/cards/[^"]+/freeze)"', mine.get("/").content.decode())
    assert freeze
    other = member_client(cast.luis)
    _prove(other, cast.luis)
    assert other.post(freeze[1]).status_code == 404
    assert other.post("/cards/no_such_card/freeze").status_code == 404
    assert Client().post(freeze[1]).status_code == 401


def test_what_is_in_progress_is_offered_first(cast: Any, as_member: Any, member_client: Clients) -> None:
    client = member_client(cast.maya)
    client.post(
        "/messages", {"need": "rewards.balance", "text": "My points are gone", "key": "a-key-of-chance"}
    )
    shown = read(client.get("/"))
    assert "Already in progress My points are gone" in shown
    assert "My points are gone" not in read(Client().get("/"))


def test_the_first_page_asks_the_database_little(
    cast: Any, member_client: Clients, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At noon of a working day, when every queue is open."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    client = member_client(cast.maya)
    with django_assert_max_num_queries(18):
        client.get("/")
    with django_assert_max_num_queries(2):
        Client().get("/")


# ------------------------------------------------------------------------------------------------------- contact


def test_the_contact_page_holds_everything_the_profile_says(cast: Any) -> None:
    profile, shown = current_profile(), read(Client().get("/contact"))
    for line in profile.lines.values():
        assert line.label.in_("en") in shown
        assert line.display in shown
    for address in profile.addresses.values():
        assert all(part in shown for part in address.lines)
    conduct = profile.conduct
    texts = [
        *(tip for tips in (conduct.phone, conduct.chat, conduct.mail, conduct.social) for tip in tips),
        *(tip for tips in (conduct.conversation, conduct.afterwards) for tip in tips),
        *(part for q in profile.questions for part in (q.question, *q.answer)),
        *(part for step in profile.member_ladder for part in (step.label, step.text)),
        *(
            part
            for detail in profile.details.values()
            for part in (detail.label, detail.text, detail.desk_rule)
        ),
        *(
            text
            for c in profile.channels.values()
            for text in (*c.good_for, *c.not_for, *c.benefits, *c.how_to_start)
        ),
    ]
    for text in texts:
        assert text.in_("en") in shown


def test_the_contact_page_speaks_spanish(cast: Any) -> None:
    client = Client()
    client.cookies["cardline_language"] = "es"
    shown = read(client.get("/contact"))
    for question in current_profile().questions:
        assert question.question.in_("es") in shown


def test_the_contact_page_asks_the_database_nothing_of_its_own(
    cast: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(0):
        Client().get("/contact")


# -------------------------------------------------------------------------------------------------- own words


def test_words_lead_to_a_plan_with_other_readings_one_tap_away(cast: Any) -> None:
    answer = Client().get("/get-help", {"q": "someone used my card at a bakery"})
    assert answer.status_code == 200
    shown = read(answer)
    assert "Someone else is using my card" in shown
    assert "Did you mean:" in shown
    assert 'href="/get-help/dispute.unrecognised_charge?q=someone+used' in answer.content.decode()


def test_words_that_are_not_clear_get_one_question_with_the_best_three(cast: Any) -> None:
    answer = Client().get("/get-help", {"q": "my card thing"})
    shown = answer.content.decode()
    assert "Which is closest?" in shown
    assert shown[shown.index('class="needs') :].partition("</ul>")[0].count("<li>") == 3
    assert "/get-help/contact.human" in shown


@pytest.mark.parametrize("q", ["", "   ", "\n", "...", "\x00\x07", "\u202e"])
def test_no_words_lead_back_with_a_hint(cast: Any, q: str) -> None:
    answer = Client().get("/get-help", {"q": q}, follow=True)
    assert answer.redirect_chain
    assert "Write a few words about what happened" in read(answer)


@pytest.mark.parametrize(
    "q",
    [
        "x" * 1_000_000,
        "<script>alert(1)</script> my card",
        "بطاقتي ضاعت",
        "\u202egnihtemos",
        "{% debug %}",
        "%00",
    ],
)
def test_any_words_are_answered(cast: Any, q: str) -> None:
    answer = Client().get("/get-help", {"q": q}, follow=True)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_reference_typed_there_opens_its_case(cast: Any) -> None:
    assert Client().get("/get-help", {"q": "7k4 29qm"})["Location"] == "/contacts/7K4-29QM"


def test_a_card_number_in_the_words_leaves_page_and_address(cast: Any) -> None:
    answer = Client().get("/get-help", {"q": "I lost my card 3782 822463 10005"}, follow=True)
    assert "822463" not in answer.redirect_chain[-1][0]
    assert "822463" not in answer.content.decode()


def test_asking_too_often_is_refused(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TRIAGE", limits.Limit("triage", 2, 60))
    answers = [Client().get("/get-help", {"q": "lost card"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


# --------------------------------------------------------------------------------------------------------- plan


def test_every_need_has_a_plan(cast: Any) -> None:
    for need in needs().values():
        answer = Client().get(f"/get-help/{need.id}")
        assert answer.status_code == 200
        assert need.name.en in read(answer)


def test_a_family_asks_which_of_its_needs_it_is(cast: Any) -> None:
    for family in {need.family for need in needs().values()}:
        shown = Client().get(f"/get-help/{family}").content.decode()
        assert all(f'href="/get-help/{one.id}"' in shown for one in needs().values() if one.family == family)


def test_an_unknown_need_is_not_there(cast: Any) -> None:
    assert Client().get("/get-help/no.such").status_code == 404


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", "1-800-528-2122"),
        ("?from=us&card=corporate", "1-800-492-3932"),
        ("?from=abroad", "+1-623-492-5450"),
        ("?from=FR&card=corporate", "+1-623-492-3932"),
    ],
)
def test_the_number_fits_place_and_card(cast: Any, query: str, number: str) -> None:
    answer = Client().get(f"/get-help/contact.human{query}")
    numbers = re.findall(r'class="number"><a href="tel:[^"]+">([^<]+)<', answer.content.decode())
    assert numbers[0] == number


def test_collect_calls_are_said(cast: Any) -> None:
    assert "Call collect: we pay" in read(Client().get("/get-help/contact.human?from=abroad"))


def test_the_address_stands_where_letters_fit(cast: Any) -> None:
    assert "P.O. Box 981535" in read(Client().get("/get-help/complaint.formal"))
    assert "P.O. Box 981535" not in read(Client().get("/get-help/rewards.balance"))


def test_what_we_know_is_ticked(cast: Any, member_client: Clients) -> None:
    mine = read(member_client(cast.maya).get("/get-help/dispute.duplicate_charge"))
    assert "We have it: Your card Ending 4471. We have it." in mine
    assert "We have it:" not in read(Client().get("/get-help/dispute.duplicate_charge"))


def test_a_charge_comes_along_ticked(cast: Any, member_client: Clients) -> None:
    client = member_client(cast.maya)
    home = client.get("/").content.decode()
    link = re.search(r'href="(/get-help/dispute[^"]+txn=[^"]+)">([^<]+)<', home)
    assert link
    answer = client.get(html.unescape(link[1]))
    assert f"About: {html.unescape(link[2])}" in read(answer)
    assert 'name="txn"' in answer.content.decode()


def test_a_charge_of_somebody_else_is_not_known(cast: Any, member_client: Clients) -> None:
    link = re.search(r"txn=([^\"]+)\"", member_client(cast.maya).get("/").content.decode())
    assert link
    answer = member_client(cast.luis).get(f"/get-help/dispute.unrecognised_charge?txn={link[1]}")
    assert "About:" not in read(answer)


def test_nobody_at_the_desk_offers_no_live_chat(cast: Any, as_agent: Any) -> None:
    before = Client().get("/get-help/dispute.unrecognised_charge").content.decode()
    assert "Start a chat" not in before
    as_agent(cast.priya)
    after = Client().get("/get-help/dispute.unrecognised_charge").content.decode()
    assert "Start a chat" in after


def test_somebody_free_makes_chat_the_quickest(cast: Any, as_agent: Any) -> None:
    as_agent(cast.priya)
    assert "Quickest: Chat" in read(Client().get("/get-help/dispute.unrecognised_charge"))


def test_no_wait_is_said_once(cast: Any, as_agent: Any) -> None:
    as_agent(cast.priya)
    html = Client().get("/get-help/dispute.duplicate_charge").content.decode()
    best = html.split('class="best"')[1].split("</section>")[0]
    assert "no wait" in best and "no wait wait" not in best


def test_a_plan_asks_the_database_little(
    cast: Any, member_client: Clients, django_assert_max_num_queries: Any
) -> None:
    client = member_client(cast.maya)
    with django_assert_max_num_queries(27):
        client.get("/get-help/dispute.unrecognised_charge")


def test_words_said_before_are_in_the_box(cast: Any) -> None:
    shown = Client().get("/get-help/rewards.missing?q=my+points+are+gone").content.decode()
    assert ">my points are gone</textarea>" in shown


# ------------------------------------------------------------------------------------------------- small things


def test_a_silent_core_takes_no_page_away(cast: Any, member_client: Clients) -> None:
    from cardline.issuer import core

    class Silent:
        offers = core.current_core().offers  # known without asking anybody

        def __getattr__(self, name: str) -> Any:
            def ask(*args: Any, **kwargs: Any) -> None:
                raise core.CoreUnknown(name)

            return ask

    real = core.current_core()
    core.use_core(Silent())
    try:
        client = member_client(cast.maya)
        for path in ("/", "/contact", "/get-help/dispute.unrecognised_charge"):
            assert client.get(path).status_code == 200
    finally:
        core.use_core(real)


@pytest.mark.parametrize(
    "path", ["/", "/contact", "/track", "/contacts", "/sign-in", "/get-help/rewards.balance"]
)
def test_every_page_offers_the_other_language(cast: Any, member_client: Clients, path: str) -> None:
    client = member_client(cast.maya)
    assert 'name="language" value="es"' in client.get(path).content.decode()
    client.post("/language", {"language": "es", "next": path})
    shown = client.get(path).content.decode()
    assert '<html lang="es"' in shown
    assert 'name="language" value="en"' in shown


def test_signing_out_ends_the_session_and_what_it_proved(cast: Any, member_client: Clients) -> None:
    from cardline.identity.models import Evidence

    client = member_client(cast.maya)
    _prove(client, cast.maya)
    assert client.post("/sign-out").status_code == 302
    assert client.get("/contacts").status_code == 401
    assert not Evidence.objects.filter(revoked_at=None).exists()


def test_signing_out_is_no_link(cast: Any, member_client: Clients) -> None:
    client = member_client(cast.maya)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/contacts").status_code == 200


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_is_a_page_of_ours(cast: Any, next_page: str) -> None:
    shown = Client().get("/sign-in", {"next": next_page}).content.decode()
    assert not re.search(r'href="[^"]*(evil|javascript)', shown)


def test_every_answer_is_for_one_person_only(cast: Any) -> None:
    assert Client().get("/")["Cache-Control"] == "no-store"


def _prove(client: Client, member: Any) -> None:
    """What signing in records: this session's evidence (V2)."""
    from cardline.identity.commands import record_sign_in
    from cardline.identity.queries import session_hash
    from cardline.kit import clock
    from cardline.kit.actors import SYSTEM

    record_sign_in(
        by=SYSTEM, now=clock.now(), member_id=member.pk, session=session_hash(client.session.session_key)
    )


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", "1-800-528-2122"),
        ("?from=abroad", "+1-623-492-5450"),
        ("?card=corporate", "1-800-492-3932"),
        ("?from=abroad&card=corporate", "+1-623-492-3932"),
    ],
)
def test_the_urgent_number_is_for_where_they_are_and_the_card_they_hold(
    db: None, query: str, number: str
) -> None:
    shown = Client().get(f"/get-help/lost_stolen.report{query}").content.decode()
    band = shown[shown.index('class="urgent"') :].split("</section>")[0]
    digits = "".join(filter(str.isdigit, number)).removeprefix("1")
    assert number in band
    assert f'href="tel:+1{digits}"' in band


def test_a_line_without_published_hours_is_not_called_open(db: None) -> None:
    shown = Client().get("/get-help/lost_stolen.report?card=corporate").content.decode()
    numbers = shown[shown.index('<h2 id="numbers"') :].split("</section>")[0]
    assert "1-800-492-3932" in numbers
    assert "Open now" not in numbers
    assert "No hours published" in numbers


def test_somebody_at_any_desk_is_somebody_there(cast: Any, as_agent: Any) -> None:
    assert "Nobody there now" in read(Client().get("/"))
    as_agent(cast.priya)  # who looks after disputes, not general questions
    shown = read(Client().get("/"))
    assert "Somebody is there" in shown
    assert "Nobody there now" not in shown


def test_the_contact_page_does_not_ask_guests_to_sign_in_for_a_chat(db: None) -> None:
    page = Client().get("/contact").content.decode()
    chat = page[page.index('id="chat"') :].split('class="card stack gap-3"')[0]
    assert "Without signing in we help in general" in chat
    assert "You sign in first." not in chat
