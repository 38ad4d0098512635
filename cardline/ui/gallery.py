"""/demo/components: every component in every state, for eyes and for axe. Exists in demo mode only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cardline.ui.promise import PromiseLook, promise_look
from cardline.ui.shapes import (
    ChannelRow,
    ChatBox,
    ChatLine,
    ContactRow,
    ConversationRow,
    Fact,
    FreezeRow,
    Link,
    NeedRow,
    ReadyRow,
    Step,
    ThreeLines,
    Verification,
)

Side = Literal["me", "other", "system"]
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 19, 14, tzinfo=UTC)  # Tue, Nov 24, 2:14 pm there


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """?surface=desk for the desk's components, else those of member pages."""
    surface = "desk" if request.GET.get("surface") == "desk" else "member"
    values = _desk() if surface == "desk" else _member()
    return render(request, f"gallery/{surface}.html", {"now": NOW, "promises": _promises(), **values})


def _at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def _promises() -> list[PromiseLook]:
    def look(sentence: str, made_at: datetime, due_at: datetime, **more: Any) -> PromiseLook:
        return promise_look(sentence=sentence, made_at=made_at, due_at=due_at, now=NOW, zone=ZONE, **more)

    return [
        look("Tell you our decision, and why", _at(21, 18), _at(11, 17, month=12)),
        look(
            "Deliver your new card ending 8820",
            _at(21, 18),
            _at(24, 18),
            line="With the courier since 8:12 am.",
        ),
        look(
            "Call you back about the credit limit",
            _at(23, 9),
            _at(24, 12),
            line="Dana’s supervisor has it now.",
        ),
        look("Credit $48.20 to your account", _at(21, 18), _at(24, 17), done_at=_at(23, 10, 12)),
        look("Send you the form", _at(17, 9), _at(18, 17), done_at=_at(20, 9)),
        look(
            "Ask the bakery again",
            _at(20, 9),
            _at(30, 17),
            released_at=_at(23, 11),
            line="You agreed to drop it.",
        ),
    ]


def _chat_lines(side: Literal["member", "agent"]) -> tuple[ChatLine, ...]:
    member: Side = "me" if side == "member" else "other"
    agent: Side = "me" if side == "agent" else "other"
    maya, dana = ("You", "Dana Whitfield") if side == "member" else ("Maya", "You")
    asked = "There’s a charge for $48.20 that isn’t mine."
    seen = "I see it, Bright Loaf Bakery.\nI’m opening a dispute."
    promised = "Promised: credit $48.20 to your account, by Fri, Nov 27, 5 pm"
    lines = (
        ChatLine(
            1, _at(24, 14, 10), "2:10 pm", "event", "system", "", "Dana Whitfield is here now", "person"
        ),
        ChatLine(2, _at(24, 14, 11), "2:11 pm", "message", member, maya, asked),
        ChatLine(3, _at(24, 14, 12), "2:12 pm", "message", agent, dana, seen),
        ChatLine(4, _at(24, 14, 13), "2:13 pm", "promise", agent, dana, promised),
    )
    note = ChatLine(5, _at(24, 14, 14), "2:14 pm", "note", "me", "You", "Has not shared the PIN.")
    return (*lines, note) if side == "agent" else lines


def _chat_box(side: Literal["member", "agent"]) -> ChatBox:
    here = "/demo/components"
    return ChatBox("case:0", "contact:0", side, str(ZONE), "", here, here, _chat_lines(side))


class _Form(forms.Form):
    name = forms.CharField(label="Your name", help_text="As it is on your card.")
    ref = forms.CharField(label="Reference")
    reached = forms.ChoiceField(
        label="How may we reach you?",
        choices=[("phone", "By phone"), ("message", "By secure message")],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label="What went wrong?", widget=forms.Textarea, required=False)

    def clean_ref(self) -> str:
        raise forms.ValidationError(
            "We can’t find that reference. It has 7 letters and numbers, like 7K4-29QM. Check for 0 and 8."
        )


