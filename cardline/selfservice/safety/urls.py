"""The address of the page with passcode and emergency contact."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.safety import views

urlpatterns = [path("profile/safety", views.safety, name="profile_safety")]
