"""The desk's addresses. A verb is a noun with an address of its own: taking a chat is POST …/assignment (STYLE 4)."""

from __future__ import annotations

from django.urls import path

from cardline.desk.views import cards, case, contacts, floor, inbox, presence, promises, proofs

urlpatterns = [
    path("desk", inbox.desk, name="desk"),
    path("desk/items", inbox.items, name="desk_items"),
    path("desk/find", inbox.find, name="desk_find"),
    path("desk/presence", presence.presence, name="desk_presence"),
    path("desk/colleagues", presence.colleagues, name="desk_colleagues"),
    path("desk/outcomes", case.outcomes, name="desk_outcomes"),
    path("desk/cases/<str:ref>", case.case, name="desk_case"),
    path("desk/cases/<str:ref>/lines", case.lines, name="desk_lines"),
    path("desk/cases/<str:ref>/notes", case.notes, name="desk_notes"),
    path("desk/cases/<str:ref>/messages", case.messages, name="desk_messages"),
    path("desk/cases/<str:ref>/promises", case.promises, name="desk_case_promises"),
    path("desk/cases/<str:ref>/closing", case.closing, name="desk_closing"),
    path("desk/contacts/<int:contact_id>/assignment", contacts.assignment, name="desk_assignment"),
    path("desk/contacts/<int:contact_id>/takeover", contacts.takeover, name="desk_takeover"),
    path("desk/contacts/<int:contact_id>/return", contacts.give_back, name="desk_return"),
    path("desk/contacts/<int:contact_id>/summary", contacts.summary, name="desk_summary"),
    path("desk/contacts/<int:contact_id>/end", contacts.end, name="desk_end"),
    path("desk/contacts/<int:contact_id>/attachment", contacts.attachment, name="desk_attachment"),
    path("desk/contacts/<int:contact_id>/cards/<str:card>/freeze", cards.freeze, name="desk_freeze"),
    path("desk/contacts/<int:contact_id>/cards/<str:card>/unfreeze", cards.unfreeze, name="desk_unfreeze"),
    path("desk/contacts/<int:contact_id>/code", proofs.code, name="desk_code"),
    path("desk/contacts/<int:contact_id>/code/entry", proofs.code_entry, name="desk_code_entry"),
    path("desk/contacts/<int:contact_id>/call-back", proofs.call_back, name="desk_call_back"),
    path("desk/contacts/<int:contact_id>/facts", proofs.facts, name="desk_facts"),
    path("desk/moves/<int:move_id>/undo", contacts.undoing, name="desk_undo"),
    path("desk/promises", promises.promises, name="desk_promises"),
    path("desk/promises/<int:promise_id>/fulfilment", promises.fulfilment, name="desk_fulfilment"),
    path("desk/promises/<int:promise_id>/owner", promises.ownership, name="desk_ownership"),
    path("desk/promises/<int:promise_id>/replacement", promises.replacement, name="desk_replacement"),
    path("desk/promises/<int:promise_id>/release", promises.release, name="desk_release"),
    path("floor", floor.floor, name="floor"),
    path("floor/now", floor.now, name="floor_now"),
]
