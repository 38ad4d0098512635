"""Every query for what belongs to members starts at kit.visibility.visible, which takes the actor (SR-20).

Read from the source: a manager of such a model, a shortcut that fetches one, or SQL that names its table is refused
outside the places that change data. What else may do it stands in ALLOWED with its reason, and nowhere else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2] / "cardline"

# Changes and what leads to them decide by rules of their own (docs/architecture.md); visibility.py is the function.
WRITERS = {"commands.py", "sweeps.py", "reactions.py", "visibility.py"}
# Parts of cards/commands.py in files of their own: they run inside commands, or are the system's own.
WRITERS |= {"wishes.py", "writing.py", "freeze_lane.py"}
# How a change of contact data is written down: inside commands alone.
WRITERS |= {"filing.py"}
# What "not me" protects and takes back, and what is promised with a company's card: inside commands alone.
WRITERS |= {"calling.py", "freezing.py", "undoing.py", "promising.py"}
NOT_THE_PRODUCT = {"tests", "migrations", "demo"}

# "file:function", or a folder: why it may ask without an actor, or in the system's name.
ALLOWED = {
    "issuer/embedded/": "stands for another house's system, asked for one customer through issuer/core.py",
    "cards/programs/queries.py:_cards_of": "asks the core for companies that administered(actor) let through",
    "cards/programs/queries.py:_spending": "asks the core for companies that administered(actor) let through",
    "cards/programs/queries.py:_frozen_by": "says of cards already seen whose freeze stands",
    "cards/programs/queries.py:highest_limit": "asks the core for a company that administered(actor) let through",
    "cards/programs/queries.py:program_of_card": "asks the core for companies that administered(actor) let through",
    "members/programs/queries.py:program_by_company": "a number for the command line; shown to nobody",
    "members/queries.py:member_by_number": "finds out who an API key speaks for; nothing of it is shown",
    "identity/notices.py:tell_of_change": "writes, and runs inside commands only (kit.commands.executing)",
    "contactdata/notices/sign_in.py:_change": "by the link of a notice, whose page names nobody",
    "payments/queries.py:accounts_to_pay_unseen": "asks the core for whom member_paid_for_by(actor) let through",
    "identity/arrivals.py:user_arriving": "by the number the issuer's own provider vouched for; makes the actor",
    "identity/arrivals.py:user_of": "the same member, inside a command (kit.commands.executing)",
    "identity/arrivals.py:_make_user": "the same member, inside a command",
    "members/intake.py:enter_member": "makes a member, on the machine itself",
    "trust/queries.py:look_up": "the code that was typed decides, and a member is told only whether it is theirs",
    "trust/queries.py:code_numbered": "the letters for whoever writes the message they go into, in a command",
    "config/acting.py:_that_ended": "the name of whom this very session acted for until now",
    "identity/queries.py:_acting": "makes the actor: whom their authority, valid now, is over",
    "identity/queries.py:_member_of_session": "makes the actor in the first place",
    "identity/queries.py:level_of": "how surely an actor is known, by the actor's own session or contact",
    "identity/restricted.py:spoken_for": "who proved to be a member in the contact of a command; shown to nobody",
    "members/restrictions/queries.py:restrictions_touching": "decides for whoever acts or is written to; shows nothing",
    "members/restrictions/door.py:_account_of": "whose account a card is of, asked for the very member who acts",
    "members/authorities/queries.py:scopes_to_act": "decides for whoever acts; shows nothing",
    "members/authorities/queries.py:speaker_in": "who speaks, in a contact the caller has already seen",
    "members/restrictions/queries.py:that_stand": "decides with a death that is recorded; shows nothing",
    "identity/guesses/queries.py:tally_of": "a count and a moment, of an account the caller has already seen",
    "identity/guesses/queries.py:is_member_locked": "asked while signing in, when nobody is known yet",
    "identity/notices.py:_tell": "writes, and runs inside commands only (kit.commands.executing)",
    "identity/recovery/queries.py:can_be_stopped": "yes or no, for whoever has the word of the notice; shows nothing",
    "identity/signing_in/lookup.py:holder_of": "asked while signing in, when nobody is known yet; shown to nobody",
    "identity/codes/phones.py:phones_that_count": "whose number counts depends on everybody's; own ones are given",
    "identity/codes/queries.py:is_code_under_way": "yes or no, of a contact the page has already seen",
    "identity/codes/queries.py:contacts_with_a_code": "narrowed down to the member's own contacts by its caller",
    "identity/asks/queries.py:newest_ask": "what became of a question, of a contact the page has already seen",
    "identity/asks/queries.py:is_waiting_for_answer": "yes or no, of a contact the caller has already seen",
    "identity/asks/queries.py:can_be_asked": "yes or no, of a member whose contact the caller has already seen",
    "identity/asks/queries.py:approved_for": "what a member approved, of a contact the page has already seen",
    "identity/passcodes/queries.py:has_passcode": "yes or no, of a member whose contact the caller has already seen",
    "identity/exceptional/queries.py:exception_in": "how one stands, of a contact the caller has already seen",
    "identity/exceptional/queries.py:emergency_contact_on_file": "for the page of an exception the actor has in hand",
    "identity/queries.py:evidence_in": "what counts in the contact of a command or of a page already seen",
    "identity/queries.py:lasting_sessions": "narrows down other questions; shows nothing by itself",
    "contact/exceptional/finding.py:member_found": "in a command: name and fact decide, and a number is all it tells",
    "contact/exceptional/finding.py:_meant_by": "the same: whose number or reference that is, shown to nobody",
    "cards/emergency/queries.py:emergency_cards_ordered": "of cards seen in a contact visible() let through",
    "cards/reports/queries.py:view_of": "of a report that visible() let the caller through to",
    "cards/reports/queries.py:kind_of_product": "decides which rules a report is under that the caller has seen",
    "cards/reports/queries.py:phone_said_gone": "a moment, for what a code to a number is worth; shows nothing",
    "cards/reports/queries.py:_way_of": "of a report that visible() let the caller through to",
    "cards/reports/queries.py:_last4_of_new": "of a report that visible() let the caller through to",
    "cards/reports/queries.py:ways_still_to_come": "what the sweep asks the core for next; shown to nobody",
    "cards/holds/by_hand.py:close_and_order_by_hand": "part of a command, of a card its actor was let through to",
    "cards/reports/items.py:ask_about": "part of commands, of a report their actor was let through to",
    "cards/reports/items.py:look_again": "part of commands, of a report their actor was let through to",
    "cards/reports/items.py:_uses_of": "part of commands, of a report their actor was let through to",
    "cards/reports/items.py:_confirm": "part of commands, of a report their actor was let through to",
    "cards/reports/following.py:follow": "the system's own step, asked for in its name alone; shown to nobody",
    "cards/reports/telling.py:ways_we_have": "writes to the very member, inside commands only",
    "cards/strangers/finding.py:_with_point": "in a command of the system: what was typed decides; shown to nobody",
    "cards/strangers/finding.py:_called": "in a command of the system: what was typed decides; shown to nobody",
    "cards/strangers/finding.py:_cards": "in a command of the system: what was typed decides; shown to nobody",
    "cards/queries.py:cards_held_by": "of the member of an exception that stands in a contact visible() let through",
    "contact/queries.py:contact_spoken_in": "the statement itself holds the actor's own number",
    "config/signals.py:signed_in": "binds evidence to whoever has just signed in",
    "config/signals.py:sign_in_failed": "counts a wrong password where it was guessed at",
    "config/signals.py:signed_out": "closes the screens of whoever has just signed out",
    "cases/timeline.py:": "writes, and runs inside commands only (kit.commands.executing)",
    "cases/queries.py:backlog": "lines for the hub, whose endpoint let each follower in to the topic",
    "applications/queries.py:are_taken_here": "asks what the core offers, and about nobody",
    "applications/queries.py:application_of": "reference and day of birth decide together, in the core (SR-34)",
    "benefits/queries.py:benefits_of": "asks the core for the customer that member_seen_by(actor) let through",
    "members/contactdata/queries.py:change_in_doubt": "decides for whoever acts or asks for a card; shows nothing",
    "members/contactdata/queries.py:is_disputed": "decides for whoever asks for a change; shows nothing",
    "members/contactdata/queries.py:points_stay_until": "decides for whoever uses points: a moment, or none",
    "members/contactdata/queries.py:_safe_contact": "decides for whoever is about to be reached; shows nothing",
    "contactdata/people.py:system_for": "names the member for whom the system acts inside a command",
    "contactdata/queries.py:changes_of": "of a member of whom the actor sees a case, asked right before",
    "contactdata/queries.py:former_names_of_member": "of a member of whom the actor sees a case, asked right before",
    "contactdata/queries.py:notices_of": "of a member of whom the actor sees a case, asked right before",
    "contactdata/queries.py:safe_contact_of_member": "of a member of whom the actor sees a case, asked right before",
    "cards/queries.py:replacement_asked_since": "yes or no, for the command that asks for this very member",
    "cards/queries.py:waiting_holds": "of the member that member_seen_by(actor) let through",
    "cards/queries.py:cards_of": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/queries.py:cards_for_urgent_band": "asks the core for whom member_protected_by(actor) let through",
    "cards/details.py:details_of": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/details.py:devices_that_pay": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/queries.py:card_of": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/queries.py:recent_charges": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/queries.py:transactions_of": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/queries.py:transaction_of": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/queries.py:account_summary": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/statements.py:_ask": "asks the core for the customer that member_seen_by(actor) let through",
    "payments/autopay.py:set_autopay": "a command: it asks for whom member_seen_by(actor) let through",
    "payments/autopay.py:stop_autopay": "a command: it asks for whom member_seen_by(actor) let through",
    "payments/autopay.py:_autopay_of": "a command: it asks for whom member_seen_by(actor) let through",
    "payments/bank_accounts.py:add_bank_account": "a command: it asks for whom member_seen_by(actor) let through",
    "payments/bank_accounts.py:remove_bank_account": "a command: it asks for whom member_seen_by(actor) let through",
    "payments/queries.py:bill_of": "asks the core for the customer that member_seen_by(actor) let through",
    "payments/queries.py:payments_made": "asks the core for the customer that member_seen_by(actor) let through",
    "payments/queries.py:payment_of": "asks the core for the customer that member_seen_by(actor) let through",
    "payments/queries.py:autopay_of": "asks the core for the customer that member_seen_by(actor) let through",
    "payments/queries.py:bank_accounts_of": "asks the core for the customer that member_seen_by(actor) let through",
    "payments/queries.py:_recent": "asks the core for the customer that member_seen_by(actor) let through",
    "payments/queries.py:payment_time": "a question about days, which are nobody’s",
    "files/held.py:_decide": "part of commands, of a file their actor was seen to see",
    "files/held.py:take_off_the_shelf": "the worker, of a file that a supervisor deleted",
    "notify/sending/": "the worker's own steps, asked for in the system's name alone; shown to nobody",
    "notify/letters/delivery.py:_why_not_electronic": "decides for whoever is about to be written to; shows nothing",
    "notify/letters/delivery.py:address_is_bad": "yes or no, for whoever is about to be written to",
    "notify/queries.py:choices_of": "asks the core for the customer that member_told(actor) let through",
    "notify/queries.py:alerts_of": "asks the core for the customer that member_told(actor) let through",
    "notify/queries.py:_can_happen": "asks the core what it offers, of nobody",
    "notify/outgoing.py:tell": "writes, and runs inside commands only (kit.commands.executing)",
    "notify/outgoing.py:send": "writes, and runs inside commands only (kit.commands.executing)",
    "notify/queries.py:quiet_of": "hours of a member whose alerts the caller has already seen, or is sending",
    "notify/queries.py:receiver_of": "where a mail goes that the worker is about to send to that very member",
    "notify/queries.py:how_it_went": "what became of a message, for the code that had it sent",
    "notify/queries.py:messages_parked": "counts over everybody, naming nobody",
    "notify/queries.py:to_be_carried": "what the worker is about to hand over for that very member",
    "cards/declined.py:declined_lately": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/delivery/queries.py:_coming": "of a card that member_seen_by(actor) let through",
    "cards/delivery/queries.py:cards_coming": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/queries.py:card_in_place_of": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/queries.py:cards_to_renew": "asks the core for the customer that member_seen_by(actor) let through",
    "cards/subscriptions.py:_subscription": "the member whom the command was let through for",
    "cards/subscriptions.py:allow_merchant": "a command, for the member who asks",
    "flows/actions/payments.py:bills": "asks the core only what it has at all, of nobody's",
    "flows/actions/service.py:credit": "asks the core only what it has at all, of nobody's",
    "fraud/asking.py:_fall_silent": "writes, and runs inside commands only",
    "fraud/asking.py:ask_next": "writes, and runs inside commands only",
    "fraud/queries.py:count_unanswered": "counts over everybody, naming nobody",
    "fraud/queries.py:open_alerts_of": "how many wait, of the member a command was let through for",
    "fraud/texts.py:_asked_at": "by the number a signed message came from; answers only to that number",
    "fraud/texts.py:ask_another_way": "writes, and runs inside the command that ends texts",
    "cards/queries.py:asked_freezes": "of the member that member_seen_by(actor) let through",
    "cards/queries.py:_asked_for": "says of cards already seen what their own member asked for",
    "cards/queries.py:_frozen_for": "says of cards already seen whether their member may thaw them",
    "config/health.py:healthz": "whether there is one, naming nobody",
    "config/health.py:_freezes_waiting": "counts over everybody, naming nobody",
    "config/lane.py:FreezeLane": "asks the core only whether it is elsewhere",
    "issuer/distant.py:core_itself": "the door to the core for the lane, which asks about wishes of members",
    "issuer/distant.py:core_has_answered": "tells the core's own memory that it is there again",
    "selfservice/doors.py:_is_there": "asks the core what it offers, of nobody",
    "promises/queries.py:nobody_waits_in": "whether a case the command has already seen is over",
    "promises/queries.py:late": "the command line of whoever runs the machine, and the wallboard",
    "promises/queries.py:due": "the command line of whoever runs the machine, and the wallboard",
    "promises/queries.py:figures": "counts over everybody, naming nobody",
    "rewards/queries.py:check_programme": "asks what the core has at all, of nobody's",
    "rewards/queries.py:purse_of": "asks the core for the customer that member_seen_by(actor) let through",
    "rewards/queries.py:points_history": "asks the core for the customer that member_seen_by(actor) let through",
    "routing/queries.py:chats_left_alone": "what the sweep has to do; shown to nobody",
    "routing/queries.py:chat_wait_seconds": "counts over everybody, naming nobody",
    "routing/queries.py:place_in_line": "a place in line, of a contact the caller has already seen",
    "selfservice/home_page.py:line_to_call": "the actor's own row, by their own number",
    "selfservice/plan_page.py:_Maker": "the actor's own row, by their own number",
    "selfservice/tracking.py:track_case": "a visitor nobody knows: reference and second fact decide (SR-34)",
    "selfservice/tracking.py:_facts": "the second fact is compared with these and never shown",
    "selfservice/tracking.py:_state": "two words about a case whose reference and fact were right",
    "selfservice/account/standing.py:_Round": "asks the core for the customer that member_seen_by(actor) let through",
    "ui/own_pages.py:address_of": "asks which parts the core has, and nothing about anybody",
    "desk/case_page.py:_moved": "shown only with a contact and a case that the actor sees",
    "desk/views/contacts.py:undoing": "after the command that decides whether this actor may undo it",
}

MANAGERS = {"objects", "_default_manager", "_base_manager"}
# Besides shortcuts to rows: the door to the card core, which answers for whatever customer it is asked about.
SHORTCUTS = {
    "current_core",
    "get_object_or_404",
    "get_list_or_404",
    "aget_object_or_404",
    "aget_list_or_404",
    "get_model",
}


def member_owned() -> dict[str, type[Model]]:
    """Members, what points at them directly or by way of something else, and everything of the embedded card core."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("cardline.")]
    owned = {m for m in ours if m.__name__ == "Member" or ".issuer.embedded." in m.__module__}
    while more := {m for m in ours if m not in owned and points_at(m, owned)}:
        owned |= more
    return {m.__name__: m for m in owned}


