"""The address of a member's first page."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.account import views

urlpatterns = [path("home", views.home, name="account_home")]
