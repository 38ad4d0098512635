"""A member's alerts: what they choose, what happened, and who gets nothing of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.issuer.core import AlertEvent, AlertRule, CoreRefused, CoreUnknown, Part, current_core, use_core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded import notices
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.issuer.embedded.tests.house import MAYA, SON, STRANGER, House, build_house, inside
from cardline.kit import clock
from cardline.members.models import ContactPoint, Member
from cardline.notify.models import Delivery, Preference, QuietHours
from cardline.notify.tests.conftest import new_holder

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
Clients = Callable[..., Client]


@pytest.fixture
def house(db: None) -> House:
    return build_house()


@pytest.fixture
def holder(house: House) -> Member:
    return new_holder("Maya", MAYA, "maya.okafor@example.com")


@pytest.fixture
def maya(holder: Member, member_client: Clients) -> Client:
    return member_client(holder)


@pytest.fixture
def account(house: House) -> str:
    return house.account


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def form(account: str, key: str = "press-0001", **ways: str) -> dict[str, str]:
    """The form as a browser sends it: everything off but what is named. least: the amount of purchases."""
    sent = {"key": key, "quiet_from": "", "quiet_to": ""}
    sent |= {f"{account}-{event}": "off" for event in AlertEvent}
    sent |= {f"{account}-{event}-least": "" for event in ("purchase", "online_purchase")}
    for name, way in ways.items():
        known = name.startswith(("quiet", "urgent"))
        sent[name if known else f"{account}-{name.replace('__', '-')}"] = way
    return sent


def is_on(account: str) -> dict[str, AlertRule]:
    return {rule.event: rule for rule in current_core().alert_rules(MAYA, account) if rule.on}


def raised(account: str, event: AlertEvent, about: str, minutes_ago: int = 0, **more: Any) -> None:
    """Something happens that the account's holder wants to hear of."""
    row = rows.Account.objects.get(token=account)
    rows.AlertRule.objects.update_or_create(account=row, event=event, defaults={"on": True})
    given = {"merchant": "Alder Pharmacy", "amount_minor": 48_20, **more}
    inside(notices.tell, row, event, about=about, at=NOON - timedelta(minutes=minutes_ago), **given)


# ----------------------------------------------------------------------------------------------- choosing


def test_what_is_saved_stands_on_the_page_again(maya: Client, account: str) -> None:
    ways = {"purchase": "mail", "purchase__least": "$1,250.50", "declined": "here"}
    hours = {"quiet_from": "22:00", "quiet_to": "07:00", "urgent_passes": "on"}
    answer = maya.post("/alerts", form(account, **ways, **hours), follow=True)
    assert answer.redirect_chain == [("/alerts", 302)] and "Saved. It counts from now on." in read(answer)
    shown = answer.content.decode()
    for name, way in (("purchase", "mail"), ("declined", "here"), ("refund", "off")):
        assert re.search(rf'name="{account}-{name}" value="{way}"[^>]* checked', shown), name
    assert 'value="1250.50"' in shown and 'value="22:00"' in shown and 'value="07:00"' in shown
    assert re.search(r'name="urgent_passes"[^>]* checked', shown)
    assert is_on(account).keys() == {"purchase", "declined"}
    assert is_on(account)["purchase"].at_least.amount_minor == 1_250_50  # type: ignore[union-attr]
    assert list(Preference.objects.values_list("event", flat=True)) == ["purchase"]
    assert QuietHours.objects.get().starts == time(22)


