"""Addresses of what cards include."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.benefits import views

urlpatterns = [
    path("benefits", views.benefits, name="benefits"),
    path("benefits/<str:benefit>", views.benefit, name="benefit"),
]
