"""Addresses of a member's points."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.rewards import views

urlpatterns = [
    path("rewards", views.rewards, name="rewards"),
    path("rewards/redeem", views.redeem, name="rewards_redeem"),
    path("rewards/redeemed/<str:reference>", views.redeemed, name="rewards_redeemed"),
    path("rewards/missing", views.missing, name="rewards_missing"),
]