def test_a_double_press_saves_once(maya: Client, account: str) -> None:
    for _ in range(2):
        assert maya.post("/alerts", form(account, refund="here")).status_code == 302
    assert is_on(account).keys() == {"refund"}
    other = maya.post("/alerts", form(account, declined="here"))
    assert other.status_code == 409 and is_on(account).keys() == {"refund"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"purchase__least": "-5"}, "Write the amount like 48.20, without a sign."),
        ({"purchase__least": "1.234"}, "Write the amount like 48.20, without a sign."),
        ({"purchase__least": "123456789012345"}, "Write the amount like 48.20, without a sign."),
        ({"quiet_from": "22:00"}, "Give both times, or leave both empty for no quiet hours."),
        ({"quiet_to": "07:00"}, "Give both times, or leave both empty for no quiet hours."),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "Both times are the same."),
        ({"quiet_from": "late", "quiet_to": "07:00"}, "Write the time like 22:00 or 10:00 pm."),
        ({"refund": "by pigeon"}, "Choose one of these."),
    ],
)
def test_a_mistake_says_how_to_mend_it_and_nothing_typed_is_lost(
    maya: Client, account: str, wrong: dict[str, str], words: str
) -> None:
    typed = {"declined": "mail", "online_purchase": "here", "online_purchase__least": "75.25", **wrong}
    answer = maya.post("/alerts", form(account, **typed))
    shown = answer.content.decode()
    assert answer.status_code == 422 and words in read(answer) and "One thing to change" in shown
    assert re.search(rf'name="{account}-declined" value="mail"[^>]* checked', shown)
    assert 'value="75.25"' in shown
    for value in wrong.values():
        assert f'value="{value}"' in shown or value == "by pigeon"
    assert is_on(account) == {} and not Preference.objects.exists() and not QuietHours.objects.exists()


def test_a_time_can_be_typed_where_there_is_no_time_field(maya: Client, account: str) -> None:
    maya.post("/alerts", form(account, quiet_from="10:00 pm", quiet_to="7 am"))
    hours = QuietHours.objects.get()
    assert (hours.starts, hours.ends) == (time(22), time(7))


def test_without_an_address_no_email_is_offered_and_what_was_chosen_stays(
    holder: Member, maya: Client, account: str
) -> None:
    maya.post("/alerts", form(account, refund="mail", quiet_from="22:00", quiet_to="07:00"))
    ContactPoint.objects.filter(member=holder, kind="email").delete()
    page = maya.get("/alerts")
    assert 'value="mail"' not in page.content.decode() and "quiet_from" not in page.content.decode()
    assert "We have no email address of yours." in read(page)
    assert (
        maya.post("/alerts", form(account, "press-0002", declined="here", refund="here")).status_code == 302
    )
    assert Preference.objects.get().event == "refund" and QuietHours.objects.exists()
    assert maya.post("/alerts", form(account, "press-0003", refund="mail")).status_code == 422


def test_the_address_is_shown_as_much_as_confirms_it(maya: Client) -> None:
    shown = read(maya.get("/alerts"))
    assert "m•••@example.com" in shown and "maya.okafor@" not in shown
    assert "Times are those of New York." in shown


def test_only_in_a_demo_it_says_that_it_is_one(maya: Client, settings: Any) -> None:
    assert "No mail server is set up here yet: emails are kept and not sent." in read(maya.get("/alerts"))
    settings.CARDLINE_MAIL_URL = "smtp://mail.issuer.example"
    assert "kept and not sent" not in read(maya.get("/alerts"))


def test_what_is_to_be_mended_is_listed_as_it_stands_on_the_page(maya: Client, account: str) -> None:
    shown = read(maya.post("/alerts", form(account, purchase__least="x", quiet_from="22:00")))
    summary = shown.partition("2 things to change")[2]
    assert summary.index("Write the amount") < summary.index("Give both times")


# ------------------------------------------------------------------------------------------- what happened


def test_what_happened_is_listed_newest_first_and_leads_to_what_it_is_about(
    maya: Client, account: str
) -> None:
    raised(account, AlertEvent.PURCHASE, "txn_bought", minutes_ago=30)
    raised(account, AlertEvent.DECLINED, "aut_declined", minutes_ago=20)
    raised(account, AlertEvent.REFUND, "txn_refund", minutes_ago=10)
    page = maya.get("/alerts")
    found = re.findall(r'<a href="([^"]+)">(Purchase|Declined purchase|Refund)</a>', page.content.decode())
    assert found == [
        ("/transactions/txn_refund", "Refund"),
        ("/get-help/card_access.declined", "Declined purchase"),
        ("/transactions/txn_bought", "Purchase"),
    ]
    assert "Refund Alder Pharmacy · Tue, Nov 24, 11:50 am $48.20" in read(page)


