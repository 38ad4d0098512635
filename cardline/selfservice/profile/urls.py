"""Addresses of a member's profile."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.profile import views

urlpatterns = [
    path("profile", views.profile, name="profile"),
    path("profile/views", views.looks, name="profile_views"),
    path("profile/devices/others/end", views.other_devices_end, name="profile_other_devices_end"),
    path("profile/devices/<int:device_id>/end", views.device_end, name="profile_device_end"),
]