def points_at(model: type[Model], owned: set[type[Model]]) -> bool:
    return any(field.is_relation and field.related_model in owned for field in model._meta.fields)


OWNED = member_owned()
TABLES = re.compile(r"\b(?:" + "|".join(m._meta.db_table for m in OWNED.values()) + r")\b")
SQL = re.compile(r"\b(?:SELECT|UPDATE|INSERT|DELETE)\b")


def questions(source: str, file: str) -> Iterator[tuple[str, str]]:
    """(file:function, what it does) for each place that asks for rows of members without an actor."""
    tree = ast.parse(source)
    names = imported_models(tree)
    for place, node in places(tree):
        where = f"{file}:{place}"
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (
                attribute in MANAGERS and name in names
            ):
                yield where, f"{names[name]}.{attribute}"
            case ast.Attribute(value=ast.Attribute(attr=name), attr=attribute) if (
                attribute in MANAGERS and name in OWNED
            ):
                yield where, f"{name}.{attribute}"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in SHORTCUTS:
                yield where, name
            case ast.ClassDef(bases=bases) if any(ast.unparse(base).endswith("View") for base in bases):
                yield where, "a generic view"
            case ast.Call(args=args) if any(ast.unparse(argument) == "SYSTEM" for argument in args):
                yield where, "asks in the system's name"
            case ast.Constant(value=str(text)) if SQL.search(text) and TABLES.search(text):
                yield where, "SQL"


