"""Who signs in, as allauth checks it; who is signed in, in one statement of ours at every request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from cardline.identity.guesses.queries import is_member_locked
from cardline.identity.models import User
from cardline.kit import sql

_USER = "SELECT id, password, username, is_active FROM identity_user WHERE id = %s"


class SignInBackend(AuthenticationBackend):
    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """While an account is locked to guessing its right password is a wrong one, too (SR-31)."""
        user: User | None = super().authenticate(request, **credentials)
        return None if user is not None and is_member_locked(user.pk) else user

    def get_user(self, user_id: int) -> User | None:
        user = sql.instance(User, ["id", "password", "username", "is_active"], _USER, [user_id])
        return user if user is not None and self.user_can_authenticate(user) else None
