"""`{% load cardline %}`: every component of DESIGN 3 as a tag. Each takes plain values and draws one small
template of templates/components/; none asks the database anything.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from cardline.issuer.profile import Text
from cardline.kit import clock as business_clock
from cardline.kit.actors import Actor
from cardline.kit.dates import UNKNOWN_WAIT, say_date, say_time, say_wait, say_when
from cardline.kit.languages import language_name
from cardline.kit.reference import show_reference
from cardline.ui import capacities, frame, look
from cardline.ui.app import worker
from cardline.ui.app.manifest import manifest_address
from cardline.ui.icons import icon as draw_icon
from cardline.ui.promise import PromiseLook, say_by
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
from cardline.ui.theme import theme_of

register = template.Library()
PARTS = {"mod": "Ctrl", "escape": "Esc", "enter": "Enter", "arrowdown": "↓", "arrowup": "↑"}

# ----------------------------------------------------------------------------------------- the page itself


@register.simple_tag
def style(name: str) -> SafeString:
    """A style sheet of static/css/."""
    return format_html('<link rel="stylesheet" href="{}">', static(f"css/{name}.css"))


@register.simple_tag(takes_context=True)
def script(context: Context, name: str) -> SafeString:
    """A controller of static/js/, as a module: it waits for the page and needs no inline code."""
    nonce = context.get("csp_nonce", "")
    return format_html('<script type="module" src="{}" nonce="{}"></script>', static(f"js/{name}.js"), nonce)


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The theme this person chose: light, dark, or "" to follow the device."""
    return theme_of(context.get("request"))


@register.simple_tag
def look_link() -> SafeString:
    """The sheet made from the issuer's profile, and the typeface where one was made at set-up."""
    sheet = format_html('<link rel="stylesheet" href="{}">', look.address())
    font = look.font_address()
    if not font:
        return sheet
    return format_html(
        '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>{}', font, sheet
    )


@register.simple_tag
def manifest_link() -> SafeString:
    """What makes these pages an app on a phone, where somebody wants that."""
    return format_html('<link rel="manifest" href="{}">', manifest_address())


@register.simple_tag
def session_mark(actor: Actor) -> str:
    """Which session this page is shown in, for js/app.js."""
    return worker.session_mark(actor)


@register.simple_tag
def capacity_name(capacity: str) -> str:
    """As what somebody acts for another, in words."""
    return capacities.capacity_name(capacity)


@register.simple_tag
def member_nav(here: str = "", actor: Actor | None = None, program: object = False) -> list[frame.NavItem]:
    """The member pages' sections, with the one we are in marked. actor: who is there, nothing where nobody is asked.
    program: whether they run a company's cards.
    """
    if not actor or not actor.member_id:  # "" on a page that asks nobody who is there
        return frame.member_nav(here)
    return frame.member_nav(here, signed_in=True, program=bool(program), hidden=frame.hidden_from(actor))


@register.simple_tag
def language_called(code: str) -> str:
    """A language's name in the page's own, as it stands in the middle of a sentence."""
    return language_name(code, get_language() or "en")


@register.simple_tag
def form_key() -> SafeString:
    """The hidden idempotency key of a form: pressing twice, or again after a lost answer, does it once."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())


# -------------------------------------------------------------------------------------------- small things


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """A drawing that stands beside a word."""
    return draw_icon(name, css_class)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """The keys as printed on a button: "mod+enter" is Ctrl Enter, "g i" is G I."""
    pressed = " ".join(PARTS.get(part, part.upper()) for part in keys.replace("+", " ").split())
    return format_html("<kbd>{}</kbd>", pressed)


@register.inclusion_tag("components/mark.html")
def mark() -> dict[str, Any]:
    """The issuer's mark in its own colours."""
    return {}