def imported_models(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in OWNED
    }


def places(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node with the name of the outermost function or class it stands in; "" at the top of the file."""
    for node in ast.iter_child_nodes(tree):
        here = inside
        if not inside and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            here = node.name
        yield here, node
        yield from places(node, here)


def product_files() -> list[Path]:
    return [
        file
        for file in sorted(ROOT.rglob("*.py"))
        if file.name not in WRITERS | {"conftest.py"}
        and not NOT_THE_PRODUCT & set(file.relative_to(ROOT).parts)
    ]


def found() -> dict[str, set[str]]:
    asked: dict[str, set[str]] = {}
    for file in product_files():
        for where, what in questions(file.read_text(), str(file.relative_to(ROOT))):
            asked.setdefault(where, set()).add(what)
    return asked


def test_no_query_goes_round_the_actor() -> None:  # SR-20
    unexplained = {where: sorted(what) for where, what in found().items() if not reasons_for(where)}
    assert unexplained == {}, "start at visible(Model, actor), or explain it in ALLOWED"


def reasons_for(where: str) -> set[str]:
    return {known for known in ALLOWED if where == known or (known.endswith("/") and where.startswith(known))}


def test_every_exception_is_still_one() -> None:
    used = set().union(*(reasons_for(where) for where in found()))
    assert set(ALLOWED) - used == set()
    assert all(len(reason.split()) >= 4 for reason in ALLOWED.values())


def test_what_members_own_is_found_by_itself() -> None:
    assert {"Member", "Case", "Entry", "Contact", "Move", "Promise", "Escalation", "Note", "Evidence"} <= set(
        OWNED
    )
    assert {"ContactPoint", "Card", "Account", "Transaction"} <= set(OWNED)
    assert not {"Agent", "Presence", "ApiKey", "User", "OutboxItem"} & set(OWNED)


@pytest.mark.parametrize(
    "source",
    [
        "from cardline.cases.models import Case\ndef page(r): return Case.objects.get(pk=1)",
        "from cardline.cases.models import Case as C\ndef page(r): return C._default_manager.all()",
        "from cardline.cases import models\ndef page(r): return models.Entry.objects.all()",
        "from django.shortcuts import get_object_or_404 as g\nimport x\ndef page(r): return x.get_object_or_404(1)",
        "from django.apps import apps\ndef page(r): return apps.get_model('cases', 'Case')",
        "def page(c): c.execute('SELECT text FROM cases_entry WHERE id = 1')",
        "class Page(DetailView): model = 1",
        "def page(r): return visible(Case, SYSTEM).get(pk=1)",
        "def page(r): return current_core().cards(r.GET['customer'])",
        "from cardline.cases.models import Case\nclass A:\n  async def b(self): return await Case.objects.aget()",
    ],
)
def test_the_ways_round_are_seen(source: str) -> None:
    assert list(questions(source, "x.py"))
