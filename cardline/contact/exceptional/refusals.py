"""Why an exceptional verification goes no further, and what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cardline.kit.refusals import Malformed, NotPermitted, Refusal


class NotOfferedHere(Refusal):
    code = "no_exceptions"
    sentence = _("This issuer verifies nobody this way. Call back a number on file instead.")


class NotNeeded(Refusal):
    code = "verified_already"
    sentence = _("They are verified already, so no exception is needed.")


class ReasonMissing(Malformed):
    code = "reason_missing"
    sentence = _("Say why, in at most 400 characters.")


class NoEmergencyContact(Refusal):
    code = "no_emergency_contact"
    sentence = _("No emergency contact has been on file for 30 days. Use two other proofs.")


class NoSuchDocument(Malformed):
    code = "no_such_document"
    sentence = _("Choose a picture or PDF that was added to this case in this conversation and is checked.")


class ProofsMissing(Refusal):
    code = "proofs_missing"
    sentence = _("Two independent proofs are needed. One is missing still.")


class NotByOneself(NotPermitted):
    code = "second_person"
    sentence = _("Somebody else has to confirm it: you began it or recorded a proof. Ask another supervisor.")
