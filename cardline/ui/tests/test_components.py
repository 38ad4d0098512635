from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.template import Context, Template

from cardline.issuer.profile import Text, current_profile
from cardline.ui import gallery
from cardline.ui.shapes import ChannelRow, ChatLine, FreezeRow, Link, ReadyRow, Step, ThreeLines, Verification

NASTY = "<script>alert(1)</script>\"'"


def drawn(template: str, **values: Any) -> str:
    context = Context({"profile": current_profile(), "now": gallery.NOW, "csrf_token": "token", **values})
    return Template("{% load cardline %}" + template).render(context)


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_a_reference_is_shown_in_two_groups_and_copied_the_same() -> None:
    html = drawn("{% reference '7K429QM' %}")
    assert html.count("7K4-29QM") == 3 and 'data-copy="7K4-29QM"' in html
    assert "button" not in drawn("{% reference '7K429QM' False %}")
    assert "7K4-29QM-1" in drawn("{% reference '7K4-29QM-1' %}")


def test_the_copy_button_stays_away_until_a_script_can_copy() -> None:
    assert re.search(r"<button[^>]* hidden ", drawn("{% reference '7K429QM' %}"))


def test_a_promise_is_a_sentence_for_a_screen_reader_and_a_ring_for_the_eye() -> None:
    html = drawn("{% promise look %}", look=gallery._promises()[0])
    assert words_of(html) == "Tell you our decision, and why by Fri, Dec 11, 5 pm 17 days left"
    assert re.search(r'<svg class="ring"[^>]* aria-hidden="true"', html) and "stroke-dasharray" in html


def test_done_promises_carry_a_tick_in_place_of_a_clock() -> None:
    html = drawn("{% promise look %}", look=gallery._promises()[3])
    assert 'class="promise kept"' in html and "stroke-dasharray" not in html


def test_the_urgent_band_freezes_each_card_by_a_form_with_a_key() -> None:
    html = drawn(
        "{% urgent_band 'tel:+1' cards=cards %}", cards=[FreezeRow("4471", "/a"), FreezeRow("8820", "/b")]
    )
    assert (
        html.count('<form method="post"')
        == html.count('name="key"')
        == html.count("csrfmiddlewaretoken")
        == 2
    )
    assert html.count("btn danger") == 1, "one primary red button"


def test_after_freezing_the_band_says_when_and_offers_undo_in_the_same_place() -> None:
    html = drawn("{% urgent_band 'tel:+1' cards=cards %}", cards=[FreezeRow("4471", "", "6:37 pm", "/undo")])
    assert "Card 4471 frozen at 6:37 pm." in words_of(html) and 'action="/undo"' in html
    assert "btn danger" not in html


def test_the_band_of_a_visitor_leads_to_a_freeze_and_to_a_call() -> None:
    html = drawn("{% urgent_band 'tel:+15550100' gone_url='/lost' %}")
    assert 'href="/lost"' in html and 'href="tel:+15550100"' in html


def test_an_unknown_wait_is_a_dash_and_never_nought() -> None:
    html = drawn("{% channel_row row %}", row=ChannelRow("chat", "Chat", "Now", "", "wait", "/chat"))
    assert "<b>—</b>" in html


def test_a_channel_without_an_address_is_said_and_not_pressed() -> None:
    html = drawn("{% channel_row row %}", row=ChannelRow("mail", "Letter", "Slow", "7 days", state="closed"))
    assert "<a " not in html and 'class="channel closed"' in html


def test_what_we_hold_is_said_and_not_only_ticked() -> None:
    html = drawn("{% ready_list rows %}", rows=[ReadyRow("Your card", held=True), ReadyRow("A receipt")])
    assert words_of(html) == "We have it: Your card A receipt"


def test_progress_names_done_and_current_steps_beyond_their_colour() -> None:
    html = drawn(
        "{% progress steps %}", steps=[Step("Reported", "Sat", "done"), Step("Checking", state="current")]
    )
    assert "Done: Reported" in words_of(html) and 'aria-current="step"' in html


def test_three_lines_never_leave_one_unsaid() -> None:
    said = words_of(drawn("{% three_lines lines %}", lines=ThreeLines("Froze the card.")))
    assert said == (
        "What we did Froze the card. What we will do Nothing more: this is done. What you need to do Nothing."
    )


