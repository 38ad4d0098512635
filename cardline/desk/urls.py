"""The desk's addresses. A verb is a noun with an address of its own: taking a chat is POST …/assignment (STYLE 4)."""

from __future__ import annotations

from django.urls import path

from cardline.desk.views import (
    calls,
    cards,
    case,
    contacts,
    floor,
    floor_views,
    inbox,
    looking,
    presence,
    promises,
    restrictions,
)

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
    path("desk/cases/<str:ref>/call", calls.begin, name="desk_call"),
    path("desk/cases/<str:ref>/call/end", calls.end, name="desk_call_end"),
    path("desk/cases/<str:ref>/closing", case.closing, name="desk_closing"),
    path("desk/cases/<str:ref>/reason", looking.reason, name="desk_reason"),
    path("desk/contacts/<int:contact_id>/assignment", contacts.assignment, name="desk_assignment"),
    path("desk/contacts/<int:contact_id>/takeover", contacts.takeover, name="desk_takeover"),
    path("desk/contacts/<int:contact_id>/return", contacts.give_back, name="desk_return"),
    path("desk/contacts/<int:contact_id>/summary", contacts.summary, name="desk_summary"),
    path("desk/contacts/<int:contact_id>/end", contacts.end, name="desk_end"),
    path("desk/contacts/<int:contact_id>/attachment", contacts.attachment, name="desk_attachment"),
    path("desk/contacts/<int:contact_id>/cards/<str:card>/freeze", cards.freeze, name="desk_freeze"),
    path("desk/contacts/<int:contact_id>/cards/<str:card>/unfreeze", cards.unfreeze, name="desk_unfreeze"),
    path("desk/members/<int:member_id>/restrictions", restrictions.restrictions, name="desk_restrictions"),
    path(
        "desk/members/<int:member_id>/restrictions/<int:restriction_id>/lifting",
        restrictions.lifting,
        name="desk_lifting",
    ),
    path("desk/moves/<int:move_id>/undo", contacts.undoing, name="desk_undo"),
    path("desk/promises", promises.promises, name="desk_promises"),
    path("desk/promises/<int:promise_id>/fulfilment", promises.fulfilment, name="desk_fulfilment"),
    path("desk/promises/<int:promise_id>/owner", promises.ownership, name="desk_ownership"),
    path("desk/promises/<int:promise_id>/replacement", promises.replacement, name="desk_replacement"),
    path("desk/promises/<int:promise_id>/release", promises.release, name="desk_release"),
    path("floor", floor.floor, name="floor"),
    path("floor/now", floor.now, name="floor_now"),
    path("floor/views", floor_views.views, name="floor_views"),
    path("floor/views.csv", floor_views.file, name="floor_views_file"),
    path("floor/views/alarms/<int:alarm_id>", floor_views.settlement, name="floor_alarm"),
    path("floor/views/homes", floor_views.home, name="floor_homes"),
    path("floor/views/watched", floor_views.watched, name="floor_watched"),
]