@register.inclusion_tag("components/button.html")
def button(
    label: str,
    kind: str = "primary",
    icon: str = "",
    busy: str = "",
    key: str = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A submit button. busy: the words while it is sending. key: what presses it on the desk."""
    return {
        "label": label,
        "kind": kind,
        "icon": icon,
        "busy": busy,
        "key": key,
        "name": name,
        "value": value,
    }


@register.inclusion_tag("components/notice.html")
def notice(text: str, tone: str = "", icon: str = "", title: str = "") -> dict[str, Any]:
    """Something to know, in words. tone: "", good or warn."""
    default = {"good": "check", "warn": "alert"}.get(tone, "tip")
    return {"text": text, "tone": tone, "icon": icon or default, "title": title}


@register.inclusion_tag("components/empty.html")
def empty(text: str, icon: str = "") -> dict[str, Any]:
    """An empty list says so in a sentence: "Nothing due today."."""
    return {"text": text, "icon": icon}


@register.inclusion_tag("components/reference.html")
def reference(ref: str, copy: bool = True) -> dict[str, Any]:
    """A reference number in two groups, with a copy button where scripts run."""
    return {"ref": _shown(ref), "copy": copy}


@register.inclusion_tag("components/action.html", takes_context=True)
def action(context: Context, link: Link, css_class: str = "btn small") -> dict[str, Any]:
    """A Link as a link, or as a form with one button when pressing it changes something."""
    return {"link": link, "css_class": css_class, "csrf_token": context.get("csrf_token")}


# ---------------------------------------------------------------------------------------------- components


@register.inclusion_tag("components/promise.html")
def promise(look: PromiseLook) -> dict[str, Any]:
    """The signature component: ring, sentence, date, one line of context."""
    return {"look": look}


@register.inclusion_tag("components/receipt.html", takes_context=True)
def receipt(
    context: Context, ref: str, facts: Sequence[Fact], actions: Sequence[Link] = ()
) -> dict[str, Any]:
    """What the member keeps of a case: reference over a tear line, names and values, ways to keep it."""
    return {"ref": _shown(ref), "facts": facts, "actions": actions, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/urgent_band.html", takes_context=True)
def urgent_band(
    context: Context,
    call_url: str,
    cards: Sequence[FreezeRow] = (),
    gone_url: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Freeze and call, on every help page, in the issuer's words.

    cards: the member's, one button each. gone_url: where a card that is gone is reported, known or not.
    note: one more sentence (until when somebody answers).
    """
    return {
        "band": context["profile"].urgent,
        "call_url": call_url,
        "cards": cards,
        "gone_url": gone_url,
        "note": note,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/need_list.html")
def need_list(needs: Sequence[NeedRow], wide: bool = True) -> dict[str, Any]:
    """Reasons to get in touch, in the issuer's order; wide: two columns where there is room."""
    return {"needs": needs, "wide": wide}


@register.inclusion_tag("components/channel_row.html")
def channel_row(channel: ChannelRow) -> dict[str, Any]:
    """One way to reach us, a list item. An unknown wait shows "—", never 0."""
    return {"channel": channel, "unknown": UNKNOWN_WAIT}


@register.inclusion_tag("components/ready_list.html")
def ready_list(items: Sequence[ReadyRow]) -> dict[str, Any]:
    """What to have at hand: ticked when we hold it."""
    return {"items": items}


@register.inclusion_tag("components/progress.html")
def progress(steps: Sequence[Step]) -> dict[str, Any]:
    """Where a case stands, as labelled bars."""
    return {"steps": steps}


@register.inclusion_tag("components/contact_item.html", takes_context=True)
def contact_item(context: Context, contact: ContactRow) -> dict[str, Any]:
    """One contact in the thread of a case, a list item."""
    shown = _shown(contact.ref) if contact.ref else ""
    return {"contact": contact, "ref": shown, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/three_lines.html")
def three_lines(lines: ThreeLines) -> dict[str, Any]:
    """What we did, what we will do by when, what you need to do."""
    return {"lines": lines}


# ---------------------------------------------------------------------------------------------------- chat


@register.inclusion_tag("components/chat.html", takes_context=True)
def chat(context: Context, box: ChatBox) -> dict[str, Any]:
    """A whole live conversation, as on the member's page. The desk puts its parts into panes of its own."""
    return {"box": box, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def chat_attributes(box: ChatBox) -> SafeString:
    """What js/chat.js needs on the element that holds log and form: addresses, and the words it says."""
    ours = {
        "controller": "chat",
        "topic": box.topic,
        "contact": box.contact,
        "after": str(box.last),
        "side": box.side,
        "me": box.me,
        "capacity": box.capacity,
        "zone": box.zone,
        "poll-url": box.poll_url,
        "send-url": box.send_url,
        "sign-in-url": box.sign_in_url,
        "say-you": gettext("You"),
        "say-sending": gettext("Sending…"),
        "say-sent": gettext("Sent"),
        "say-kept": gettext("Not sent yet. Your text is kept."),
        "say-refused": gettext("We couldn’t send that."),
        "say-offline": gettext("You are offline. Your text is kept."),
        "say-ended": gettext("Your session ended. Sign in again; your text is kept."),
        "say-sign-in": gettext("Sign in"),
        "say-gone": gettext("This conversation is not open any more."),
        "say-typing": gettext("Writing…"),
    }
    return format_html_join(" ", 'data-{}="{}"', ours.items())


@register.inclusion_tag("components/chat_log.html")
def chat_log(box: ChatBox) -> dict[str, Any]:
    """The entries so far, what is still on its way, and the templates for what comes."""
    return {"box": box}


@register.inclusion_tag("components/chat_form.html", takes_context=True)
def chat_form(context: Context, box: ChatBox, label: str = "") -> dict[str, Any]:
    """The box to write in, with the line that says how the connection stands. Works as a plain form too."""
    return {"box": box, "label": label, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/chat_entry.html")
def chat_entry(line: ChatLine, surface: str = "member") -> dict[str, Any]:
    """One entry of a conversation, a list item. surface: member or desk."""
    return {"line": line, "surface": surface, "kind": line.kind, "side": line.side}


# ---------------------------------------------------------------------------------------------------- desk


@register.inclusion_tag("components/conversation_row.html")
def conversation_row(row: ConversationRow, current: bool = False) -> dict[str, Any]:
    """A line of the desk's list: who, about what, due when. A list item."""
    return {"row": row, "current": current}


@register.inclusion_tag("components/promise_maker.html", takes_context=True)
def promise_maker(
    context: Context,
    action: str,
    owners: Iterable[tuple[str, str]],
    text: str = "",
    due: str = "",
    owner: str = "",
    heading: str = "",
    errors: Mapping[str, str] | None = None,
    drop_to: str = "",
    keep: str = "",
) -> dict[str, Any]:
    """The box that turns a sentence into a tracked promise: We will, By, Owner. Enter keeps, Esc drops.

    due: "2026-11-24T17:00" on the issuer's wall clock. errors: by field name (text, due, owner). drop_to: the
    composer's mode that Esc goes back to (js/modes.js); without one Esc takes the box away. keep: a name under
    which the tab keeps what is typed (js/keep.js).
    """
    return {
        "action": action,
        "owners": list(owners),
        "text": text,
        "due": due,
        "owner": owner,
        "heading": heading,
        "errors": errors or {},
        "drop_to": drop_to,
        "keep": keep,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/verification.html", takes_context=True)
def verification(context: Context, proof: Verification) -> dict[str, Any]:
    """How surely we know who is speaking, what that allows, what it does not."""
    return {"proof": proof, "csrf_token": context.get("csrf_token")}


# --------------------------------------------------------------------------------------------------- forms


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "", short: bool = False) -> dict[str, Any]:
    """A form field: label above, hint, the error under the label saying how to fix it."""
    hint = hint or str(bound.help_text or "")
    ids = [f"{bound.auto_id}-hint"] * bool(hint) + [f"{bound.auto_id}-error"] * bool(bound.errors)
    described = " ".join(ids)
    attributes: dict[str, str | bool] = {"class": "input short" if short else "input"}
    if described:
        attributes["aria-describedby"] = described
    return {
        "bound": bound,
        "hint": hint,
        "described": described,
        "several": bound.field.widget.use_fieldset,
        "widget": bound.as_widget(attrs=attributes),
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Everything to fix, on top, taking the focus; each line leads to its field."""
    errors = [(bound, str(error)) for bound in form for error in bound.errors]
    said = Counter(error for _bound, error in errors)
    found = [(bound.auto_id, _named(bound, error) if said[error] > 1 else error) for bound, error in errors]
    general = form.non_field_errors()
    return {"found": found, "general": general, "count": len(found) + len(general)}


def _named(bound: BoundField, error: str) -> str:
    """What is said of several fields names each: three times "Fill this in." would tell nobody what."""
    return gettext("%(field)s: %(error)s") % {"field": bound.label, "error": error}


# --------------------------------------------------------------------------------------- dates in the page


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime) -> SafeString:
    """A date and time as people say it, in the issuer's zone, with the instant for machines."""
    return _time(at, say_when(at, _zone(context), _language(), _now(context)))


@register.simple_tag(takes_context=True)
def day(context: Context, at: datetime) -> SafeString:
    """A date with its weekday."""
    return _time(at, say_date(at.astimezone(_zone(context)).date(), _language(), _now(context)))


@register.simple_tag(takes_context=True)
def clock(context: Context, at: datetime) -> SafeString:
    """A time of day."""
    return _time(at, say_time(at.astimezone(_zone(context)), _language()))


@register.simple_tag(takes_context=True)
def by(context: Context, due_at: datetime) -> SafeString:
    """ "by Fri, Dec 11, 5 pm" """
    return _time(due_at, say_by(due_at, _zone(context), _language(), _now(context)))


@register.filter
def as_json(value: Any) -> str:
    """For a data- attribute, which a script reads; the policy allows none inside the page (SR-40)."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def said(text: Text | str) -> str:
    """A text of the issuer's profile in the page's language."""
    return text.in_(_language()) if isinstance(text, Text) else text


@register.filter
def wait(seconds: float | None) -> str:
    """A wait in words; "—" when unknown."""
    return say_wait(seconds, _language())


# ----------------------------------------------------------------------------------------- behind the tags


def _time(at: datetime, said: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), said)


def _now(context: Context) -> datetime:
    return context.get("now") or business_clock.now()


def _language() -> str:
    return get_language() or "en"


def _zone(context: Context) -> ZoneInfo:
    return context["profile"].zone


def _shown(ref: str) -> str:
    return ref if "-" in ref else show_reference(ref)
