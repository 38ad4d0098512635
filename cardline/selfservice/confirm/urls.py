"""Addresses of the page that confirms."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.confirm import views

urlpatterns = [
    path("confirm", views.confirm, name="confirm"),
    path("confirm/code", views.code, name="confirm_code"),
    path("confirm/passkey", views.passkey, name="confirm_passkey"),
    path("confirm/cancel", views.cancel, name="confirm_cancel"),
]
