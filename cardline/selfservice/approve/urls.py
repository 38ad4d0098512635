"""Addresses of what colleagues ask on the member's own page."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.approve import views

urlpatterns = [
    path("approve", views.approve, name="approve"),
    path("approve/now", views.now, name="approve_now"),
    path("approve/<int:ask_id>", views.answer, name="approve_answer"),
    path("approve/<int:ask_id>/passcode", views.passcode, name="approve_passcode"),
    path("approve/codes/<int:contact_id>", views.code, name="approve_code"),
]
