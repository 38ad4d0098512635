"""Addresses of a member's alerts."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.alerts import views

urlpatterns = [path("alerts", views.alerts, name="alerts")]
