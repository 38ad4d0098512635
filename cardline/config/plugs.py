"""Which implementation is plugged in where: the one place that knows every app."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from cardline.audit.log import AuditLog
from cardline.cases.visibility import CaseSight
from cardline.config.codes import OutgoingCodes
from cardline.config.core import card_core
from cardline.config.gone_phones import WithGonePhones
from cardline.config.number_changes import changes_from
from cardline.demo.texts import DemoTexts
from cardline.files.queries import FilePapers
from cardline.identity.authority import IdentityAuthority
from cardline.issuer.core import use_core
from cardline.kit import plugs

# Modules that declare something when they are imported: who sees which rows, who carries out which outside work.
_DECLARING = (
    "cardline.audit.visibility",
    "cardline.members.visibility",
    "cardline.identity.visibility",
    "cardline.trust.visibility",
    "cardline.cases.visibility",
    "cardline.files.visibility",
    "cardline.contact.visibility",
    "cardline.promises.visibility",
    "cardline.cards.visibility",
    "cardline.payments.visibility",
    "cardline.fraud.visibility",
    "cardline.flows.visibility",
    "cardline.flows.library",
    "cardline.flows.reactions",
    "cardline.desk.visibility",
    "cardline.applications.reactions",
    "cardline.cards.reports.reactions",
    "cardline.cards.delivery.reactions",
    "cardline.contact.reactions",
    "cardline.desk.reactions",
    "cardline.notify.visibility",
    "cardline.promises.reactions",
    "cardline.promises.letters.reactions",
    "cardline.routing.reactions",
    "cardline.notify.reactions",
    "cardline.notify.mail",
    "cardline.notify.sending.carrier",
    "cardline.notify.sending.receipts",
    "cardline.notify.inbound",
    "cardline.fraud.reactions",
    "cardline.fraud.texts",
    "cardline.files.held",
    "cardline.kit.worker",
    "cardline.identity.signing_in.commands",
    "cardline.contactdata.protecting.freezing",
)


def plug_in() -> None:
    """Fill kit's plugs and let apps declare what they declare. Safe to call twice."""
    plugs.authority = IdentityAuthority()
    plugs.audit = AuditLog()
    plugs.sight = CaseSight()
    plugs.papers = FilePapers()
    plugs.codes = DemoTexts() if settings.CARDLINE_DEMO else OutgoingCodes()
    carrier = changes_from(settings.CARDLINE_NUMBER_CHANGES) or plugs.NothingKnown()
    plugs.numbers = WithGonePhones(carrier)
    use_core(card_core())
    for module in _DECLARING:
        import_module(module)
