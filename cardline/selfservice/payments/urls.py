"""Addresses of paying the bill."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.payments import views

urlpatterns = [
    path("payments", views.payments, name="payments"),
    path("payments/review", views.review, name="payment_review"),
    path("payments/accounts", views.bank_accounts, name="bank_accounts"),
    path("payments/accounts/<str:source>/removal", views.removal, name="bank_account_removal"),
    path("payments/<str:payment>", views.payment, name="payment"),
    path("payments/<str:payment>/cancellation", views.cancellation, name="payment_cancellation"),
    path("autopay", views.autopay, name="autopay"),
    path("autopay/stop", views.autopay_stop, name="autopay_stop"),
]
