"""Addresses of the help centre and of a member's own pages."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.account.urls import urlpatterns as account
from cardline.selfservice.acting.urls import urlpatterns as acting
from cardline.selfservice.alerts.urls import urlpatterns as alerts
from cardline.selfservice.apply.urls import urlpatterns as apply
from cardline.selfservice.approve.urls import urlpatterns as approve
from cardline.selfservice.benefits.urls import urlpatterns as benefits
from cardline.selfservice.confirm.urls import urlpatterns as confirm
from cardline.selfservice.contactdata.urls import urlpatterns as contact_data
from cardline.selfservice.flows.urls import urlpatterns as flows
from cardline.selfservice.letters.urls import urlpatterns as letters
from cardline.selfservice.payments.urls import urlpatterns as payments
from cardline.selfservice.profile.urls import urlpatterns as profile
from cardline.selfservice.program.urls import urlpatterns as program
from cardline.selfservice.reports.urls import urlpatterns as reports
from cardline.selfservice.rewards.urls import urlpatterns as rewards
from cardline.selfservice.safety.urls import urlpatterns as safety
from cardline.selfservice.signing_in.urls import urlpatterns as signing_in
from cardline.selfservice.statements.urls import urlpatterns as statements
from cardline.selfservice.views import (
    cards,
    files,
    help,
    records,
    tracking,
    transactions,
    verify,
)

urlpatterns = [
    path("", help.home, name="home"),
    path("contact", help.contact_us, name="contact_us"),
    path("get-help", help.get_help, name="get_help"),
    path("get-help/<str:need_id>", help.plan, name="plan"),
    path("contacts", records.my_contacts, name="my_contacts"),
    path("contacts/<str:reference>", records.case, name="case"),
    path("contacts/<str:reference>/files", files.add, name="case_files"),
    path("files/<str:token>", files.open_own, name="file"),
    path("contacts/<str:reference>/promises/<int:n>.ics", records.promise_ics, name="promise_ics"),
    path("verify-us", verify.verify_us, name="verify_us"),
    path("track", tracking.track, name="track"),
    path("transactions", transactions.transactions, name="transactions"),
    path("transactions.csv", transactions.file, name="transactions_file"),
    path("transactions/<str:transaction>", transactions.transaction, name="transaction"),
    path(
        "transactions/<str:transaction>/recognition", transactions.recognise, name="transaction_recognition"
    ),
    *statements,
    path("cards", cards.cards, name="cards"),
    path("cards/<str:card>", cards.card, name="card"),
    path("cards/<str:card>/activation", cards.activate, name="card_activation"),
    path("cards/<str:card>/replacement", cards.replacement, name="card_replacement"),
    path("cards/<str:card>/freeze", cards.freeze, name="card_freeze"),
    path("cards/<str:card>/unfreeze", cards.unfreeze, name="card_unfreeze"),
    *flows,
    *reports,
    *payments,
    *acting,
    *confirm,
    *approve,
    *profile,
    *contact_data,
    *safety,
    *letters,
    *program,
    *apply,
    *benefits,
    *alerts,
    *rewards,
    *account,
    *signing_in,
]
