"""Addresses of contact data, and of the link that notices carry."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.contactdata import names, not_me, views

urlpatterns = [
    path("profile/contact", views.contact, name="contact_data"),
    path("profile/contact/phone", views.phone, name="contact_phone"),
    path("profile/contact/email", views.email, name="contact_email"),
    path("profile/contact/email/<str:email_token>", views.email_link, name="contact_email_link"),
    path("profile/contact/address", views.address, name="contact_address"),
    path("profile/contact/name", names.name, name="contact_name"),
    path(
        "profile/contact/changes/<int:change_id>/cover-sheet", names.cover_sheet, name="contact_cover_sheet"
    ),
    path("profile/contact/safe", views.safe, name="contact_safe"),
    path("profile/contact/<int:point_id>/removal", views.removal, name="contact_removal"),
    path("profile/contact/<int:point_id>/preference", views.preference, name="contact_preference"),
    path("profile/contact/changes/<int:change_id>/withdrawal", views.withdrawal, name="contact_withdrawal"),
    path("not-me/sign-in/<str:sign_in_token>", not_me.not_me_sign_in, name="not_me_sign_in"),
    path("not-me/<str:notice_token>", not_me.not_me, name="not_me"),
]
