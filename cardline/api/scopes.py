"""What a key may be allowed to do. A scope is a thing and what is done with it."""

from __future__ import annotations

SCOPES = {
    "plan:read": "from words or a need to a plan",
    "contacts:read": "a contact: state, channel, agent, summary",
    "contacts:write": "start a chat or leave a message, for a member",
    "cases:read": "cases and their timelines",
    "cases:write": "changes to a case as a whole",
    "messages:read": "what was said",
    "messages:write": "say something in a member's contact",
    "promises:read": "what was promised, and what became of it",
    "promises:write": "make a promise, and record that it is done",
    "letters:read": "which letters a case has, and where each is",
    "fraud_alerts:read": "what a member said of a charge this key told of",
    "fraud_alerts:write": "stop a card and have its member asked about a charge",
}


def unknown_scopes(wanted: list[str]) -> list[str]:
    return [scope for scope in wanted if scope not in SCOPES]