def test_ten_a_page_each_once(maya: Client, account: str, django_assert_max_num_queries: Any) -> None:
    for number in range(13):
        raised(account, AlertEvent.REFUND, f"txn_{number:02}", minutes_ago=number)
    with django_assert_max_num_queries(19):  # one asks whether mail to their address came back
        first = maya.get("/alerts").content.decode()
    older = html.unescape(re.findall(r'href="(/alerts\?after=[^"#]+)#latest"', first)[0])
    second = maya.get(older).content.decode()
    link = re.compile(r"/transactions/(txn_\d\d)")
    assert link.findall(first) + link.findall(second) == [f"txn_{number:02}" for number in range(13)]
    assert "Back to the newest" in second
    assert maya.get("/alerts?after=made-up").status_code == 404


@pytest.mark.parametrize(
    ("state", "more", "words"),
    [
        ("waiting", {"due_at": NOON + timedelta(hours=2)}, "Email waits until 2 pm"),
        ("queued", {}, "Email on its way"),
        ("sent", {"sent_at": NOON}, "Email sent"),
        ("failed", {}, "Email not sent"),
        ("left_out", {}, ""),
    ],
)
def test_each_line_says_what_became_of_its_email_and_never_that_it_arrived(
    holder: Member,
    maya: Client,
    account: str,
    settings: Any,
    state: str,
    more: dict[str, Any],
    words: str,
) -> None:  # SR-82
    settings.CARDLINE_MAIL_URL = "smtp://mail.issuer.example"
    raised(account, AlertEvent.REFUND, "txn_refund")
    alert = rows.Alert.objects.get()
    Delivery.objects.create(
        member=holder, alert=alert.token, account="acc", event="refund", channel="email",
        raised_at=NOON, state=state, **more,
    )  # fmt: skip
    clock.set_offset(NOON - clock.machine_now())
    shown = read(maya.get("/alerts"))
    assert words in shown and "delivered" not in shown.lower() and "arrived" not in part_of_news(shown)
    assert words or "Email " not in part_of_news(shown)


def part_of_news(shown: str) -> str:
    return shown.partition("Latest alerts")[2]


def test_without_a_mail_server_nothing_is_said_to_be_sent(holder: Member, maya: Client, account: str) -> None:
    raised(account, AlertEvent.REFUND, "txn_refund")
    Delivery.objects.create(
        member=holder, alert=rows.Alert.objects.get().token, account="acc", event="refund",
        channel="email", raised_at=NOON, state="sent", sent_at=NOON,
    )  # fmt: skip
    shown = read(maya.get("/alerts"))
    assert "Email written" in shown and "Email sent" not in shown


def test_an_empty_list_says_what_will_be_in_it(maya: Client) -> None:
    assert "Nothing yet. What you choose here appears as it happens." in read(maya.get("/alerts"))


# ------------------------------------------------------------------------------------------------ whose it is


def test_nobody_sees_or_changes_somebody_elses(house: House, member_client: Clients, account: str) -> None:
    raised(account, AlertEvent.REFUND, "txn_of_maya")
    stan = member_client(new_holder("Stan", STRANGER))
    page = stan.get("/alerts")
    assert "txn_of_maya" not in page.content.decode() and account not in page.content.decode()
    sent = form(account, refund="off", declined="mail") | form(house.strangers_account, "press-0002")
    assert stan.post("/alerts", sent).status_code == 302
    assert is_on(account).keys() == {"refund"} and not Preference.objects.exists()


def test_an_additional_card_member_is_told_what_is_theirs(account: str, member_client: Clients) -> None:
    raised(account, AlertEvent.REFUND, "txn_of_maya")
    obi = member_client(new_holder("Obi", SON))
    page = obi.get("/alerts")
    assert page.status_code == 200 and "its holder chooses the alerts" in read(page)
    assert "<form method" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "txn_of_maya" not in page.content.decode()
    assert obi.post("/alerts", form(account, refund="mail")).status_code == 404


def test_who_is_not_signed_in_is_asked_to(db: None) -> None:
    assert Client().get("/alerts").status_code == 401
    assert Client().post("/alerts", {"key": "press-0001"}).status_code == 401


