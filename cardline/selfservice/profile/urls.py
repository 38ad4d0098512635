"""Addresses of a member's profile."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.profile import sign_in_views, views

urlpatterns = [
    path("profile", views.profile, name="profile"),
    path("profile/views", views.looks, name="profile_views"),
    path("profile/sign-in", sign_in_views.sign_in, name="profile_sign_in"),
    path("profile/sign-in/passkey", sign_in_views.new_passkey, name="profile_new_passkey"),
    path("profile/sign-in/passkey/begin", sign_in_views.begin, name="profile_begin_passkey"),
    path("profile/sign-in/passkeys/<int:passkey_id>/name", sign_in_views.name, name="profile_name_passkey"),
    path(
        "profile/sign-in/passkeys/<int:passkey_id>/removal",
        sign_in_views.remove,
        name="profile_remove_passkey",
    ),
    path("profile/sign-in/offer/end", sign_in_views.offer_close, name="profile_close_offer"),
    path("profile/sign-in/password", sign_in_views.password, name="profile_password"),
    path("profile/sign-in/password/removal", sign_in_views.password_remove, name="profile_remove_password"),
    path("profile/sign-in/recovery/stop", sign_in_views.recovery_stop, name="profile_stop_recovery"),
    path("profile/devices/others/end", views.other_devices_end, name="profile_other_devices_end"),
    path("profile/devices/<int:device_id>/end", views.device_end, name="profile_device_end"),
]
