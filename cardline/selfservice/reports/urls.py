"""Addresses of reports of cards that are gone; what begins one stands in selfservice/flows."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.reports import views

urlpatterns = [
    path("lost-card/reports/<int:report_id>", views.report, name="lost_report"),
    path("lost-card/reports/<int:report_id>/not-me", views.not_me, name="lost_report_not_me"),
]
