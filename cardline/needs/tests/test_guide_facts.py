"""Every fact of the founding guide's steps 1 to 4 and of its ten questions is reachable from the plan of some need."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

import pytest

from cardline.needs.catalogue import groups, needs
from cardline.needs.plan import make_plan
from cardline.needs.tests.cast import TUESDAY_NOON, american_express

# (where the guide says it, a need, words that its plan must hold; "us" and "abroad", personal and corporate)
FACTS = [
    ("1.2 card number, last four do", "dispute.duplicate_charge", "last four digits are enough"),
    ("1.2 transaction details", "dispute.duplicate_charge", "date, the merchant and the amount"),
    ("1.2 earlier reference numbers", "contact.reference_followup", "reference number"),
    ("1.2 security code", "card_access.security_code", "Four digits on the front of the card"),
    ("1.2 documents", "info.name_or_legal", "proof of the change"),
    ("2.1 fastest to a live person", "contact.human", "quickest way to a live person"),
    ("2.1 day and night", "lost_stolen.report", "Day and night for most card questions"),
    ("2.1.1 personal, US", "contact.how_to_reach", "1-800-528-2122"),
    ("2.1.1 personal, abroad", "contact.from_abroad", "+1-623-492-5450"),
    ("2.1.1 corporate, US", "contact.how_to_reach", "1-800-492-3932"),
    ("2.1.1 corporate, abroad", "contact.from_abroad", "+1-623-492-3932"),
    ("2.1.1 the number on the card", "contact.how_to_reach", "The number on the back of your card"),
    ("2.1.2 have the card ready", "contact.human", "Keep your card beside you"),
    ("2.1.2 expect to be checked", "contact.human", "Expect a check of who you are"),
    ("2.1.2 listen to the menu", "contact.human", "The menu can bring you to the right team"),
    ("2.1.2 be polite and clear", "contact.human", "calmly and plainly"),
    ("2.1.2 ask for a reference number", "contact.human", "reference number"),
    ("2.2 when typing is preferred", "rewards.balance", "rather type than talk"),
    ("2.2.1 sign in first", "rewards.balance", "user ID and password"),
    ("2.2.1 where the button is", "rewards.balance", "Top of the page"),
    ("2.2.1 begin", "rewards.balance", "Write what you need"),
    ("2.2.2 anywhere", "rewards.balance", "anywhere with a connection"),
    ("2.2.2 transcript", "rewards.balance", "save or print"),
    ("2.2.2 other things meanwhile", "rewards.balance", "do other things"),
    ("2.3 the slowest", "complaint.formal", "slowest"),
    ("2.3.1 the address", "complaint.formal", "P.O. Box 981535"),
    ("2.3.1 the city", "complaint.formal", "El Paso, TX 79998-1535"),
    ("2.3.1 check the site", "complaint.formal", "own address"),
    ("2.3.2 formal complaints", "complaint.formal", "Formal complaints"),
    ("2.3.2 dispute papers", "dispute.duplicate_charge", "Papers that support a dispute"),
    ("2.3.2 proof", "complaint.formal", "proof that you wrote"),
    ("2.4.1 get the app", "info.contact_details", "iOS or Android"),
    ("2.4.1 messages or contact us", "info.contact_details", "Messages or Contact Us"),
    ("2.4.2 encrypted", "info.contact_details", "encrypted"),
    ("2.4.2 account at hand", "info.contact_details", "account is at hand"),
    ("2.4.2 notification", "info.contact_details", "Your phone tells you when we have answered"),
    ("3.1 purpose first", "contact.human", "Begin with what you need"),
    ("3.1 details early", "contact.human", "the date and the amount early"),
    ("3.2 be patient and polite", "contact.human", "fine to be upset about what happened"),
    ("3.4 know what happens next", "contact.human", "what happens next, and by when"),
    ("3.4 anything else to do", "contact.human", "anything left for you to do"),
    ("3.4 reminder", "contact.human", "We remember the date"),
    ("4.1 topics of the help center", "benefit.acceptance", "Answers to common questions"),
    ("4.1 where it is", "benefit.acceptance", "foot of every page"),
    ("4.2 general things only", "benefit.acceptance", "General information"),
    ("4.2 never in public", "benefit.acceptance", "Never post card or account details"),
    ("Q1 at once, day and night", "lost_stolen.report", "Someone answers day and night"),
    ("Q2 online or by phone", "dispute.unrecognised_charge", "choose the charge and start the dispute"),
    ("Q3 on the first page", "rewards.balance", "On the first page of your account"),
    ("Q4 ways to pay", "payment.make", "by phone, or with a check by mail"),
    ("Q4 autopay", "payment.make", "Autopay"),
    ("Q5 profile settings", "info.contact_details", "under profile settings"),
    ("Q5 name needs papers", "info.name_or_legal", "may take a call and a document"),
    ("Q6 front, above the number", "card_access.security_code", "above the card number: four digits"),
    ("Q7 replacement", "card_access.replace_damaged", "ask for a card replacement"),
    ("Q8 zero or a word", "contact.human", "press 0"),
    ("Q8 representative", "contact.human", "representative"),
    ("Q9 collect", "contact.from_abroad", "collect call"),
    ("Q9 other regions", "contact.from_abroad", "Other cards and regions"),
    ("Q10 supervisor", "complaint.formal", "ask for a supervisor"),
    ("Q10 addresses on the site", "complaint.formal", "addresses and any email"),
]


@pytest.mark.parametrize(("where", "need_id", "words"), FACTS, ids=[where for where, _, _ in FACTS])
def test_a_fact_of_the_guide_is_in_the_plan(where: str, need_id: str, words: str) -> None:
    assert words.casefold() in everything_said(need_id).casefold()


def test_the_eight_reasons_of_the_guide_are_the_first_eight_groups() -> None:
    assert [group.needs[0].family for group in groups()[:8]] == [
        "lost_stolen", "dispute", "payment", "rewards", "info", "benefit", "apply", "complaint",
    ]  # fmt: skip


def test_each_of_the_ten_questions_is_answered_in_a_plan() -> None:
    asked = {question.id for question in american_express().questions}
    answered = {
        answer.id
        for need_id in needs()
        for answer in make_plan(american_express(), need_id, now=TUESDAY_NOON).questions
    }
    assert len(asked) == 10
    assert answered == asked


def test_what_the_plan_does_not_say_the_profile_holds() -> None:
    """Notes to keep (3.3), the ladder of a complaint (3.5), what to do oneself (4.1), the site (4.1)."""
    profile = american_express()
    assert {"agent_name", "at", "reference", "summary", "agreed", "next_steps"} <= {
        note.id for note in profile.notes
    }
    assert [step.to for step in profile.member_ladder] == [
        "representative",
        "supervisor",
        "complaints",
        "ombudsman",
    ]
    actions = {action.id for action in profile.channel("self_service").actions}
    assert {
        "statements",
        "transactions",
        "pay",
        "points_balance",
        "points_redeem",
        "details",
        "alerts",
    } <= actions
    assert profile.website == "americanexpress.com"
    assert {"pin_or_login", "member_notes"} <= set(profile.details)


@cache
def everything_said(need_id: str) -> str:
    """All words of a need's plans, for each place and each kind of card."""
    return "\n".join(
        str(
            asdict(
                make_plan(american_express(), need_id, now=TUESDAY_NOON, country=country, card_type=card_type)
            )
        )
        for country in ("US", "ES")
        for card_type in ("personal", "corporate")
    )