def test_joint_holders_read_that_rules_are_for_both(maya: Client, account: str) -> None:
    words = "You hold this account with somebody else"
    assert words not in read(maya.get("/alerts"))
    row = rows.Account.objects.get(token=account)
    row.holders.create(customer=rows.Customer.objects.get(number=STRANGER), role="joint")
    assert words in read(maya.get("/alerts"))


def test_what_one_of_them_is_mailed_the_other_does_not_see(
    holder: Member, maya: Client, account: str, member_client: Clients
) -> None:
    row = rows.Account.objects.get(token=account)
    row.holders.create(customer=rows.Customer.objects.get(number=STRANGER), role="joint")
    maya.post("/alerts", form(account, refund="mail", quiet_from="22:00", quiet_to="07:00"))
    raised(account, AlertEvent.REFUND, "txn_refund")
    assert Delivery.objects.get().member == holder
    shown = member_client(new_holder("Stan", STRANGER)).get("/alerts").content.decode()
    assert re.search(rf'name="{account}-refund" value="here"[^>]* checked', shown)
    assert "txn_refund" in shown and 'value="22:00"' not in shown
    assert "Email " not in part_of_news(shown)


# ------------------------------------------------------------------------------------- another or a silent core


class Odd(EmbeddedCore):
    """A core that lacks parts, or does not answer the calls in `silent`."""

    silent: frozenset[str] = frozenset()
    lacks: frozenset[Part] = frozenset()

    @property
    def offers(self) -> frozenset[Part]:
        return super().offers - self.lacks

    def alert_rules(self, *asked: Any) -> Any:
        if Part.ALERTS in self.lacks:
            raise CoreRefused("not_offered")
        return self._unless_silent("alert_rules")(*asked)

    def set_alert(self, *asked: Any, **more: Any) -> Any:
        return self._unless_silent("set_alert")(*asked, **more)

    def _unless_silent(self, name: str) -> Any:
        if name in self.silent:
            raise CoreUnknown("no answer")
        return getattr(super(), name)


@pytest.fixture
def odd() -> Iterator[Odd]:
    whole, core = current_core(), Odd()
    use_core(core)
    yield core
    use_core(whole)


def test_a_core_without_alerts_has_no_such_page(
    maya: Client, account: str, odd: Odd, member_client: Clients
) -> None:
    odd.lacks = frozenset({Part.ALERTS})
    for somebody in (maya, member_client(new_holder("Obi", SON))):
        assert somebody.get("/alerts").status_code == 404
        assert somebody.post("/alerts", form(account)).status_code == 404


def test_events_that_cannot_happen_are_not_offered(maya: Client, account: str, odd: Odd) -> None:
    odd.lacks = frozenset({Part.PAYMENTS})
    shown = read(maya.get("/alerts"))
    assert "A payment failed" not in shown and "A new statement" in shown
    assert maya.post("/alerts", form(account, refund="here")).status_code == 302


def test_a_silent_core_is_said_and_nothing_is_called_saved(maya: Client, account: str, odd: Odd) -> None:
    odd.silent = frozenset({"set_alert"})
    answer = maya.post("/alerts", form(account, refund="mail", purchase="here", purchase__least="12.50"))
    shown = answer.content.decode()
    assert answer.status_code == 503 and "Asked, not confirmed yet" in shown
    assert not Preference.objects.exists()
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    assert again["key"] == "press-0001" and again[f"{account}-purchase-least"] == "12.50"
    odd.silent = frozenset()
    assert maya.post("/alerts", again).status_code == 302
    assert is_on(account).keys() == {"refund", "purchase"} and Preference.objects.exists()
    odd.silent = frozenset({"alert_rules"})
    assert "We can’t look this up right now" in maya.get("/alerts").content.decode()


def test_the_page_speaks_spanish(maya: Client) -> None:
    shown = maya.get("/alerts", headers={"accept-language": "es"}).content.decode()
    assert "Horas de silencio" in shown and "A partir de este importe" in shown and "Quiet" not in shown