def _member() -> dict[str, Any]:
    return {
        "here": "help",
        "sign_in_url": "/demo",
        "cards": [FreezeRow("4471", freeze_url="#"), FreezeRow("8820", frozen_when="6:37 pm", undo_url="#")],
        "needs": [
            NeedRow("card", "Lost, stolen or damaged card", "Block it and get a new one", "#"),
            NeedRow("alert", "Dispute a charge", "Wrong amount, not mine, never arrived", "#"),
            NeedRow("pay", "Payments", "Pay, autopay, or ask for more time", "#"),
            NeedRow("reward", "Rewards", "Balance, missing points, redeem", "#"),
            NeedRow("details", "My details", "Address, phone, email, name", "#"),
        ],
        "channels": [
            ChannelRow("chat", "Chat", "You can leave and come back", "2 min", "wait", "#"),
            ChannelRow("phone", "Call us", "1-800-555-0100", "14 min", "wait", "tel:+18005550100", "busy"),
            ChannelRow("callback", "We call you", "On the number ending 0142", "", "wait", "#"),
            ChannelRow(
                "mail",
                "Letter",
                "For formal complaints and original papers",
                "opens 8 am tomorrow",
                "",
                "",
                "closed",
            ),
        ],
        "ready": [
            ReadyRow("Your card", "Ending 4471. We have it.", held=True),
            ReadyRow("Which charge", "Date, merchant and amount. You’ll pick it from a list."),
            ReadyRow("A receipt or message", "Only if you have one. You can add it later."),
        ],
        "steps": [
            Step("Reported", "Sat, Nov 21", "done"),
            Step("Credited", "Mon, Nov 23", "done"),
            Step("Checking with merchant", state="current"),
            Step("Decision", "by Dec 11"),
        ],
        "facts": [
            Fact("Charge", "Bright Loaf Bakery\nFri, Nov 20, 2026"),
            Fact("Amount", "$48.20"),
            Fact("Your reason", "Not my charge; card was lost"),
            Fact("Looked after by", "Priya Raman, Disputes"),
        ],
        "actions": [Link("Add to calendar", "#", "calendar")],
        "contacts": [
            ContactRow(
                "lock",
                "Secure message from Priya Raman",
                "Mon, Nov 23, 10:14 am",
                _at(23, 10, 14),
                "Disputes team",
                said="“Your $48.20 credit went in this morning.”",
                links=(Link("Reply", "#"),),
            ),
            ContactRow(
                "phone",
                "Phone call with Dana Whitfield",
                "Sat, Nov 21, 6:42 pm",
                _at(21, 18, 42),
                "6 min 20 s",
                ref="7K4-29QM-1",
                agreed=("Card ending 4471 closed at 6:44 pm", "New card ending 8820 sent by courier"),
                links=(Link("Something here is wrong", "#", "pencil"),),
            ),
            ContactRow(
                "freeze", "You froze card ending 4471", "Sat, Nov 21, 6:37 pm", _at(21, 18, 37), "In the app"
            ),
        ],
        "three": ThreeLines(
            "We opened a dispute for the $48.20.",
            ("Credit $48.20 by Fri, Nov 27, 5 pm.",),
            "Nothing for now.",
        ),
        "box": _chat_box("member"),
        "form": _Form({"name": "", "ref": "7K4-290M", "reached": "phone"}),
    }


def _desk() -> dict[str, Any]:
    return {
        "rows": [
            ConversationRow("chat", "Maya Okafor", "Lost card, and a $48.20 charge", "now", "#", "now"),
            ConversationRow(
                "clock", "Luis Ferreira", "Call back about credit limit", "12 min late", "#", "late"
            ),
            ConversationRow(
                "chat", "Hannah Brandt", "Charged twice at Alder Pharmacy", "18 min", "#", "soon"
            ),
            ConversationRow(
                "lock", "Owen Achterberg", "Name change, papers received", "by 9 pm", "#", "promise-due"
            ),
            ConversationRow("mail", "Rosa Lindqvist", "Letter: annual fee complaint", "Mon", "#"),
        ],
        "proofs": [
            Verification(
                2, "Enough to close a card or dispute.", "Changing an address needs level 3.", "11:40"
            ),
            Verification(
                0,
                "General questions only.",
                "Card actions need level 1.",
                next_step=Link("Step up", "#", post=True),
            ),
            Verification(
                0, "Say nothing about the account.", "Offer a call back to the number on file.", failed=True
            ),
        ],
        "owners": [("queue:disputes", "Disputes"), ("me", "Me")],
        "maker_errors": {"due": "That time has passed. Choose a later one."},
        "box": _chat_box("agent"),
    }
