"""Addresses under /staff. Of the library's pages only those listed here exist: no sign-up, no e-mail, no reset."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as code
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from cardline.staff import views
from cardline.staff.gate import enrolling, staff_only

# The library's pages take more methods than browsers send: some of them delete at a DELETE.
page = require_http_methods(["GET", "POST"])

urlpatterns = [
    path("login/", page(account.login), name="account_login"),
    path("login/code/", page(code.authenticate), name="mfa_authenticate"),
    path("login/passkey/", page(passkey.login_webauthn), name="mfa_login_webauthn"),
    path("logout/", require_POST(account.logout), name="account_logout"),
    path("reauthenticate/", page(enrolling(account.reauthenticate)), name="account_reauthenticate"),
    path("reauthenticate/code/", page(staff_only(code.reauthenticate)), name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        page(staff_only(passkey.reauthenticate_webauthn)),
        name="mfa_reauthenticate_webauthn",
    ),
    path("enrol", views.enrol, name="staff_enrol"),
    path("security", views.security, name="staff_security"),
    # The library comes back to its own lists by these names; ours is one page.
    path("security", views.security, name="mfa_index"),
    path("security", views.security, name="mfa_list_webauthn"),
    path(
        "security", views.security, name="account_set_password"
    ),  # whoever signs in by passkey alone has none
    path("security/password/", page(staff_only(account.password_change)), name="account_change_password"),
    path("security/app/", page(enrolling(app.activate_totp)), name="mfa_activate_totp"),
    path(
        "security/app/removal/",
        page(staff_only(views.keeping_one(app.deactivate_totp))),
        name="mfa_deactivate_totp",
    ),
    path("security/passkeys/", page(enrolling(passkey.add_webauthn)), name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/removal/",
        page(staff_only(views.keeping_one(passkey.remove_webauthn))),
        name="mfa_remove_webauthn",
    ),
    path("security/codes/", page(staff_only(recovery.view_recovery_codes)), name="mfa_view_recovery_codes"),
    path(
        "security/codes/new/",
        page(staff_only(recovery.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path("security/sessions/end", views.everywhere_end, name="staff_everywhere_end"),
    path("security/sessions/<int:session_id>/end", views.session_end, name="staff_session_end"),
    path("people", views.people, name="staff_people"),
    path("people/<int:agent_id>", views.person, name="staff_person"),
]
