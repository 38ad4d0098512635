"""Addresses of signing in."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.signing_in import recovery_views, views
from cardline.selfservice.views import session, sign_in

urlpatterns = [
    path("sign-in", session.sign_in, name="sign_in"),
    path("sign-in/passkey", views.passkey, name="sign_in_passkey"),
    path("sign-in/code", views.code, name="sign_in_code"),
    path("sign-in/code/entry", views.entry, name="sign_in_entry"),
    path("sign-in/password", views.password, name="sign_in_password"),
    path("sign-in/issuer", sign_in.to_issuer, name="sign_in_issuer"),
    path("sign-in/issuer/back", sign_in.from_issuer, name="sign_in_back"),
    path("sign-in/recovery", recovery_views.recovery, name="recovery"),
    path("sign-in/recovery/entry", recovery_views.entry, name="recovery_entry"),
    path("sign-in/stop/<str:word>", recovery_views.stop, name="recovery_stop"),
    path("sign-out", session.sign_out, name="sign_out"),
]
