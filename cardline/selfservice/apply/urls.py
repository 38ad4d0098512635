"""Addresses of applying for a card, one a question, and of looking an application up."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.apply import status, views

urlpatterns = [
    path("apply", views.choose, name="apply"),
    path("apply/receipt", views.receipt, name="application_receipt"),
    path("apply/status", status.application, name="application"),
    path("apply/status.ics", status.calendar, name="application_calendar"),
    path("apply/<str:product>/<str:step>", views.step, name="apply_step"),
]
