"""Addresses of a member's letters."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.letters import views

urlpatterns = [
    path("profile/paper", views.paper, name="profile_paper"),
    path("letters/<str:letter>.pdf", views.pdf, name="letter"),
]