@pytest.mark.parametrize(
    ("proof", "state", "head"),
    [
        (Verification(2, "All."), "level", "Verified, level 2 of 3"),
        (Verification(0, "Nothing."), "none", "Not verified"),
        (Verification(2, "Nothing.", failed=True), "failed", "The check failed"),
    ],
)
def test_the_panel_says_how_surely_we_know_who_speaks(proof: Verification, state: str, head: str) -> None:
    html = drawn("{% verification proof %}", proof=proof)
    assert f'class="verify {state}"' in html and head in words_of(html)


def test_a_pressed_action_is_a_form_and_a_link_is_a_link() -> None:
    assert "<form" in drawn("{% action link %}", link=Link("Undo", "/undo", post=True))
    assert drawn("{% action link %}", link=Link("Open", "/open")).startswith("<a ")


@pytest.mark.parametrize("surface", ["member", "desk"])
@pytest.mark.parametrize("kind", ["message", "note", "promise", "event"])
def test_what_people_wrote_stays_text(kind: Any, surface: str) -> None:
    line = ChatLine(7, gallery.NOW, "2:14 pm", kind, "other", NASTY, NASTY)
    html = drawn("{% chat_entry line surface %}", line=line, surface=surface)
    assert "<script" not in html and 'data-n="7"' in html and "alert(1)" in html


def test_the_browser_gets_an_empty_template_for_each_entry_it_may_have_to_draw() -> None:
    html = drawn("{% chat box %}", box=gallery._chat_box("member"))
    names = set(re.findall(r'<template data-entry="([^"]+)"', html))
    assert names == {"message.me", "message", "promise.made", "event", "on-its-way"}
    assert 'data-after="4"' in html and 'data-topic="case:0"' in html and 'data-contact="contact:0"' in html


def test_the_chat_form_works_without_script() -> None:
    html = drawn("{% chat box %}", box=gallery._chat_box("member"))
    form = html[html.index("<form") :]
    assert (
        'method="post"' in form
        and 'name="text"' in form
        and 'name="key"' in form
        and "csrfmiddlewaretoken" in form
    )


def test_each_form_has_a_key_of_its_own() -> None:
    keys = re.findall(r'value="([^"]+)"', drawn("{% form_key %}{% form_key %}"))
    assert len({UUID(key) for key in keys}) == 2


def test_keys_are_printed_as_on_a_keyboard() -> None:
    assert [words_of(drawn(f"{{% kbd '{keys}' %}}")) for keys in ("mod+enter", "g i", "escape", "?")] == [
        "Ctrl Enter",
        "G I",
        "Esc",
        "?",
    ]


def test_a_text_of_the_profile_is_said_in_the_page_s_language() -> None:
    assert drawn("{{ text|said }}", text=Text.of(en="Card", es="Tarjeta")) == "Card"
    assert (
        drawn(
            "{% load i18n %}{% language 'es' %}{{ text|said }}{% endlanguage %}",
            text=Text.of(en="Card", es="Tarjeta"),
        )
        == "Tarjeta"
    )


class Form(forms.Form):
    ref = forms.CharField(label="Reference", help_text="On your receipt.")
    way = forms.ChoiceField(
        label="How", choices=[("a", "By phone"), ("b", "By post")], widget=forms.RadioSelect
    )


def test_a_field_in_error_tells_a_screen_reader_where_hint_and_error_are() -> None:
    html = drawn("{% field form.ref %}", form=Form({"ref": ""}))
    described = re.search(r'<input[^>]* aria-describedby="([^"]+)"', html)
    assert described and described[1].split() == ["id_ref-hint", "id_ref-error"]
    assert all(f'id="{one}"' in html for one in described[1].split()) and 'aria-invalid="true"' in html


def test_choices_are_a_group_with_a_legend() -> None:
    html = drawn("{% field form.way %}", form=Form())
    assert "<legend>How</legend>" in html and html.count('type="radio"') == 2


def test_the_summary_leads_to_each_field_and_is_absent_without_errors() -> None:
    html = drawn("{% error_summary form %}", form=Form({}))
    assert 'href="#id_ref"' in html and 'href="#id_way"' in html and "2 things to change" in html
    assert drawn("{% error_summary form %}", form=Form({"ref": "x", "way": "a"})).strip() == ""


def test_a_summary_names_the_fields_where_several_say_the_same() -> None:
    class Place(forms.Form):
        street = forms.CharField(label="Street", error_messages={"required": "Fill this in."})
        town = forms.CharField(label="Town", error_messages={"required": "Fill this in."})

    html = drawn("{% error_summary form %}", form=Place({}))
    assert ">Street: Fill this in.<" in html and ">Town: Fill this in.<" in html
    assert ">Fill this in.<" in drawn("{% error_summary form %}", form=Place({"town": "Albany"}))
